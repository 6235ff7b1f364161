//! Orders of the last days, one by one: those that are still being judged together.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::super::level::steps_of;
use super::word::words_of;
use crate::decision::{Assessment, Verdict};
use crate::event::{LineKind, Status};
use crate::observation::{Observation, Order, Payment};
use crate::time::Micros;

/// What became known about an order after it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub(crate) enum Proof {
    #[default]
    None,
    /// The owner proved or confirmed it.
    Owner,
    /// It was confirmed to be an intruder's.
    Intruder,
}

/// One order of the last days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recent {
    /// When it was placed.
    pub(crate) at: Micros,
    /// Keyed hash of the event that told it first, cut; breaks ties of time.
    event: u64,
    /// Keyed hash of the order id: an order told twice is one order.
    pub(crate) order: u64,
    /// Minor units of `currency`.
    pub(crate) amount: i64,
    pub(crate) currency: [u8; 3],
    /// Logarithms, in steps of [`super::super::level`].
    pub(crate) lines: i16,
    pub(crate) pieces: i16,
    pub(crate) total: i16,
    /// Keyed hash of the card, short.
    pub(crate) card: Option<u32>,
    /// Gift cards or digital goods are among the goods.
    pub(crate) instant: bool,
    /// Every report of it was denied while it was still an attempt: it never became an order.
    pub(crate) denied: bool,
    /// The highest score it got, in 255ths.
    pub(crate) score: u8,
    pub(crate) proof: Proof,
    /// Sorted words of its goods.
    pub(crate) words: Box<[u16]>,
}

impl Recent {
    /// An order as it was told and judged.
    pub(super) fn new(observation: &Observation, order: &Order, assessment: &Assessment) -> Self {
        Self {
            at: observation.occurred_at,
            event: observation.event.cut(),
            order: order.id,
            amount: order.amount,
            currency: order.currency,
            lines: lines_steps(order),
            pieces: pieces_steps(order),
            total: total_steps(order.amount),
            card: observation.payment.as_ref().and_then(card_of),
            instant: is_instant(order),
            denied: observation.status == Status::Attempted && assessment.verdict == Verdict::Deny,
            score: byte_of(assessment.score),
            proof: Proof::None,
            words: words_of(order).into_vec().into_boxed_slice(),
        }
    }

    /// Place in time; unique.
    pub(super) const fn place(&self) -> (Micros, u64) {
        (self.at, self.event)
    }

    /// Merges another report of the same order: the earlier tells what was bought.
    pub(super) fn merge(&mut self, mut other: Self) {
        if other.place() < self.place() {
            std::mem::swap(self, &mut other);
        }
        self.score = self.score.max(other.score);
        self.denied &= other.denied;
        self.proof = self.proof.max(other.proof);
    }

    /// Whether it tells how the owner shops.
    pub(crate) fn is_the_owners(&self) -> bool {
        self.proof != Proof::Intruder && (!self.denied || self.proof == Proof::Owner)
    }
}

/// Logarithm of the number of lines.
pub(crate) fn lines_steps(order: &Order) -> i16 {
    steps_of(f64::from(order.lines_total))
}

/// Logarithm of the mean number of pieces a line.
pub(crate) fn pieces_steps(order: &Order) -> i16 {
    steps_of(order.quantity as f64 / f64::from(order.lines_total.max(1)))
}

/// Logarithm of the amount.
pub(crate) fn total_steps(amount: i64) -> i16 {
    steps_of(amount as f64)
}

/// Gift cards or digital goods are among the goods: delivered before anybody can stop them.
pub(crate) fn is_instant(order: &Order) -> bool {
    order.lines.iter().any(|line| line.kind != LineKind::Physical)
}

/// Keyed hash of the card, short.
pub(crate) fn card_of(payment: &Payment) -> Option<u32> {
    payment.card.map(|card| (card >> 32) as u32)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ score ≤ 1")]
pub(crate) fn byte_of(score: f64) -> u8 {
    (score.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Words on the way: most orders fit without an allocation.
pub(crate) type Words = SmallVec<[u16; 96]>;
