//! Prints what judging by a policy costs: `cargo run --release -p sekisho-domain --example
//! policy_speed`. Every preset over a sign-in and an order, and twenty rules that all concern the
//! event and of which none matches, so that all are evaluated.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement is about the clock"
)]

use std::hint::black_box;
use std::time::Instant;

use domain::event::{Place, observe, parse};
use domain::keyed::KeyedHasher;
use domain::memory::Memory;
use domain::policy::{Inputs, PRESETS, Policy};
use domain::risk::{Features, Scored};
use domain::time::Micros;

const EVENTS: [(&str, &str); 2] = [
    (
        "login",
        r#"{"event_id":"1","type":"login","status":"succeeded","occurred_at":"2026-06-03T21:04:05+09:00",
        "account":{"id":"u","registered_at":"2024-01-05T00:00:00Z"},
        "context":{"ip":"203.0.113.7","user_agent":"Mozilla/5.0","device_token":"d"},
        "credential":{"kind":"password"}}"#,
    ),
    (
        "order.placed",
        r#"{"event_id":"2","type":"order.placed","status":"attempted","occurred_at":"2026-06-03T21:04:05+09:00",
        "account":{"id":"u","registered_at":"2024-01-05T00:00:00Z"},"context":{"ip":"203.0.113.7"},
        "order":{"id":"o","amount":4800,"currency":"JPY",
        "lines":[{"sku":"B","quantity":1,"unit_amount":4800,"kind":"physical"}],
        "ship_to":{"address_id":"a","country":"JP"},
        "payment":{"kind":"credit_card","token":"p","stored":true}}}"#,
    ),
];

/// Conditions as shops write them; none holds for a quiet event.
const CONDITIONS: [&str; 5] = [
    "score >= 0.95 && event.status != 'failed'",
    "pattern in ['stuffing', 'spraying'] && !context.own",
    "account.age_days < 3 && account.failures > 5.0 && context.new_country",
    "'network.tor' in signals || signals['device.first_seen'] > 3.0 && score > 0.9",
    "infrastructure.datacentre && source.accounts_1m > 30 || 'vip' in lists",
];

fn main() {
    let rules: String = (0..20)
        .zip(CONDITIONS.iter().cycle())
        .map(|(place, when)| {
            format!("[[rule]]\nname = \"r{place}\"\nwhen = \"{when}\"\nverdict = \"deny\"\n")
        })
        .collect::<Vec<_>>()
        .concat();
    let twenty = Policy::compile(&format!("name = \"twenty\"\ndefault = \"allow\"\n{rules}"));
    let mut policies = vec![twenty.unwrap()];
    policies.extend(PRESETS.iter().map(|name| Policy::preset(name).unwrap()));
    for (kind, json) in EVENTS {
        for policy in &policies {
            let nanoseconds = measure(policy, json);
            let (name, rules) = (policy.name(), policy.len());
            println!("{kind:<14} {name:<22} {rules:>3} rules  {nanoseconds:>7.0} ns an event");
        }
    }
}

/// Nanoseconds an event, the median of nine rounds.
fn measure(policy: &Policy, json: &str) -> f64 {
    const ROUND: u32 = 200_000;
    let event = parse(json.as_bytes(), Micros(1_900_000_000_000_000)).unwrap();
    let hasher = KeyedHasher::new([1; 32]);
    let observation = observe(&event, event.occurred_at, Place::default(), &hasher);
    let memory = Memory::default();
    let known = memory.known(&observation);
    let features = Features::read(&observation, &known);
    let scored = Scored { score: 0.01, ..Scored::default() };
    let inputs =
        Inputs { observation: &observation, known: &known, features: &features, scored: &scored };
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..ROUND {
                black_box(policy.rule(black_box(&inputs)));
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUND)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or(f64::NAN)
}
