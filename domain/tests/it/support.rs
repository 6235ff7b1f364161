//! Observations without a store, and a memory that judges and remembers as the server does.

use domain::decision::Assessment;
use domain::event::{EventType, Status};
use domain::keyed::{AccountKey, EventKey, Field, KeyedHasher};
use domain::memory::{Memory, Outcome, Position};
use domain::observation::{
    Agent, Contact, Country, Credential, CredentialKind, DeviceClass, Observation, Origin,
};
use domain::policy::Policy;
use domain::risk;
use domain::time::Micros;
use std::path::PathBuf;

/// 1 July 2026, 00:00 UTC.
pub const START: i64 = 1_782_864_000_000_000;

/// A hash as the instance's key would give it.
pub fn hash(text: &str) -> u64 {
    KeyedHasher::new([1; 32]).short(Field::Other, text.as_bytes())
}

/// An event of `account` at `at`, about which nothing else is known.
pub fn event(account: &str, kind: EventType, status: Status, at: i64) -> Observation {
    let occurred_at = Micros(at);
    Observation {
        event: EventKey(u128::from(hash(&format!("{account} {kind:?} {status:?} {at}")))),
        account: Some(AccountKey(u128::from(hash(account)))),
        kind,
        status,
        occurred_at,
        received_at: occurred_at,
        registered_at: None,
        seller: false,
        session: None,
        origin: Origin::default(),
        agent: Agent::default(),
        device: None,
        credential: None,
        change: None,
        contact: Contact::default(),
        order: None,
        payment: None,
        lists: smallvec::SmallVec::new(),
        labels: smallvec::SmallVec::new(),
    }
}

/// A sign-in.
pub fn sign_in(account: &str, status: Status, at: i64) -> Observation {
    event(account, EventType::Login, status, at)
}

/// What an observation comes from.
pub trait From {
    /// An address in an AS of a country; its network is all but the last part.
    #[must_use]
    fn at_place(self, ip: &str, asn: u32, country: [u8; 2]) -> Self;
    /// An address of which nothing else is known.
    #[must_use]
    fn at_ip(self, ip: &str) -> Self;
    /// A device token.
    #[must_use]
    fn on_device(self, token: &str) -> Self;
    /// A browser on a system.
    #[must_use]
    fn with_agent(self, text: &str, browser: &str, system: &str, class: DeviceClass) -> Self;
    /// A password, by its hash.
    #[must_use]
    fn with_secret(self, secret: &str) -> Self;
}

impl From for Observation {
    fn at_place(self, ip: &str, asn: u32, country: [u8; 2]) -> Self {
        let mut it = self.at_ip(ip);
        it.origin.asn = Some(asn);
        it.origin.country = Some(Country(country));
        it
    }

    fn at_ip(mut self, ip: &str) -> Self {
        let network = ip.rsplit_once('.').map_or(ip, |(network, _)| network);
        self.origin.ip = Some(hash(ip));
        self.origin.network = Some(hash(network));
        self
    }

    fn on_device(mut self, token: &str) -> Self {
        self.device = Some(hash(token));
        self
    }

    fn with_agent(mut self, text: &str, browser: &str, system: &str, class: DeviceClass) -> Self {
        self.agent.text = Some(hash(text));
        self.agent.browser = Some(hash(browser));
        self.agent.system = Some(hash(system));
        self.agent.class = class;
        self
    }

    fn with_secret(mut self, secret: &str) -> Self {
        let kind = CredentialKind::Password;
        self.credential = Some(Credential { kind, secret: Some(hash(secret)), breached: None });
        self
    }
}

/// A memory and its place in the log.
#[derive(Default)]
pub struct World {
    pub memory: Memory,
    pub position: Position,
    policy: Policy,
}

impl World {
    /// Judged by a policy that ships.
    pub fn of_preset(name: &str) -> Self {
        Self { policy: Policy::preset(name).unwrap(), ..Self::default() }
    }

    /// Judges without remembering.
    pub fn ask(&self, observation: &Observation) -> Assessment {
        risk::assess(observation, &self.memory.known(observation), &self.policy)
    }

    /// Judges and remembers.
    pub fn see(&mut self, observation: &Observation) -> Assessment {
        let assessment = self.ask(observation);
        self.remember(observation, &assessment);
        assessment
    }

    /// Remembers with a judgement of the test's own.
    pub fn remember(&mut self, observation: &Observation, assessment: &Assessment) {
        self.position += 1;
        self.memory.remember(self.position, observation, assessment);
    }

    /// What became of it.
    pub fn settle(&mut self, observation: &Observation, outcome: Outcome) {
        self.position += 1;
        self.memory.settle(self.position, observation, outcome);
    }
}

/// The codes of an assessment's reasons.
pub fn codes(assessment: &Assessment) -> Vec<&'static str> {
    let signals = assessment.reasons.iter().filter_map(|it| risk::signal_by_number(it.signal));
    signals.map(|signal| signal.code).collect()
}

/// A file of the shared data, or a line that says it is skipped.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SEKISHO_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let file = root.join("data").join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("skipped: {} is not here (set SEKISHO_SHARED)", file.display());
    None
}
