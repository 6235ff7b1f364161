//! What it costs to read and to observe an event: the best of many short runs, so that a busy
//! machine does not count. `cargo run --release -p sekisho-domain --example event_speed`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement of events of its own making"
)]

use std::hint::black_box;
use std::time::Instant;

use domain::event::{Place, observe, parse};
use domain::keyed::{Field, KeyedHasher};
use domain::time::Micros;

const NOW: Micros = Micros(1_780_488_250_000_000);
const AGENT: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                     Gecko) Chrome/126.0.0.0 Safari/537.36";
const RUNS: usize = 300;
const CALLS: u32 = 200;

fn tell(name: &str, mut call: impl FnMut()) {
    let mut best = f64::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        for _ in 0..CALLS {
            call();
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
    }
    println!("{name:<16} {best:>7.0} ns");
}

fn main() {
    let login = format!(
        r#"{{"event_id":"8f2c","type":"login","status":"succeeded","occurred_at":"2026-06-03T21:04:05+09:00","account":{{"id":"u-1001","email":"a@example.jp","phone":"+819012345678","registered_at":"2024-01-05T00:00:00Z"}},"session":{{"id":"s-77"}},"context":{{"ip":"203.0.113.7","user_agent":"{AGENT}","device_token":"dvt_0123456789","ja4":"t13d1516h2_8daaf6152771_02713d6af862","accept_language":"ja"}},"credential":{{"kind":"password","secret_hash":"0123456789abcdef"}}}}"#
    );
    let line = r#"{"sku":"B00","title":"WHITE HANGING HEART T-LIGHT HOLDER","category":"home","quantity":1,"unit_amount":4200,"kind":"physical","seller_id":"sel-3"}"#;
    let order = format!(
        r#"{{"event_id":"8f","type":"order.placed","status":"attempted","occurred_at":"2026-06-03T21:04:05+09:00","account":{{"id":"u-1001"}},"context":{{"ip":"203.0.113.7"}},"order":{{"id":"o-9","amount":21000,"currency":"JPY","lines":[{}],"ship_to":{{"address_id":"adr-5","country":"JP"}},"payment":{{"kind":"credit_card","fingerprint":"fp_1","stored":true}}}}}}"#,
        [line; 5].join(",")
    );
    let hasher = KeyedHasher::new([1; 32]);
    for (name, json) in [("login", &login), ("order, 5 lines", &order)] {
        println!("{name}: {} bytes", json.len());
        tell("  parse", || drop(black_box(parse(black_box(json.as_bytes()), NOW).unwrap())));
        let event = parse(json.as_bytes(), NOW).unwrap();
        tell("  observe", || {
            black_box(observe(black_box(&event), NOW, Place::default(), &hasher));
        });
    }
    tell("user agent", || drop(black_box(domain::agent::read(black_box(AGENT)))));
    let long = "Mozilla/5.0 (".repeat(8_000);
    tell("  100,000 chars", || drop(black_box(domain::agent::read(black_box(&long)))));
    tell("one hash", || {
        black_box(hasher.short(Field::Sku, black_box(b"abcdefgh")));
    });
}
