//! Takeovers of our own planting in the clean order histories, by other schemes and seeds than
//! those of the shared simulation: what is found must not hang on one way of simulating.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{EventType, Status};
use domain::keyed::AccountKey;
use domain::observation::Observation;
use domain::time::{DAY, HOUR, Micros};

use crate::orders::{HISTORY_MIN, Judged, Scores, draw, judge, observations};

/// One way of shopping with another's account.
struct Scheme {
    name: &'static str,
    /// Orders of a stranger, within so many hours.
    orders: usize,
    hours: i64,
    /// Only from 8 to 18 o'clock, as this shop's customers do.
    by_day: bool,
    takeovers: usize,
    seed: u64,
    /// Recall at one per cent of honest orders challenged that must be held.
    floor: f64,
}

#[test]
fn takeovers_planted_by_other_schemes_are_found_too() {
    let Some(clean) = observations("orders/uci-2010-12_2011-06.ndjson.gz") else { return };
    let scheme = Scheme {
        name: "four orders in 48 h",
        orders: 4,
        hours: 48,
        by_day: false,
        takeovers: 65,
        seed: 1,
        floor: 0.65,
    };
    let schemes = [
        Scheme { seed: 2, ..scheme },
        Scheme { name: "four orders in 48 h, by day", by_day: true, seed: 3, floor: 0.5, ..scheme },
        Scheme { name: "six orders in 24 h", orders: 6, hours: 24, seed: 4, ..scheme },
        Scheme {
            name: "three orders in 72 h",
            orders: 3,
            hours: 72,
            seed: 5,
            floor: 0.5,
            ..scheme
        },
        Scheme {
            name: "two orders in 48 h",
            orders: 2,
            takeovers: 100,
            seed: 6,
            floor: 0.4,
            ..scheme
        },
        Scheme { name: "one order", orders: 1, takeovers: 200, seed: 7, floor: 0.3, ..scheme },
        scheme,
    ];
    for scheme in schemes {
        let (all, planted) = plant(&clean, &scheme);
        let labels = label(&all, &planted);
        let judged = judge(all.into_iter().map(|it| (it.event.0.to_string(), it)));
        let scores = Scores::new(&judged, &labels, |one: &Judged| one.score);
        scores.print(&format!("planted: {}, seed {}", scheme.name, scheme.seed));
        assert!(scores.recall(0.01) >= scheme.floor, "{}: {:.3}", scheme.name, scores.recall(0.01));
    }
}

fn is_order(observation: &Observation) -> bool {
    observation.kind == EventType::OrderPlaced && observation.status != Status::Failed
}

fn label(all: &[Observation], planted: &BTreeSet<u128>) -> BTreeMap<String, bool> {
    let mut history = BTreeMap::new();
    let mut labels = BTreeMap::new();
    for order in all.iter().filter(|it| is_order(it)) {
        let earlier: &mut u32 = history.entry(order.account).or_default();
        if *earlier >= HISTORY_MIN {
            labels.insert(order.event.0.to_string(), planted.contains(&order.event.0));
        }
        *earlier += 1;
    }
    labels
}

/// From a cut on, an account shows a stranger's later orders, and its own no more.
fn plant(clean: &[Observation], scheme: &Scheme) -> (Vec<Observation>, BTreeSet<u128>) {
    let mut by_account: BTreeMap<AccountKey, Vec<&Observation>> = BTreeMap::new();
    for order in clean.iter().filter(|it| is_order(it)) {
        by_account.entry(order.account.unwrap()).or_default().push(order);
    }
    let accounts: Vec<_> = by_account.keys().copied().collect();
    let end = clean.last().unwrap().occurred_at;
    let (mut state, mut cuts, mut foreign) = (scheme.seed, BTreeMap::new(), Vec::new());
    while cuts.len() < scheme.takeovers {
        let victim = accounts[draw(&mut state, accounts.len())];
        let own = &by_account[&victim];
        let (least, span) = (HISTORY_MIN as usize, scheme.hours * HOUR);
        if own.len() < least || cuts.contains_key(&victim) {
            continue;
        }
        let last = own[least - 1 + draw(&mut state, own.len() - least + 1)].occurred_at;
        let cut = last.plus(HOUR + within(&mut state, 20 * DAY));
        let stranger = accounts[draw(&mut state, accounts.len())];
        let later: Vec<_> =
            by_account[&stranger].iter().filter(|it| it.occurred_at > cut).copied().collect();
        if stranger == victim || later.len() < scheme.orders || cut.plus(span) > end {
            continue;
        }
        cuts.insert(victim, cut);
        for n in 0..scheme.orders {
            let order = later[(draw(&mut state, later.len()) + n) % later.len()];
            foreign.push(disguise(order, victim, time(&mut state, cut, scheme), foreign.len()));
        }
    }
    let events = foreign.iter().map(|it| it.event.0).collect();
    let kept = clean.iter().filter(|it| {
        let cut = it.account.and_then(|account| cuts.get(&account));
        cut.is_none_or(|cut| it.occurred_at <= *cut)
    });
    let mut all: Vec<_> = kept.cloned().chain(foreign).collect();
    all.sort_by_key(|it| (it.occurred_at, it.event));
    (all, events)
}

/// A time after the cut.
fn time(state: &mut u64, cut: Micros, scheme: &Scheme) -> Micros {
    loop {
        let time = cut.plus(within(state, scheme.hours * HOUR));
        let hour = time.0.rem_euclid(DAY) / HOUR;
        if !scheme.by_day || (8..18).contains(&hour) {
            return time;
        }
    }
}

/// A draw of less than `span`.
fn within(state: &mut u64, span: i64) -> i64 {
    i64::try_from(draw(state, usize::try_from(span).unwrap())).unwrap()
}

/// The stranger's order under the victim's account.
fn disguise(order: &Observation, victim: AccountKey, at: Micros, n: usize) -> Observation {
    let mut it = order.clone();
    it.account = Some(victim);
    it.occurred_at = at;
    it.received_at = at;
    it.event.0 ^= n as u128 + 1;
    it.order.as_mut().unwrap().id ^= n as u64 + 1;
    it
}
