//! The takeover window: from one bad event, everything else of the same hands, and when it began.
//!
//! Hands are told by session, device and network. What a device did that the account had known for
//! long is the owner's, unless its session was the intruder's.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::event::{EventType, Status};
use crate::time::{DAY, Micros};

/// A device or network is the owner's when the account used it so long before.
const FAMILIAR: i64 = 7 * DAY;
/// Further apart, two doings of one network are not of one visit.
const VISIT: i64 = DAY;

/// Something in the account's history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Happened {
    /// When.
    pub at: Micros,
    /// What.
    pub kind: EventType,
    /// How far it got.
    pub status: Status,
    /// Keyed hash of the session.
    pub session: Option<u64>,
    /// Keyed hash of the device.
    pub device: Option<u64>,
    /// Keyed hash of the network.
    pub network: Option<u64>,
    /// How unlike the owner it looked when it was judged.
    pub score: f64,
}

/// From where it is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// This one was not the owner, by its place in the history.
    Event(usize),
    /// It was before this time; nothing more is known.
    Before(Micros),
}

/// Why it is believed to have begun there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The first sign-in of these hands.
    FirstSignIn,
    /// The first thing they did.
    FirstAct,
    /// Nothing looked unlike the owner: the time that was told.
    AsTold,
}

/// What belongs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it began.
    pub start: Micros,
    /// Why there.
    pub why: Why,
    /// What these hands did, by place in the history.
    pub events: Vec<usize>,
    /// Their sessions.
    pub sessions: BTreeSet<u64>,
    /// Their devices.
    pub devices: BTreeSet<u64>,
}

/// The window around `anchor` in `history`, oldest first.
pub fn window(history: &[Happened], anchor: Anchor) -> Window {
    let seed = match anchor {
        Anchor::Event(place) => history.get(place).map(|_| place),
        Anchor::Before(until) => unlike_the_owner(history, until),
    };
    let Some(seed) = seed else {
        let start = match anchor {
            Anchor::Before(until) => until,
            Anchor::Event(_) => history.last().map_or(Micros(0), |last| last.at),
        };
        return Window {
            start,
            why: Why::AsTold,
            events: Vec::new(),
            sessions: BTreeSet::new(),
            devices: BTreeSet::new(),
        };
    };
    let familiar = Familiar::of(history);
    let mut hands = Hands::default();
    let mut theirs = BTreeSet::from([seed]);
    hands.take(history, &familiar, seed);
    // Each round takes in what shares a session, device or visit; there are as many rounds at most
    // as there are hands to find.
    loop {
        let before = theirs.len();
        for (place, one) in history.iter().enumerate() {
            if !theirs.contains(&place) && hands.did(one) {
                theirs.insert(place);
                hands.take(history, &familiar, place);
            }
        }
        if theirs.len() == before {
            break;
        }
    }
    let events: Vec<usize> = theirs.into_iter().collect();
    let (start, why) = begun(history, &events);
    Window { start, why, events, sessions: hands.sessions, devices: hands.devices }
}

/// The last thing before `until` that looked more like somebody else than like the owner.
fn unlike_the_owner(history: &[Happened], until: Micros) -> Option<usize> {
    let unlike =
        |one: &Happened| one.at <= until && one.score >= 0.5 && one.status != Status::Failed;
    history.iter().rposition(unlike)
}

fn begun(history: &[Happened], events: &[usize]) -> (Micros, Why) {
    let mut theirs = events.iter().filter_map(|place| history.get(*place));
    let first = theirs.clone().map(|one| one.at).min().unwrap_or(Micros(0));
    let signed_in =
        theirs.find(|one| one.kind == EventType::Login && one.status == Status::Succeeded);
    signed_in.map_or((first, Why::FirstAct), |one| (one.at, Why::FirstSignIn))
}

#[derive(Default)]
struct Hands {
    sessions: BTreeSet<u64>,
    devices: BTreeSet<u64>,
    /// By network, when it was visited.
    visits: BTreeMap<u64, BTreeSet<Micros>>,
}

impl Hands {
    fn take(&mut self, history: &[Happened], familiar: &Familiar, place: usize) {
        let Some(one) = history.get(place) else { return };
        self.sessions.extend(one.session);
        self.devices.extend(one.device.filter(|device| !familiar.device(*device, one.at)));
        if let Some(network) = one.network.filter(|network| !familiar.network(*network, one.at)) {
            self.visits.entry(network).or_default().insert(one.at);
        }
    }

    fn did(&self, one: &Happened) -> bool {
        let same_session = one.session.is_some_and(|session| self.sessions.contains(&session));
        let same_device = one.device.is_some_and(|device| self.devices.contains(&device));
        let same_visit = || {
            let visits = one.network.and_then(|network| self.visits.get(&network));
            let near = one.at.plus(-VISIT)..=one.at.plus(VISIT);
            visits.is_some_and(|visits| visits.range(near).next().is_some())
        };
        same_session || same_device || same_visit()
    }
}

/// Since when the account used each device and network well.
#[derive(Default)]
struct Familiar {
    devices: BTreeMap<u64, Micros>,
    networks: BTreeMap<u64, Micros>,
}

impl Familiar {
    fn of(history: &[Happened]) -> Self {
        let mut familiar = Self::default();
        let well = |one: &&Happened| one.status == Status::Succeeded && one.score < 0.5;
        for one in history.iter().filter(well) {
            let note = |first: &mut BTreeMap<u64, Micros>, which: Option<u64>| {
                if let Some(which) = which {
                    let since = first.entry(which).or_insert(one.at);
                    *since = one.at.min(*since);
                }
            };
            note(&mut familiar.devices, one.device);
            note(&mut familiar.networks, one.network);
        }
        familiar
    }

    /// The account had used it well for long before `at`.
    fn device(&self, device: u64, at: Micros) -> bool {
        self.devices.get(&device).is_some_and(|since| at.since(*since) >= FAMILIAR)
    }

    /// The same.
    fn network(&self, network: u64, at: Micros) -> bool {
        self.networks.get(&network).is_some_and(|since| at.since(*since) >= FAMILIAR)
    }
}
