//! How an order compares with the account's own and with everybody's.

mod baseline;
mod basket;
mod pace;
mod payment;
mod predict;

pub use pace::Pace;
pub use payment::{AddressUse, CardUse};

use super::Missing;
use crate::decision::MissingFact;
use crate::known::Known;
use crate::memory::purchases::{
    Before, Kind, Proof, Purchases, Recent, Sighting, is_instant, lines_steps, pieces_steps, placed,
};
use crate::memory::{nats_of, purchases};
use crate::observation::{Observation, Order};
use baseline::Baseline;

/// How an order compares with the account's own and with everybody's. Ratios are natural
/// logarithms of "likelier under everybody than under this account".
#[derive(Debug, Clone, Default)]
pub struct PurchaseFeatures {
    /// The account's orders before the last 48 h.
    pub history: u32,
    /// How fast orders follow each other (R2).
    pub pace: Option<Pace>,
    /// What is spent within 48 h.
    pub spend: Option<Spend>,
    /// Log-ratio of the words of the goods.
    pub basket: Option<f64>,
    /// Log-ratio of the number of lines.
    pub lines: Option<f64>,
    /// Log-ratio of the pieces a line.
    pub pieces: Option<f64>,
    /// How much likelier this hour is under nobody's habit than under the account's.
    pub hour: Option<f64>,
    /// It ships to a country the account has never shipped to.
    pub new_country: Option<bool>,
    /// Where it goes (R56).
    pub address: Option<AddressUse>,
    /// How it is paid (R53).
    pub card: Option<CardUse>,
    /// Gift cards or digital goods are among the goods, which the account did not buy before (X2).
    pub first_instant_goods: bool,
    /// A small order with the same new card came first, then this large one (X5).
    pub small_then_large: bool,
    /// Declined payments of the account, half forgotten in a day (X5).
    pub declines: f64,
    /// Log-odds of the worst earlier order in these 48 h that nobody has proved to be the owner's.
    pub suspect_before: Option<f64>,
    /// The owner has proved an earlier order of these 48 h.
    pub proved: bool,
}

/// What is spent within 48 h, this order included.
#[derive(Debug, Clone, Copy)]
pub struct Spend {
    /// Minor units.
    pub amount: i64,
    /// Its currency.
    pub currency: [u8; 3],
    /// What the account usually spends on one order, minor units.
    pub usual: f64,
    /// Standard deviations above what the account usually spends, in logarithms.
    pub deviations: f64,
}

/// Everything about one order in question.
struct Question<'a> {
    observation: &'a Observation,
    order: &'a Order,
    known: &'a Known<'a>,
    purchases: Option<&'a Purchases>,
    before: Before<'a>,
    baseline: Baseline<'a>,
}

impl Question<'_> {
    /// Earlier orders of these 48 h.
    fn window(&self) -> impl DoubleEndedIterator<Item = &Recent> {
        self.before.window.iter().filter(|earlier| earlier.order != self.order.id)
    }
}

impl PurchaseFeatures {
    /// Computes them; names in `missing` what would have helped.
    pub fn read(observation: &Observation, known: &Known<'_>, missing: &mut Missing) -> Self {
        let purchases = known.profile.and_then(|profile| profile.purchases.as_deref());
        let declines =
            purchases.map_or(0.0, |purchases| purchases.declines(observation.occurred_at));
        let Some(order) = placed(observation) else { return Self { declines, ..Self::default() } };
        let before = purchases
            .map(|purchases| purchases.before(observation.occurred_at))
            .unwrap_or_default();
        let baseline = Baseline::new(purchases, before.aged, order.id);
        let question = Question { observation, order, known, purchases, before, baseline };
        name_missing(&question, missing);
        Self { declines, ..question.features() }
    }
}

impl Question<'_> {
    fn features(&self) -> PurchaseFeatures {
        let shop = &self.known.crowd.population.shop;
        let own = &self.baseline;
        PurchaseFeatures {
            history: own.orders(),
            pace: Some(self.pace()),
            spend: self.spend(),
            basket: self.basket(),
            lines: predict::log_ratio(nats_of(lines_steps(self.order)), shop.lines, own.lines()),
            pieces: predict::log_ratio(
                nats_of(pieces_steps(self.order)),
                shop.pieces,
                own.pieces(),
            ),
            hour: self.hour(),
            new_country: self.new_country(),
            address: self.address_use(),
            card: self.card_use(),
            first_instant_goods: self.first_instant_goods(),
            small_then_large: self.small_then_large(),
            declines: 0.0,
            suspect_before: self.suspect_before(),
            proved: self.window().any(|earlier| earlier.proof == Proof::Owner),
        }
    }

    fn spend(&self) -> Option<Spend> {
        let currency = self.order.currency;
        let own = self.baseline.totals(currency);
        let everybody = self.known.crowd.population.shop.totals(currency);
        let earlier: i64 = self
            .window()
            .filter(|earlier| earlier.currency == currency && earlier.proof != Proof::Owner)
            .fold(0, |sum, earlier| sum.saturating_add(earlier.amount.max(0)));
        let amount = self.order.amount.saturating_add(earlier);
        let predicted = predict::predict(everybody, own)?;
        let deviations = ((amount.max(1) as f64).ln() - predicted.mean) / predicted.variance.sqrt();
        Some(Spend { amount, currency, usual: predicted.mean.exp(), deviations })
    }

    fn new_country(&self) -> Option<bool> {
        let country = self.order.destination?;
        let used = &self.purchases?.used;
        match used.sighting(Kind::Country, country) {
            Sighting::Never => Some(true),
            Sighting::Unknown => None,
            Sighting::Since { first, .. } => {
                Some(self.observation.occurred_at.since(first) < purchases::WINDOW)
            }
        }
    }

    fn first_instant_goods(&self) -> bool {
        is_instant(self.order) && !self.baseline.has_instant_goods()
    }

    fn suspect_before(&self) -> Option<f64> {
        let worst = self
            .window()
            .filter(|earlier| earlier.proof != Proof::Owner)
            .map(|earlier| if earlier.proof == Proof::Intruder { 254 } else { earlier.score })
            .max()?;
        let share = f64::from(worst.clamp(1, 254)) / 255.0;
        Some((share / (1.0 - share)).ln())
    }
}

fn name_missing(question: &Question<'_>, missing: &mut Missing) {
    if question.order.lines.is_empty() {
        missing.push(MissingFact::OrderLines);
    }
    if question.order.address.is_none() {
        missing.push(MissingFact::ShipTo);
    }
    if question.observation.payment.as_ref().is_none_or(|payment| payment.card.is_none()) {
        missing.push(MissingFact::PaymentFingerprint);
    }
    if question.baseline.orders() == 0 {
        missing.push(MissingFact::History);
    }
}
