//! Values that accounts share: addresses, phones, devices, cards, and which of them are bad.
//!
//! A value holds a small sample of the accounts that use it (those of the smallest hashes, which
//! also tells how many there are in all), so the order of arrival leaves no trace. Outcomes take
//! effect in the order of the log.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::bytes::table;
use super::crowd::{Crowd, Touch};
use super::purchases::placed;
use super::{Decayed, Outcome, Position};
use crate::decision::Assessment;
use crate::event::Status;
use crate::keyed::AccountKey;
use crate::observation::Observation;
use crate::time::{DAY, MINUTE, Micros};

/// Accounts sampled of one value.
const SHARERS_MAX: usize = 16;
/// Values held in one shard.
const VALUES_MAX: usize = 1 << 17;
/// A value nobody used for so long is forgotten, unless it is known to be bad.
const FORGET_AFTER: i64 = 180 * DAY;
/// A confirmed takeover marks a value for so long.
const REMEMBER_TAKEN: i64 = 1_000 * DAY;
/// Half-life of the count of uses of addresses.
pub(crate) const USES_HALF_LIFE: i64 = 14 * DAY;

/// What kind of value accounts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Shared {
    Device,
    Address,
    Card,
    Phone,
    Email,
}

/// The part of the table that falls into one shard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Links {
    values: FxHashMap<u64, Value>,
    /// Addresses among the values.
    addresses: u32,
    /// Uses of the addresses of this shard.
    uses: Decayed,
}

/// One value and the accounts that use it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Value {
    /// One account, and no person said anything of it: so are nearly all values.
    Single {
        sharer: Sharer,
        is_address: bool,
    },
    Many(Box<Many>),
}

/// A value that is shared, or that persons said something of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Many {
    /// Sorted by account.
    sharers: SmallVec<[Sharer; 2]>,
    is_address: bool,
    word: Option<Word>,
}

/// What persons said of a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Word {
    /// Position and time of the last confirmed takeover.
    taken: Option<(Position, Micros)>,
    /// Position of the last confirmed owner.
    cleared: Position,
}

/// One account that uses a value; times in minutes since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sharer {
    account: u32,
    first: u32,
    last: u32,
}

impl Links {
    /// Drops what nobody has used for half a year, and the longest unused beyond the limit.
    pub(super) fn sweep(&mut self, now: Micros) {
        let oldest = minutes_of(now.plus(-FORGET_AFTER));
        self.values.retain(|_, value| value.is_bad(now) || value.last() >= oldest);
        if self.values.len() > VALUES_MAX {
            let rank = |(key, value): (&u64, &Value)| (value.is_bad(now), value.last(), *key);
            let mut ranked: Vec<_> = self.values.iter().map(rank).collect();
            ranked.sort_unstable();
            for (_, _, key) in ranked.iter().take(self.values.len() - VALUES_MAX) {
                self.values.remove(key);
            }
        }
        let addresses = self.values.values().filter(|value| value.is_address()).count();
        self.addresses = u32::try_from(addresses).unwrap_or(u32::MAX);
    }

    /// What it costs.
    pub(super) fn bytes(&self) -> usize {
        let elsewhere = self.values.values().map(|value| {
            let Value::Many(many) = value else { return 0 };
            let spilled = Some(&many.sharers).filter(|sharers| sharers.spilled());
            size_of_val(&**many) + spilled.map_or(0, |it| it.capacity() * size_of::<Sharer>())
        });
        table(&self.values) + elsewhere.sum::<usize>()
    }

    fn add(&mut self, kind: Shared, key: u64, account: AccountKey, at: Micros) {
        let is_address = kind == Shared::Address;
        let (account, minute) = (short(account), minutes_of(at));
        match self.values.entry(key) {
            Entry::Occupied(kept) => kept.into_mut().add(account, minute),
            Entry::Vacant(place) => {
                self.addresses += u32::from(is_address);
                let sharer = Sharer { account, first: minute, last: minute };
                place.insert(Value::Single { sharer, is_address });
            }
        }
        if is_address {
            self.uses.add(at, USES_HALF_LIFE, 1);
        }
    }
}

impl Value {
    /// Takes in a use.
    fn add(&mut self, account: u32, minute: u32) {
        match self {
            Self::Single { sharer, .. } if sharer.account == account => sharer.see(minute),
            Self::Single { .. } | Self::Many(_) => self.change(|many| many.add(account, minute)),
        }
    }

    /// Changes what a single account that nobody spoke of has no room for.
    fn change(&mut self, how: impl FnOnce(&mut Many)) {
        match self {
            Self::Many(many) => how(many),
            Self::Single { sharer, is_address } => {
                let sharers = SmallVec::from_slice(&[*sharer]);
                let mut many = Box::new(Many { sharers, is_address: *is_address, word: None });
                how(&mut many);
                *self = Self::Many(many);
            }
        }
    }

    /// The accounts, sorted.
    fn sharers(&self) -> &[Sharer] {
        match self {
            Self::Single { sharer, .. } => std::slice::from_ref(sharer),
            Self::Many(many) => &many.sharers,
        }
    }

    const fn is_address(&self) -> bool {
        match self {
            Self::Single { is_address, .. } => *is_address,
            Self::Many(many) => many.is_address,
        }
    }

    /// When it was last seen in a confirmed takeover that was not taken back.
    fn taken(&self) -> Option<Micros> {
        let Self::Many(many) = self else { return None };
        let word = many.word.as_ref()?;
        let (position, at) = word.taken?;
        (position > word.cleared).then_some(at)
    }

    fn is_bad(&self, now: Micros) -> bool {
        self.taken().is_some_and(|at| now.since(at) <= REMEMBER_TAKEN)
    }

    fn last(&self) -> u32 {
        self.sharers().iter().map(|sharer| sharer.last).max().unwrap_or(0)
    }

    /// Accounts that used it in the `span` before `at`, the account itself left out, estimated
    /// from the sample; only those new to it where `newly`.
    pub(crate) fn others(&self, account: AccountKey, at: Micros, span: i64, newly: bool) -> f64 {
        let since = minutes_of(at.plus(-span));
        let until = minutes_of(at);
        let recent = self
            .sharers()
            .iter()
            .filter(|sharer| sharer.account != short(account) && sharer.first <= until)
            .filter(|sharer| if newly { sharer.first >= since } else { sharer.last >= since })
            .count();
        recent as f64 * self.scale()
    }

    /// Accounts for each of the sample (a k-minimum-values sketch).
    fn scale(&self) -> f64 {
        match self.sharers().last() {
            Some(last) if self.sharers().len() == SHARERS_MAX => {
                let share = (f64::from(last.account) + 1.0) / (f64::from(u32::MAX) + 1.0);
                ((SHARERS_MAX as f64 - 1.0) / share / SHARERS_MAX as f64).max(1.0)
            }
            _ => 1.0,
        }
    }

    /// When it was last seen in a confirmed takeover that was not taken back; `None` also for an
    /// account that had used the value a week before that, for whom it is her own.
    pub(crate) fn taken_at(&self, account: AccountKey) -> Option<Micros> {
        let at = self.taken()?;
        let own = self.sharers().iter().any(|sharer| {
            sharer.account == short(account) && sharer.first <= minutes_of(at.plus(-7 * DAY))
        });
        (!own).then_some(at)
    }
}

impl Many {
    fn add(&mut self, account: u32, minute: u32) {
        match self.sharers.binary_search_by_key(&account, |sharer| sharer.account) {
            Ok(place) => {
                if let Some(sharer) = self.sharers.get_mut(place) {
                    sharer.see(minute);
                }
            }
            Err(SHARERS_MAX) => {}
            Err(place) => {
                self.sharers.insert(place, Sharer { account, first: minute, last: minute });
                self.sharers.truncate(SHARERS_MAX);
            }
        }
    }
}

impl Sharer {
    fn see(&mut self, minute: u32) {
        self.first = self.first.min(minute);
        self.last = self.last.max(minute);
    }
}

/// What is known of one value.
pub(crate) fn value(crowd: &Crowd, kind: Shared, value: u64) -> Option<&Value> {
    let key = key_of(kind, value);
    crowd.shard(key)?.links.values.get(&key)
}

/// Uses that an address of this shop is expected to have within the half-life. Walks all shards:
/// to be asked only about an address that is crowded at all.
pub(crate) fn uses_expected(crowd: &Crowd, at: Micros) -> f64 {
    let (uses, addresses) = crowd.shards().iter().map(|shard| &shard.links).fold(
        (0.0, 0.0),
        |(uses, addresses), links| {
            let more = links.uses.value(at, USES_HALF_LIFE);
            (uses + more, addresses + f64::from(links.addresses))
        },
    );
    uses / f64::max(addresses, 1.0)
}

/// The values of an event that accounts may share.
pub(crate) fn values_of(observation: &Observation) -> SmallVec<[(Shared, u64); 5]> {
    let order = observation.order.as_deref();
    [
        (Shared::Device, observation.device),
        (Shared::Address, order.and_then(|order| order.address)),
        (Shared::Card, observation.payment.as_ref().and_then(|payment| payment.card)),
        (Shared::Phone, observation.contact.phone),
        (Shared::Email, observation.contact.email),
    ]
    .into_iter()
    .filter_map(|(kind, value)| Some((kind, value?)))
    .collect()
}

/// Reads the values of an event.
pub(super) fn look_ahead(crowd: &Crowd, observation: &Observation) -> usize {
    let found = values_of(observation).into_iter().filter_map(|(kind, it)| value(crowd, kind, it));
    found.map(|value| usize::from(value.is_address())).sum()
}

/// Takes in a judged event: only what got somewhere links an account to a value, so that guessing
/// links nobody.
pub(super) fn remember(touch: &mut Touch<'_>, observation: &Observation, _: &Assessment) {
    let counts = observation.status == Status::Succeeded || placed(observation).is_some();
    let Some(account) = observation.account.filter(|_| counts) else { return };
    for (kind, value) in values_of(observation) {
        let key = key_of(kind, value);
        if let Some(shard) = touch.shard(key) {
            shard.links.add(kind, key, account, observation.occurred_at);
        }
    }
}

/// Takes in what became of a decision: marks what an intruder used, clears what an owner did.
pub(super) fn settle(touch: &mut Touch<'_>, observation: &Observation, outcome: Outcome) {
    if !matches!(outcome, Outcome::ConfirmedTakeover | Outcome::ConfirmedOwner) {
        return;
    }
    let position = touch.position();
    for (kind, value) in values_of(observation) {
        let key = key_of(kind, value);
        let Some(shard) = touch.shard(key) else { continue };
        if outcome == Outcome::ConfirmedOwner {
            if let Some(value) = shard.links.values.get_mut(&key) {
                value.change(|many| many.word.get_or_insert_default().cleared = position);
            }
        } else {
            let value = shard.links.values.entry(key);
            let value = value.or_insert_with(|| Value::Many(Box::default()));
            let taken = Some((position, observation.occurred_at));
            value.change(|many| many.word.get_or_insert_default().taken = taken);
        }
    }
}

const fn key_of(kind: Shared, value: u64) -> u64 {
    (value ^ (kind as u64 + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a hash is a hash")]
const fn short(account: AccountKey) -> u32 {
    (account.0 >> 32) as u32 ^ (account.0 >> 96) as u32
}

fn minutes_of(at: Micros) -> u32 {
    u32::try_from((at.0 / MINUTE).max(0)).unwrap_or(u32::MAX)
}
