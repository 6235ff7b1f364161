//! A small shop for tests: households with tastes of their own, and what can be ordered in it.

use domain::decision::Assessment;
use domain::event::{EventType, LineKind, PaymentKind, Status, ThreeDs};
use domain::observation::{Line, Observation, Order, Payment};
use domain::time::{DAY, HOUR};

use crate::support::{START, World, event, hash};

/// Words of the goods, by department.
const DEPARTMENTS: [[&str; 6]; 4] = [
    ["camera", "lens", "tripod", "battery", "flash", "strap"],
    ["novel", "poems", "atlas", "comic", "history", "cookbook"],
    ["rice", "miso", "tea", "noodles", "sesame", "plum"],
    ["shirt", "socks", "coat", "scarf", "gloves", "jeans"],
];

/// The nth piece of goods of a department.
pub(crate) fn goods(department: i64, n: i64) -> Line {
    let place = |n: i64| usize::try_from(n.rem_euclid(6)).unwrap();
    let words = DEPARTMENTS[usize::try_from(department.rem_euclid(4)).unwrap()];
    Line {
        sku: Some(hash(&format!("sku {department} {n}"))),
        category: Some(hash(&format!("department {department}"))),
        words: [words[place(n)], words[place(n / 6 + 1)]]
            .iter()
            .map(|word| u32::try_from(hash(word) >> 32).unwrap())
            .collect(),
        seller: None,
        quantity: 1,
        unit_amount: 1_500,
        kind: LineKind::Physical,
    }
}

/// An order of two or three things for some 4,000 yen, shipped home and paid by the stored card.
pub(crate) fn order(account: &str, department: i64, n: i64, at: i64) -> Observation {
    let lines: Vec<_> = (0..2 + n % 2).map(|line| goods(department, n + line)).collect();
    let mut it = event(account, EventType::OrderPlaced, Status::Succeeded, at);
    it.order = Some(Box::new(Order {
        id: hash(&format!("order {account} {at}")),
        amount: 1_500 * i64::try_from(lines.len()).unwrap() + 40 * (n % 11),
        currency: *b"JPY",
        lines_total: u32::try_from(lines.len()).unwrap(),
        quantity: lines.len() as u64,
        lines,
        address: Some(hash(&format!("home of {account}"))),
        ship_country: None,
        destination: Some(hash("JP")),
        name_matches: Some(true),
    }));
    it.payment = Some(Payment {
        kind: PaymentKind::CreditCard,
        card: Some(hash(&format!("card of {account}"))),
        stored: Some(true),
        three_ds: Some(ThreeDs::NotAttempted),
        declined: false,
        amount: None,
    });
    it
}

/// Changes of an order, to be chained.
pub(crate) trait Ordered {
    /// For this much.
    #[must_use]
    fn amount(self, amount: i64) -> Self;
    /// To this address.
    #[must_use]
    fn to(self, address: &str) -> Self;
    /// Paid by this card, its number typed or stored.
    #[must_use]
    fn card(self, card: &str, stored: bool) -> Self;
    /// With goods of this kind.
    #[must_use]
    fn kind(self, kind: LineKind) -> Self;
    /// With so many pieces of each.
    #[must_use]
    fn pieces(self, pieces: u32) -> Self;
    /// The issuer's answer.
    #[must_use]
    fn three_ds(self, three_ds: ThreeDs) -> Self;
}

impl Ordered for Observation {
    fn amount(mut self, amount: i64) -> Self {
        self.order.as_mut().unwrap().amount = amount;
        self
    }

    fn to(mut self, address: &str) -> Self {
        self.order.as_mut().unwrap().address = Some(hash(address));
        self
    }

    fn card(mut self, card: &str, stored: bool) -> Self {
        let payment = self.payment.as_mut().unwrap();
        payment.card = Some(hash(card));
        payment.stored = Some(stored);
        self
    }

    fn kind(mut self, kind: LineKind) -> Self {
        self.order.as_mut().unwrap().lines.iter_mut().for_each(|line| line.kind = kind);
        self
    }

    fn pieces(mut self, pieces: u32) -> Self {
        let order = self.order.as_mut().unwrap();
        order.lines.iter_mut().for_each(|line| line.quantity = pieces);
        order.quantity = order.lines.len() as u64 * u64::from(pieces);
        self
    }

    fn three_ds(mut self, three_ds: ThreeDs) -> Self {
        self.payment.as_mut().unwrap().three_ds = Some(three_ds);
        self
    }
}

/// Hour `hour` (UTC) of day `day` after the start.
pub(crate) fn at(day: i64, hour: i64) -> i64 {
    START + day * DAY + hour * HOUR
}

/// The day that the tests' own stories begin.
pub(crate) const TODAY: i64 = 120;

/// A shop that sixty households have bought from for four months: each about once a month, in the
/// afternoon, mostly from a department of its own.
pub(crate) fn open_shop() -> World {
    let mut world = World::default();
    for day in 0..TODAY {
        for household in (0..60).filter(|household| (household * 7 + day) % 30 == 0) {
            let n = household + day;
            let department = household + i64::from(n % 5 == 0);
            let hour = 6 + (household + day) % 5;
            world.see(&order(&format!("household {household}"), department, n, at(day, hour)));
        }
    }
    world
}

/// What one signal says, in nats; nothing is zero.
pub(crate) fn nats(assessment: &Assessment, code: &str) -> f32 {
    let said = assessment.reasons.iter().find(|reason| {
        domain::risk::signal_by_number(reason.signal).is_some_and(|signal| signal.code == code)
    });
    said.map_or(0.0, |reason| reason.nats)
}
