//! Bytes of memory an account, and how they grow with the number of accounts.

use std::collections::VecDeque;
use std::time::Instant;

use domain::event::{EventType, Status};
use domain::keyed::{AccountKey, KeyedHasher};
use domain::memory::{Memory, ProfileBytes};
use domain::observation::Observation;
use domain::policy::Policy;
use domain::risk::assess;
use serde::Serialize;
use stats_alloc::Region;

use crate::GLOBAL;
use crate::judgement::observation_of;

/// What memory costs.
#[derive(Debug, Serialize)]
pub(crate) struct Footprint {
    pub(crate) accounts: usize,
    /// Accounts in the hot cache at the end; the others would be on disk.
    pub(crate) accounts_held: usize,
    pub(crate) events: usize,
    pub(crate) sign_ins_per_account: f64,
    /// Of accounts held, the table of accounts included.
    pub(crate) bytes_per_account: f64,
    /// Of them by part, the table of accounts apart.
    pub(crate) bytes_by_part: serde_json::Value,
    pub(crate) bytes_of_crowd: f64,
    pub(crate) bytes_of_crowd_per_account: f64,
    /// Of all accounts, by table.
    pub(crate) bytes_of_crowd_by_table: serde_json::Value,
    pub(crate) bytes_in_all: f64,
    pub(crate) events_per_second: f64,
}

/// Twelve sign-ins an account and all that a shop's customers do besides.
pub(crate) fn of_traffic(events: impl Iterator<Item = Vec<u8>>, policy: &Policy) -> Footprint {
    let hasher = KeyedHasher::new([7; 32]);
    let observations = events.filter_map(|event| observation_of(&event, &hasher));
    measure(observations, usize::MAX, policy)
}

/// Accounts of one simulated town that show themselves, about; larger shops serve many at once.
pub(crate) const TOWN: usize = 10_000;
/// Accounts of a town, and its events: some four an account that shows itself.
const TOWN_SIZE: (usize, usize) = (14_500, 40_000);
/// Events of a shop at most, so that the largest takes minutes: its accounts have fewer each.
const SHOP_EVENTS_MAX: usize = 10_000_000;
/// Accounts held at most, the default of `accounts-max`.
const HELD_MAX: usize = 1_000_000;

/// A shop of `towns` towns in which the same happens at the same time to different people: made
/// from the events of one, for drawing each would take an hour. Who came back after having been
/// put on disk begins anew here, which changes nothing in what is measured.
pub(crate) fn of_towns(town: &[Observation], towns: usize, policy: &Policy) -> Footprint {
    let events_each = SHOP_EVENTS_MAX / towns.max(1);
    let towns = u64::try_from(towns).unwrap_or(u64::MAX);
    let events = town
        .iter()
        .take(events_each)
        .flat_map(|event| (0..towns).map(|number| elsewhere(event, number)));
    measure(events, HELD_MAX, policy)
}

/// The events of a town.
pub(crate) fn town() -> Vec<Observation> {
    let hasher = KeyedHasher::new([7; 32]);
    let (accounts, events) = TOWN_SIZE;
    let events = crate::recorded::events(accounts).take(events);
    events.filter_map(|event| observation_of(&event, &hasher)).collect()
}

/// The same event in another town: other people, places, devices and cards; the same software and
/// goods.
fn elsewhere(event: &Observation, town: u64) -> Observation {
    let mut event = event.clone();
    let salt = town.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let moved = |value: &mut Option<u64>| {
        if let Some(value) = value {
            *value ^= salt;
        }
    };
    let wide = u128::from(salt) << 64 | u128::from(salt.rotate_left(32));
    event.event.0 ^= wide;
    if let Some(account) = &mut event.account {
        account.0 ^= wide;
    }
    moved(&mut event.origin.ip);
    moved(&mut event.origin.network);
    moved(&mut event.device);
    moved(&mut event.session);
    moved(&mut event.contact.email);
    moved(&mut event.contact.phone);
    if let Some(shown) = &mut event.credential {
        moved(&mut shown.secret);
    }
    if let Some(payment) = &mut event.payment {
        moved(&mut payment.card);
    }
    if let Some(change) = &mut event.change {
        moved(&mut change.old);
        moved(&mut change.new);
    }
    if let Some(order) = &mut event.order {
        order.id ^= salt;
        moved(&mut order.address);
    }
    event
}

/// Judges and remembers a stream of events; what is left allocated is what memory costs.
fn measure(
    observations: impl Iterator<Item = Observation>,
    held_max: usize,
    policy: &Policy,
) -> Footprint {
    let region = Region::new(GLOBAL);
    let mut memory = Memory::default();
    let (mut position, mut sign_ins, begun) = (0_u64, 0_u64, Instant::now());
    let mut held = VecDeque::new();
    for observation in observations {
        let assessment = assess(&observation, &memory.known(&observation), policy);
        position += 1;
        let signed_in = observation.kind == EventType::Login;
        sign_ins += u64::from(signed_in && observation.status == Status::Succeeded);
        let before = memory.accounts_held();
        memory.remember(position, &observation, &assessment);
        if held_max < usize::MAX && memory.accounts_held() > before {
            held.extend(observation.account);
            if held.len() > held_max {
                held.pop_front().map(|longest| memory.evict_account(longest));
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    drop(held);
    let mut footprint = weigh(memory, &region);
    footprint.events = usize::try_from(position).unwrap_or(usize::MAX);
    footprint.sign_ins_per_account = sign_ins as f64 / footprint.accounts.max(1) as f64;
    footprint.events_per_second = position as f64 / seconds;
    footprint
}

/// What `memory`, made within `region`, costs.
fn weigh(mut memory: Memory, region: &Region<'_, std::alloc::System>) -> Footprint {
    let allocated = |region: &Region<'_, _>| {
        let change = region.change();
        change.bytes_allocated as f64 - change.bytes_deallocated as f64
    };
    let whole = allocated(region);
    let keys = memory.account_keys();
    let bytes_by_part = by_part(&memory, &keys);
    let bytes_of_crowd_by_table = a_head(&memory.crowd().bytes(), 1);
    let accounts = usize::try_from(memory.crowd().population.accounts).unwrap_or(usize::MAX);
    let evicting = Region::new(GLOBAL);
    for key in &keys {
        drop(memory.evict_account(*key));
    }
    let profiles = -allocated(&evicting);
    // The table of accounts itself: key, pointer and control byte at the load factor it grew to.
    let table = memory.accounts_capacity() as f64 * 25.0;
    let crowd = whole - profiles - table;
    Footprint {
        accounts,
        accounts_held: keys.len(),
        events: 0,
        sign_ins_per_account: 0.0,
        bytes_per_account: (profiles + table) / keys.len().max(1) as f64,
        bytes_by_part,
        bytes_of_crowd: crowd,
        bytes_of_crowd_per_account: crowd / accounts.max(1) as f64,
        bytes_of_crowd_by_table,
        bytes_in_all: whole,
        events_per_second: 0.0,
    }
}

/// Bytes of a profile, the mean of all, by part.
fn by_part(memory: &Memory, keys: &[AccountKey]) -> serde_json::Value {
    let mut sum = ProfileBytes::default();
    for profile in keys.iter().filter_map(|key| memory.account(*key)) {
        sum += profile.bytes();
    }
    a_head(&sum, keys.len())
}

/// Every number of `sums` divided by `heads`, to one decimal.
fn a_head(sums: &impl Serialize, heads: usize) -> serde_json::Value {
    let mut parts = serde_json::to_value(sums).unwrap_or_default();
    for bytes in parts.as_object_mut().into_iter().flat_map(|parts| parts.values_mut()) {
        let mean = bytes.as_f64().unwrap_or(0.0) / heads.max(1) as f64;
        *bytes = ((mean * 10.0).round() / 10.0).into();
    }
    parts
}
