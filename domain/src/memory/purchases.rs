//! What an account buys, where it ships and how it pays.
//!
//! Orders of the last four days stay one by one: the 48 h that are judged together (R2) and 48 h
//! of allowed lateness. Older ones are folded into [`Habit`]. The state is a function of the set
//! of events, in any order of arrival; two reports of one order count once where the second comes
//! within the allowed lateness.

mod habit;
mod recent;
mod used;
mod vocabulary;
mod word;

pub(crate) use habit::{Days, Habit, SLOTS, Sums, slot_of};
pub(crate) use recent::{
    Proof, Recent, byte_of, card_of, is_instant, lines_steps, pieces_steps, total_steps,
};
pub(crate) use used::{Kind, Sighting, Used, pair};
pub(crate) use word::words_of;

use serde::{Deserialize, Serialize};

use super::{Decayed, Outcome, ProfileBytes, Tight};
use crate::decision::Assessment;
use crate::event::{ChangeField, EventType, Status};
use crate::observation::{Observation, Order};
use crate::time::{DAY, HOUR, Micros};

/// Orders within this span are judged together, across midnight (R2).
pub(crate) const WINDOW: i64 = 48 * HOUR;
/// How late an event may come and still be counted exactly.
const LATENESS: i64 = 48 * HOUR;
/// Orders kept one by one; of more than these the oldest count as habit at once.
const RECENT_MAX: usize = 48;
/// Half-life of declined payments.
const DECLINES_HALF_LIFE: i64 = DAY;

/// What an account buys, where it ships and how it pays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Purchases {
    /// Sorted by time.
    recent: Tight<Recent>,
    /// Latest report of an order; events are from 2000 on.
    newest: Micros,
    /// Present once an order is old enough.
    pub(crate) habit: Option<Box<Habit>>,
    pub(crate) used: Used,
    /// Declined payments.
    declines: Option<Box<Decayed>>,
}

/// The orders before one point in time.
#[derive(Clone, Copy, Default)]
pub(crate) struct Before<'a> {
    /// Within the 48 h before it.
    pub(crate) window: &'a [Recent],
    /// Older, but not yet part of the habit.
    pub(crate) aged: &'a [Recent],
}

impl Purchases {
    /// Takes in a judged event; makes room only where the event needs it.
    pub(super) fn remember(
        purchases: &mut Option<Box<Self>>,
        observation: &Observation,
        assessment: &Assessment,
    ) {
        if let Some(order) = placed(observation) {
            let purchases = purchases.get_or_insert_default();
            purchases.add_order(Recent::new(observation, order, assessment));
            purchases.add_used(observation, order, assessment);
        } else if let Some((kind, value)) = stored(observation) {
            let score = byte_of(assessment.score);
            let used = &mut purchases.get_or_insert_default().used;
            used.add(kind, value, observation.occurred_at, score);
        } else if observation.payment.as_ref().is_some_and(|payment| payment.declined) {
            let declines = &mut purchases.get_or_insert_default().declines;
            declines.get_or_insert_default().add(observation.occurred_at, DECLINES_HALF_LIFE, 1);
        }
    }

    /// Takes in what became of a decision: proof ages faster than time.
    pub(super) fn settle(
        purchases: &mut Option<Box<Self>>,
        observation: &Observation,
        outcome: Outcome,
    ) {
        let proof = match outcome {
            Outcome::ChallengePassed | Outcome::ConfirmedOwner => Proof::Owner,
            Outcome::ConfirmedTakeover => Proof::Intruder,
            Outcome::ChallengeFailed | Outcome::Completed | Outcome::Abandoned => return,
        };
        if let (Some(purchases), Some(order)) = (purchases, observation.order.as_ref())
            && let Some(recent) = purchases.recent.iter_mut().find(|kept| kept.order == order.id)
        {
            recent.proof = proof;
        }
    }

    fn add_order(&mut self, order: Recent) {
        self.newest = self.newest.max(order.at);
        match self.recent.iter_mut().find(|kept| kept.order == order.order) {
            Some(kept) => kept.merge(order),
            None => self.recent.insert(self.recent.len(), order),
        }
        self.recent.sort_unstable_by_key(Recent::place);
        self.fold_old();
    }

    /// Folds what is too old to be judged with anything to come.
    fn fold_old(&mut self) {
        let horizon = self.newest.plus(-(WINDOW + LATENESS));
        let old = self.recent.partition_point(|order| order.at <= horizon);
        let old = old.max(self.recent.len().saturating_sub(RECENT_MAX));
        for order in self.recent.take_first(old) {
            if order.is_the_owners() {
                self.habit.get_or_insert_default().add(&order);
            }
        }
    }

    fn add_used(&mut self, observation: &Observation, order: &Order, assessment: &Assessment) {
        let score = byte_of(assessment.score);
        let at = observation.occurred_at;
        let card = observation.payment.as_ref().and_then(|payment| payment.card);
        if let Some(address) = order.address {
            self.used.add(Kind::Address, address, at, score);
            if let Some(card) = card {
                self.used.add(Kind::AddressWithCard, pair(address, card), at, score);
            }
        }
        if let Some(card) = card {
            self.used.add(Kind::Card, card, at, score);
        }
        if let Some(destination) = order.destination {
            self.used.add(Kind::Country, destination, at, score);
        }
    }

    /// Adds what it costs.
    pub(super) fn count_bytes(&self, bytes: &mut ProfileBytes) {
        let words = self.recent.iter().map(|order| size_of_val(&*order.words));
        bytes.recent_orders = self.recent.bytes() + words.sum::<usize>();
        if let Some(habit) = &self.habit {
            (bytes.habit, bytes.vocabulary) = habit.bytes();
        }
        let declines = self.declines.as_ref().map_or(0, |declines| size_of_val(&**declines));
        bytes.used = size_of_val(self) + self.used.bytes() + declines;
    }

    /// Declined payments as of `at`, with [`DECLINES_HALF_LIFE`].
    pub(crate) fn declines(&self, at: Micros) -> f64 {
        self.declines.as_ref().map_or(0.0, |declines| declines.value(at, DECLINES_HALF_LIFE))
    }

    /// The orders up to `at`, among them perhaps an earlier report of the one in question.
    pub(crate) fn before(&self, at: Micros) -> Before<'_> {
        let past = self.recent.partition_point(|kept| kept.at <= at);
        let past = self.recent.get(..past).unwrap_or_default();
        let aged = past.partition_point(|kept| kept.at <= at.plus(-WINDOW));
        let (aged, window) = past.split_at_checked(aged).unwrap_or_default();
        Before { window, aged }
    }
}

/// The order, where an event places one.
pub(crate) fn placed(observation: &Observation) -> Option<&Order> {
    let told = observation.kind == EventType::OrderPlaced && observation.status != Status::Failed;
    observation.order.as_deref().filter(|_| told)
}

/// A value added to the account ahead of its use.
fn stored(observation: &Observation) -> Option<(Kind, u64)> {
    if observation.status != Status::Succeeded {
        return None;
    }
    if observation.kind == EventType::PaymentMethodAdded {
        return observation.payment.as_ref()?.card.map(|card| (Kind::Card, card));
    }
    let change = observation.change.as_ref()?;
    let address = change.field == ChangeField::Address;
    change.new.filter(|_| address).map(|new| (Kind::Address, new))
}
