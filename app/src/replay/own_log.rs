//! The server's own log: judged again from what was observed then, or written out.
//!
//! Every record keeps what judgement saw, so that a replay needs neither the bodies nor the lists
//! of that day, and gives the very decisions that were given, also after a person was erased.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use domain::observation::Observation;
use domain::policy::Policy;
use serde::{Deserialize, Serialize};
use store::{Body, Entry, Payload, Store, StoreError};

use super::judge::Judging;
use super::line::{Codes, Line};
use super::report::Report;
use crate::world::Stopwatch;

/// Why the log could not be read through.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database does not give it.
    #[error("the log cannot be read")]
    Store(#[from] StoreError),
    /// The output does not take it.
    #[error("the output cannot be written")]
    Output(#[from] io::Error),
    /// A policy that judged is gone or does not compile any more.
    #[error("policy version {0} cannot be used again")]
    Policy(i64),
}

/// Versions of the policy by number, read when first needed.
struct Versions {
    by_number: BTreeMap<i64, Arc<Policy>>,
}

impl Versions {
    fn new() -> Self {
        // Number 0 judges until a version is put into force.
        Self { by_number: BTreeMap::from([(0, Arc::default())]) }
    }

    async fn of(&mut self, number: i64, store: &Store) -> Result<Arc<Policy>, LogError> {
        if let Some(policy) = self.by_number.get(&number) {
            return Ok(Arc::clone(policy));
        }
        let version = store.policy(number).await?.ok_or(LogError::Policy(number))?;
        let policy =
            Policy::compile(&version.proposed.text).map_err(|_| LogError::Policy(number))?;
        let policy = Arc::new(policy);
        self.by_number.insert(number, Arc::clone(&policy));
        Ok(policy)
    }
}

/// Judges the whole log again. Each event by the policy that judged it then; with `only`, all by
/// the one that `judging` has.
pub async fn replay_log(
    store: &Store,
    mut judging: Judging,
    only: bool,
    progress: impl Fn(u64),
) -> Result<Report, LogError> {
    let watch = Stopwatch::start();
    let mut versions = Versions::new();
    let mut log = store.log_after(0);
    loop {
        let entries = log.next().await?;
        let Some(last) = entries.last() else { break };
        for entry in &entries {
            judging.stand_before(entry.position);
            match &entry.payload {
                Payload::Event { observation, policy, .. } => {
                    if !only {
                        judging.put_in_force(versions.of(*policy, store).await?)?;
                    }
                    let id = event_id(entry, observation).into_owned();
                    judging.judge_labelled(id, observation)?;
                }
                Payload::Outcome { observation, outcome, .. } => {
                    judging.settle(observation, *outcome);
                }
                Payload::PolicyActivated { .. } => {}
            }
        }
        progress(last.position);
    }
    Ok(judging.finish(watch.elapsed().as_secs_f64())?)
}

/// Writes the decisions as they were given, in the form of `replay --out`.
pub async fn export_decisions(store: &Store, mut out: impl Write) -> Result<u64, LogError> {
    let codes = Codes::default();
    let mut versions = Versions::new();
    let mut written = 0;
    let mut log = store.log_after(0);
    loop {
        let entries = log.next().await?;
        if entries.is_empty() {
            out.flush()?;
            return Ok(written);
        }
        for entry in &entries {
            if let Payload::Event { observation, assessment, policy, .. } = &entry.payload {
                let (id, policy) =
                    (event_id(entry, observation), versions.of(*policy, store).await?);
                let codes = &codes;
                Line { event_id: &id, assessment, policy: &policy, codes }.write(&mut out)?;
                written += 1;
            }
        }
    }
}

/// Writes the events as they were received; of an erased person only that there was one.
pub async fn export_events(store: &Store, mut out: impl Write) -> Result<u64, LogError> {
    let mut written = 0;
    let mut log = store.log_after(0);
    loop {
        let entries = log.next().await?;
        if entries.is_empty() {
            out.flush()?;
            return Ok(written);
        }
        for entry in &entries {
            let Payload::Event { observation, .. } = &entry.payload else { continue };
            match &entry.body {
                Body::Open(json) => out.write_all(json)?,
                Body::Erased | Body::None => {
                    let id = event_id(entry, observation);
                    let unreadable = Unreadable {
                        event_id: &id,
                        kind: observation.kind,
                        position: entry.position,
                        erased: true,
                    };
                    serde_json::to_writer(&mut out, &unreadable).map_err(io::Error::from)?;
                }
            }
            out.write_all(b"\n")?;
            written += 1;
        }
    }
}

/// What is left of an event when its person was erased.
#[derive(Serialize)]
struct Unreadable<'a> {
    event_id: &'a str,
    #[serde(rename = "type")]
    kind: domain::event::EventType,
    position: u64,
    erased: bool,
}

/// The id the store gave the event; its keyed hash where nobody can read it any more.
fn event_id<'a>(entry: &'a Entry, observation: &Observation) -> Cow<'a, str> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        event_id: Cow<'a, str>,
    }
    let open = match &entry.body {
        Body::Open(json) => serde_json::from_slice::<Named<'_>>(json).ok(),
        Body::Erased | Body::None => None,
    };
    open.map_or_else(
        || Cow::Owned(format!("erased-{:032x}", observation.event.0)),
        |named| named.event_id,
    )
}
