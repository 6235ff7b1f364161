//! Three ways to judge the same simulated events, side by side.
//!
//! Freeman's ratio alone, "new device or new country" alone, and ours. Order of time, facts from
//! the past only; accounts with little history are left out; ties are broken by the same draw for
//! all three, so that a yes-or-no rule is measured as if it challenged a random part of its yeses.

mod markdown;

use std::collections::BTreeMap;

use domain::event::{Event, EventType, Place, Status, observe, parse};
use domain::keyed::{AccountKey, KeyedHasher};
use domain::memory::Memory;
use domain::observation::{Country, Listed, Observation, Origin};
use domain::policy::Policy;
use domain::risk::assess;
use domain::time::Micros;
use rustc_hash::{FxHashMap, FxHashSet};

pub use markdown::markdown;

use crate::attack::Attack;
use crate::dice::mix;
use crate::network::{self, Kind};
use crate::traffic::{Drawn, Size, Traffic};

/// Earlier events of the owner that an account needs to be counted.
pub const HISTORY_MIN: u32 = 3;
/// Shares of honest events that are challenged.
pub const SHARES: [f64; 5] = [0.001, 0.005, 0.01, 0.02, 0.05];
/// Ways to judge.
pub const METHODS: usize = 3;
/// Their names.
pub const METHOD_NAMES: [&str; METHODS] =
    ["Freeman alone", "new device or new country alone", "Sekisho"];
/// What begins within this time on one account belongs to one takeover.
const TAKEOVER_SPAN: i64 = 36 * 3_600 * 1_000_000;

/// Scores of one event by the three methods.
type Scores = [f64; METHODS];

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Events in all.
    pub events: u64,
    /// Lines that our own parser refused: a fault of the simulator.
    pub refused: u64,
    /// Honest successful sign-ins, scored.
    pub honest_sign_ins: Vec<Scores>,
    /// Intruders' successful sign-ins, scored, by kind.
    pub intruders_sign_ins: BTreeMap<Attack, Vec<Scores>>,
    /// Honest events that the shop asks about, scored.
    pub honest_asked: Vec<Scores>,
    /// Takeovers by kind: the highest scores up to and with the first harm.
    pub takeovers: BTreeMap<Attack, Vec<Scores>>,
    /// Failed guesses of waves and how many of them were seen as one, by kind.
    pub guesses: BTreeMap<Attack, (u64, u64)>,
    /// Honest events asked about, by type: all, not allowed.
    pub honest_verdicts: BTreeMap<EventType, (u64, u64)>,
    /// Intruders' events asked about, by kind: all, not allowed.
    pub intruders_verdicts: BTreeMap<Attack, (u64, u64)>,
}

/// Runs the traffic of `seed` through all three.
pub fn measure(seed: u64, size: Size, policy: &Policy) -> Measured {
    let mut run = Run {
        hasher: KeyedHasher::new([7; 32]),
        memory: Memory::default(),
        policy,
        position: 0,
        devices: Devices::default(),
        open: FxHashMap::default(),
        measured: Measured::default(),
    };
    for drawn in Traffic::new(seed, size) {
        run.take(&drawn);
    }
    let Run { open, mut measured, .. } = run;
    let mut open: Vec<(AccountKey, Takeover)> = open.into_iter().collect();
    open.sort_by_key(|(account, _)| *account);
    for (_, takeover) in open {
        takeover.close(&mut measured);
    }
    measured
}

struct Run<'a> {
    hasher: KeyedHasher,
    memory: Memory,
    policy: &'a Policy,
    position: u64,
    devices: Devices,
    open: FxHashMap<AccountKey, Takeover>,
    measured: Measured,
}

/// A takeover as it unfolds.
struct Takeover {
    attack: Attack,
    began_at: i64,
    counted: bool,
    harmed: bool,
    highest: Scores,
}

impl Takeover {
    fn close(self, measured: &mut Measured) {
        if self.counted {
            measured.takeovers.entry(self.attack).or_default().push(self.highest);
        }
    }
}

/// What the rule "new device or new country" remembers.
#[derive(Default)]
struct Devices {
    seen: FxHashSet<(AccountKey, u64)>,
    countries: FxHashSet<(AccountKey, Country)>,
}

impl Devices {
    /// 1 for a new device or country, else 0.
    fn score(&self, account: AccountKey, observation: &Observation) -> f64 {
        let device = observation.device.or(observation.agent.text);
        let new_device = device.is_some_and(|device| !self.seen.contains(&(account, device)));
        let country = observation.origin.country;
        let new_country = country.is_some_and(|c| !self.countries.contains(&(account, c)));
        f64::from(u8::from(new_device || new_country))
    }

    fn learn(&mut self, account: AccountKey, observation: &Observation) {
        for device in [observation.device, observation.agent.text].into_iter().flatten() {
            self.seen.insert((account, device));
        }
        self.countries.extend(observation.origin.country.map(|country| (account, country)));
    }
}

impl Run<'_> {
    fn take(&mut self, drawn: &Drawn) {
        self.measured.events += 1;
        let Ok(event) = parse(drawn.json.as_bytes(), Micros(drawn.at)) else {
            self.measured.refused += 1;
            return;
        };
        let observation = observe(&event, event.occurred_at, place(&event), &self.hasher);
        let judged = assess(&observation, &self.memory.known(&observation), self.policy);
        self.position += 1;
        self.memory.remember(self.position, &observation, &judged);
        if let Some(attack) = drawn.attack
            && observation.status == Status::Failed
        {
            let (all, seen) = self.measured.guesses.entry(attack).or_default();
            *all += 1;
            *seen += u64::from(judged.pattern.is_some());
        }
        let Some(account) = observation.account.filter(|_| drawn.asked) else { return };
        let freeman = judged.familiarity.map_or(f64::NEG_INFINITY, |both| both.freeman.ln());
        let simple = self.devices.score(account, &observation);
        self.devices.learn(account, &observation);
        let draw = mix(0, &[self.position]) as f64 / u64::MAX as f64 * 1e-9;
        let scores = [freeman, simple, judged.score].map(|score| score + draw);
        let allowed = judged.verdict == domain::decision::Verdict::Allow;
        self.count(drawn, &observation, account, scores);
        self.count_verdict(drawn, observation.kind, allowed);
    }

    fn count(&mut self, drawn: &Drawn, seen: &Observation, account: AccountKey, scores: Scores) {
        let counted = drawn.history >= HISTORY_MIN;
        let is_sign_in = seen.kind == EventType::Login;
        match drawn.attack {
            None if counted => {
                self.measured.honest_asked.push(scores);
                if is_sign_in {
                    self.measured.honest_sign_ins.push(scores);
                }
            }
            None => {}
            Some(attack) => {
                if counted && is_sign_in {
                    self.measured.intruders_sign_ins.entry(attack).or_default().push(scores);
                }
                self.unfold(account, drawn, is_harm(seen.kind), scores);
            }
        }
    }

    /// Takes in an event of a takeover; `harm` tells that the victim loses something by it.
    fn unfold(&mut self, account: AccountKey, drawn: &Drawn, harm: bool, scores: Scores) {
        let Some(attack) = drawn.attack else { return };
        let counted = drawn.history >= HISTORY_MIN;
        let fresh = || Takeover {
            attack,
            began_at: drawn.at,
            counted,
            harmed: false,
            highest: [f64::NEG_INFINITY; METHODS],
        };
        let takeover = self.open.entry(account).or_insert_with(fresh);
        if takeover.attack != attack || drawn.at - takeover.began_at > TAKEOVER_SPAN {
            std::mem::replace(takeover, fresh()).close(&mut self.measured);
        }
        if !takeover.harmed {
            for (highest, score) in takeover.highest.iter_mut().zip(scores) {
                *highest = highest.max(score);
            }
            takeover.harmed = harm;
        }
    }

    fn count_verdict(&mut self, drawn: &Drawn, kind: EventType, allowed: bool) {
        let (all, stopped) = match drawn.attack {
            None => self.measured.honest_verdicts.entry(kind).or_default(),
            Some(attack) => self.measured.intruders_verdicts.entry(attack).or_default(),
        };
        *all += 1;
        *stopped += u64::from(!allowed);
    }
}

/// From here on the victim has lost something.
fn is_harm(kind: EventType) -> bool {
    matches!(kind, EventType::OrderPlaced | EventType::PayoutRequested)
}

/// What the lists of the simulated internet say of an event.
pub fn place(event: &Event) -> Place {
    let network = event.context.ip.and_then(network::locate);
    let listed = |kind: Kind| match network {
        Some(network) if network.kind == kind => Listed::Yes { age_days: 3 },
        _ => Listed::No,
    };
    let country = network.and_then(|network| <[u8; 2]>::try_from(network.country.as_bytes()).ok());
    Place {
        origin: Origin {
            asn: network.map(network::Network::asn),
            country: country.map(Country),
            datacentre: listed(Kind::Hosting),
            vpn: listed(Kind::Vpn),
            tor: listed(Kind::Tor),
            ..Origin::default()
        },
        ..Place::default()
    }
}

/// Share of `intruders` above the cut that challenges `share` of `honest`, by one method.
pub fn recall(honest: &[Scores], intruders: &[Scores], method: usize, share: f64) -> f64 {
    let of = |scores: &Scores| scores.get(method).copied().unwrap_or(f64::NEG_INFINITY);
    let mut sorted: Vec<f64> = honest.iter().map(of).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let place = (sorted.len() as f64 * share) as usize;
    let cut = sorted.get(place).or(sorted.last()).copied().unwrap_or(f64::INFINITY);
    let found = intruders.iter().filter(|scores| of(scores) > cut).count();
    found as f64 / intruders.len().max(1) as f64
}
