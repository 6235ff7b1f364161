//! Prints what one judgement costs on warm state: `cargo run --release -p sekisho-domain --example
//! assess`. `cold` walks all accounts, `warm` comes back to the same two hundred. Sign-ins of 20,000 accounts with a dozen sign-ins each, one in fifty of them a failure.

use std::time::Instant;

use domain::event::{EventType, Status};
use domain::keyed::{AccountKey, EventKey, Field, KeyedHasher};
use domain::memory::Memory;
use domain::observation::{Agent, Contact, Country, DeviceClass, Observation, Origin};
use domain::policy::Policy;
use domain::risk;
use domain::time::{DAY, Micros, SECOND};

const ACCOUNTS: u64 = 20_000;
const ROUNDS: u64 = 12;

fn main() {
    let hasher = KeyedHasher::new([5; 32]);
    let policy = Policy::default();
    let mut memory = Memory::default();
    let mut position = 0;
    let mut elapsed = Vec::new();
    for round in 0..=ROUNDS {
        for account in 0..ACCOUNTS {
            let observation = sign_in(&hasher, account, round);
            let known = memory.known(&observation);
            let start = now();
            let assessment = std::hint::black_box(risk::assess(&observation, &known, &policy));
            if round == ROUNDS {
                elapsed.push(start.elapsed().as_nanos());
            }
            position += 1;
            memory.remember(position, &observation, &assessment);
        }
    }
    report("cold", &mut elapsed);
    let mut elapsed = Vec::new();
    for account in (0..200).cycle().take(40_000) {
        let observation = sign_in(&hasher, account, ROUNDS + 1);
        let known = memory.known(&observation);
        let start = now();
        std::hint::black_box(risk::assess(&observation, &known, &policy));
        elapsed.push(start.elapsed().as_nanos());
    }
    report("warm", &mut elapsed);
}

fn report(state: &str, elapsed: &mut [u128]) {
    elapsed.sort_unstable();
    let at = |share: usize| elapsed.get(elapsed.len() * share / 100).copied().unwrap_or(0);
    println!("assess, {state}: median {} ns, p90 {} ns, p99 {} ns", at(50), at(90), at(99));
}

#[expect(clippy::disallowed_methods, reason = "an example that measures")]
fn now() -> Instant {
    Instant::now()
}

fn sign_in(hasher: &KeyedHasher, account: u64, round: u64) -> Observation {
    let hash = |text: String| hasher.short(Field::Other, text.as_bytes());
    let status =
        if (account + round).is_multiple_of(50) { Status::Failed } else { Status::Succeeded };
    let seconds = i64::try_from(round * 86_400 + account * 4).unwrap_or(0);
    let at = Micros(1_700_000_000 * SECOND + seconds * SECOND % (400 * DAY));
    let place = (account + round) % 3;
    Observation {
        event: EventKey(u128::from(account * 100 + round)),
        account: Some(AccountKey(u128::from(hash(format!("account {account}"))))),
        kind: EventType::Login,
        status,
        occurred_at: at,
        received_at: at,
        registered_at: None,
        seller: false,
        session: None,
        origin: Origin {
            ip: Some(hash(format!("ip {account} {place}"))),
            network: Some(hash(format!("network {account} {place}"))),
            asn: Some(u32::try_from(account % 40).unwrap_or(0) + 1),
            country: Some(Country(*b"JP")),
            ..Origin::default()
        },
        agent: Agent {
            text: Some(hash(format!("text {}", account % 900))),
            browser: Some(hash(format!("browser {}", account % 90))),
            system: Some(hash(format!("system {}", account % 20))),
            class: DeviceClass::Mobile,
            ..Agent::default()
        },
        device: Some(hash(format!("device {account}"))),
        credential: None,
        change: None,
        contact: Contact::default(),
        order: None,
        payment: None,
        lists: smallvec::SmallVec::new(),
        labels: smallvec::SmallVec::new(),
    }
}
