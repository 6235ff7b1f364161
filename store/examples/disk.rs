//! Prints what events cost on disk and how fast they are committed.
//!
//! `cargo run --release -p sekisho-store --example disk -- EVENTS ACCOUNTS [BATCH] [URL]`
//! writes sign-ins and orders of a shop in batches, as the judge does, with everything that goes
//! with them (keys, saved profiles and shards), and prints bytes per event. Without a URL it
//! writes a SQLite file into a temporary folder.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    reason = "a command for people who measure"
)]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::decision::{Assessment, Fact, FactName, Familiarity, Mode, Reason};
use domain::event::{EventType, LineKind, PaymentKind, Status};
use domain::keyed::{AccountKey, EventKey, Field, KeyedHasher};
use domain::memory::Memory;
use domain::observation::{
    Agent, Contact, Country, Line, Listed, Observation, Order, Origin, Payment,
};
use domain::time::{Micros, SECOND};
use store::{
    Batch, Checkpoint, CheckpointLimits, DatabaseOptions, DecisionId, MasterKey, NewRecord,
    Payload, Store,
};

/// 2026-06-03T12:00:00Z.
const NOON: i64 = 1_780_488_000_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |said| said.parse());
    let (events, accounts, batch_size) = (number(100_000)?, number(10_000)?, number(256)?);
    let folder = tempfile::tempdir()?;
    let url = arguments
        .next()
        .unwrap_or_else(|| format!("sqlite://{}/sekisho.db", folder.path().display()));
    let store = Store::open(&DatabaseOptions::new(url), &MasterKey::random()?).await?;
    let shop = Shop { hasher: store.hasher()?, accounts };
    let begun = Instant::now();
    let committing = write(&store, &shop, events, batch_size).await?;
    report(&store, events, begun.elapsed(), committing).await?;
    let begun = Instant::now();
    let mut memory = Memory::default();
    let mut checkpoint = Checkpoint::new(CheckpointLimits::default());
    let tail = store.counts().await?.tail;
    store.recover(&mut memory, &mut checkpoint).await?;
    println!("recovered a tail of {tail} records in {:.3} s", begun.elapsed().as_secs_f64());
    Ok(())
}

async fn write(
    store: &Store,
    shop: &Shop,
    events: u64,
    batch_size: u64,
) -> Result<Duration, Box<dyn Error>> {
    let mut memory = Memory::default();
    let mut checkpoint = Checkpoint::new(CheckpointLimits::default());
    let mut head = store.recover(&mut memory, &mut checkpoint).await?;
    let mut committing = Duration::ZERO;
    while head.position < events {
        let last = (head.position + batch_size).min(events);
        let mut batch = Batch::default();
        for position in head.position + 1..=last {
            let record = shop.record(position);
            if let Payload::Event { observation, assessment, .. } = &record.payload {
                memory.remember(position, observation, assessment);
                checkpoint.touched(position, observation.account);
            }
            batch.records.push(record);
        }
        checkpoint.fill(&mut batch, &memory);
        let begun = Instant::now();
        head = store.commit(&head, batch).await?;
        committing += begun.elapsed();
        checkpoint.committed(head.position);
    }
    Ok(committing)
}

async fn report(
    store: &Store,
    events: u64,
    whole: Duration,
    committing: Duration,
) -> Result<(), Box<dyn Error>> {
    let bytes = store.counts().await?.database_bytes;
    println!("{} bytes for {events} events: {} bytes an event", bytes, bytes / events.max(1));
    println!(
        "{:.0} events/s committed ({:.1} s of {:.1} s)",
        events as f64 / committing.as_secs_f64(),
        committing.as_secs_f64(),
        whole.as_secs_f64()
    );
    Ok(())
}

/// A shop whose customers sign in (six of ten events), order (two) and do other things.
struct Shop {
    hasher: KeyedHasher,
    accounts: u64,
}

const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.55 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; SO-53C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.7339.207 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
];

impl Shop {
    fn record(&self, position: u64) -> NewRecord {
        let dice = mix(position);
        let number = dice % self.accounts;
        let order = dice / self.accounts % 10 >= 8;
        let observation = Arc::new(self.observation(position, number, order));
        let (minute, second) = (position / 60 % 60, position % 60);
        let name = format!("u-{number}");
        let of_account = mix(number);
        let rest = if order {
            format!(
                r#""order":{{"id":"o-{position}","amount":{},"currency":"JPY","lines":[{{"sku":"B0{:08X}","title":"Goods {}","category":"home","quantity":1,"unit_amount":{},"kind":"physical","seller_id":"sel-{}"}}],"ship_to":{{"address_id":"adr-{number}","country":"JP","region":"13","postcode":"1{:02}-00{:02}","name_matches_account":true}},"payment":{{"kind":"credit_card","token":"pm_{:016x}","fingerprint":"fp_{:016x}","stored":true,"last4":"{:04}"}}}}"#,
                dice % 90_000,
                dice as u32,
                dice % 977,
                dice % 90_000,
                dice % 41,
                dice % 90,
                dice % 80,
                of_account,
                mix(of_account),
                dice % 10_000
            )
        } else {
            format!(
                r#""credential":{{"kind":"password","secret_hash":"{:016x}{:016x}"}}"#,
                mix(number + 5),
                mix(number + 6)
            )
        };
        let body = format!(
            r#"{{"event_id":"{:016x}{:016x}","type":"{}","status":"succeeded","occurred_at":"2026-06-03T21:{minute:02}:{second:02}.{:03}+09:00","account":{{"id":"{name}","email":"customer{number}@example.jp","phone":"+8190{:08}","registered_at":"2024-01-05T00:00:00Z"}},"session":{{"id":"s-{:016x}"}},"context":{{"ip":"126.{}.{}.{}","user_agent":"{}","device_token":"dvt_{:016x}{:016x}","ja4":"t13d1516h2_8daaf6152771_{:012x}","accept_language":"ja,en-US;q=0.9"}},{rest}}}"#,
            dice,
            mix(dice),
            if order { "order.placed" } else { "login" },
            dice % 1000,
            of_account % 100_000_000,
            mix(dice / 3),
            of_account % 256,
            dice % 256,
            dice % 199,
            AGENTS.get((of_account % 4) as usize).unwrap_or(&""),
            of_account,
            mix(of_account + 1),
            of_account % (1 << 47)
        );
        NewRecord {
            position,
            received_at: observation.received_at,
            body: body.into_bytes(),
            account_name: Some(name),
            outbox: Vec::new(),
            payload: Payload::Event {
                decision: DecisionId::of(position, observation.received_at),
                asked: true,
                mode: Mode::Enforce,
                content: mix(dice + 1),
                assessment: Arc::new(judged(dice)),
                observation,
                policy: 1,
            },
        }
    }

    fn observation(&self, position: u64, number: u64, order: bool) -> Observation {
        let at = Micros(NOON + position.cast_signed() * SECOND / 7);
        let hash = |field, value: u64| Some(self.hasher.short(field, &value.to_be_bytes()));
        let dice = mix(position);
        let event = self.hasher.wide(Field::Event, &position.to_be_bytes());
        let account = self.hasher.wide(Field::Account, &number.to_be_bytes());
        Observation {
            event: EventKey(event),
            account: Some(AccountKey(account)),
            kind: if order { EventType::OrderPlaced } else { EventType::Login },
            status: Status::Succeeded,
            occurred_at: Micros(at.0 - 213_456),
            received_at: at,
            registered_at: Some(Micros(NOON - 86_400 * SECOND)),
            seller: false,
            session: hash(Field::Session, dice / 3),
            origin: Origin {
                ip: hash(Field::Ip, number * 3 + dice % 3),
                network: hash(Field::Network, number),
                asn: Some((2_000 + number % 60_000) as u32),
                country: Some(Country(*b"JP")),
                private: false,
                datacentre: Listed::No,
                vpn: Listed::No,
                tor: Listed::No,
                bad: Listed::No,
            },
            agent: Agent {
                text: hash(Field::UserAgent, number % 997),
                browser: hash(Field::Browser, number % 31),
                system: hash(Field::System, number % 17),
                ja4: hash(Field::Ja4, number % 101),
                language: Some(*b"ja"),
                ..Agent::default()
            },
            device: hash(Field::Device, number),
            credential: None,
            change: None,
            contact: Contact {
                email: hash(Field::Email, number),
                phone: hash(Field::Phone, number),
                disposable: Listed::No,
            },
            order: order.then(|| Box::new(order_of(&hash, dice, number))),
            payment: order.then(|| Payment {
                kind: PaymentKind::CreditCard,
                card: hash(Field::Card, number),
                stored: Some(true),
                three_ds: None,
                declined: false,
                amount: None,
            }),
            lists: [].into_iter().collect(),
            labels: [].into_iter().collect(),
        }
    }
}

fn order_of(hash: &impl Fn(Field, u64) -> Option<u64>, dice: u64, number: u64) -> Order {
    let line = Line {
        sku: hash(Field::Sku, dice),
        category: hash(Field::Category, dice % 50),
        words: [dice as u32, (dice >> 32) as u32].into_iter().collect(),
        seller: hash(Field::Seller, dice % 41),
        quantity: 1,
        unit_amount: (dice % 90_000).cast_signed(),
        kind: LineKind::Physical,
    };
    Order {
        id: dice,
        amount: line.unit_amount,
        currency: *b"JPY",
        lines: vec![line],
        lines_total: 1,
        quantity: 1,
        address: hash(Field::Address, number),
        ship_country: Some(Country(*b"JP")),
        destination: None,
        name_matches: Some(true),
    }
}

fn judged(dice: u64) -> Assessment {
    let reason = |signal: u16| Reason {
        signal,
        nats: (dice % 300) as f32 / 100.0,
        facts: [(FactName::Count, Fact::Int((dice % 9).cast_signed()))].into_iter().collect(),
    };
    Assessment {
        score: (dice % 1_000_000) as f64 / 1e6,
        reasons: [reason(3), reason(11)].into_iter().collect(),
        familiarity: Some(Familiarity { freeman: 0.01, mended: 0.02 }),
        ..Assessment::default()
    }
}

/// Spreads the bits of `number` (splitmix64).
const fn mix(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
