//! The judge at work: one task that owns memory.

use std::sync::Arc;
use std::time::Duration;

use domain::keyed::EventKey;
use domain::memory::{Memory, Position};
use domain::observation::Observation;
use domain::policy::Policy;
use domain::risk::assess;
use domain::time::Micros;
use store::{
    Batch, Checkpoint, Head, Loaded, NewRecord, Payload, Store, StoreError, Stored, Wanted,
};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::answer::Reply;
use super::recent::{Heard, Recent};
use super::{Bench, Judged, OutcomeOf, Request, Stats, Submission, Unjudged};
use crate::world::Stopwatch;

/// Requests judged in one batch.
const BATCH_MAX: usize = 1024;
/// First and longest pause between two attempts to rebuild hot state.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Memory, the place in the log, and what is on the way to disk.
pub(super) struct Sitting {
    store: Store,
    bench: Bench,
    memory: Memory,
    /// Which parts of memory the disk lacks, and which may leave memory.
    checkpoint: Checkpoint,
    /// The last durable head.
    head: Head,
    /// The last position given out, durable or not.
    position: Position,
    recent: Recent,
    in_flight: Option<InFlight>,
    /// The policy as of the last durable batch: what a failed batch falls back to.
    durable_policy: (i64, Arc<Policy>),
    stats: Arc<Stats>,
}

/// A batch on its way to disk.
struct InFlight {
    commit: JoinHandle<Result<Head, StoreError>>,
    /// The policy in force after it.
    policy: (i64, Arc<Policy>),
}

impl Sitting {
    pub(super) async fn open(
        store: Store,
        bench: Bench,
        stats: Arc<Stats>,
    ) -> Result<Self, StoreError> {
        let mut memory = Memory::default();
        let mut checkpoint = Checkpoint::new(bench.limits);
        let head = store.recover(&mut memory, &mut checkpoint).await?;
        stats.set_ready(true);
        let recent = Recent::default();
        let position = head.position;
        let durable_policy = (bench.policy_number, Arc::clone(&bench.policy));
        let in_flight = None;
        Ok(Self {
            store,
            bench,
            memory,
            checkpoint,
            head,
            position,
            recent,
            in_flight,
            durable_policy,
            stats,
        })
    }

    /// Judges until `closed`, then until nothing waits.
    pub(super) async fn run(
        mut self,
        mut waiting: mpsc::Receiver<Request>,
        mut closed: watch::Receiver<bool>,
    ) {
        let mut requests = Vec::with_capacity(BATCH_MAX);
        let mut open = true;
        loop {
            tokio::select! {
                biased;
                finished = finish(&mut self.in_flight), if self.in_flight.is_some() => {
                    self.take_finished(finished, &mut waiting).await;
                }
                _ = closed.changed(), if open => {
                    open = false;
                    waiting.close();
                }
                taken = waiting.recv_many(&mut requests, BATCH_MAX) => {
                    if taken == 0 {
                        break;
                    }
                    self.sit(std::mem::take(&mut requests), &mut waiting).await;
                }
            }
        }
        if self.in_flight.is_some() {
            let finished = finish(&mut self.in_flight).await;
            self.take_finished(finished, &mut waiting).await;
        }
        self.stats.set_ready(false);
        self.save_everything().await;
    }

    /// At an orderly stop: saves what is dirty, so that the next start replays nothing.
    async fn save_everything(&mut self) {
        let mut batch = Batch::default();
        self.checkpoint.fill_all(&mut batch, &self.memory);
        if let Err(error) = self.store.commit(&self.head, batch).await {
            tracing::warn!(error = %error, "hot state is not saved; the next start replays more");
        }
    }

    /// One batch: load, decide, and hand over for commit once the batch before is durable.
    async fn sit(&mut self, requests: Vec<Request>, waiting: &mut mpsc::Receiver<Request>) {
        let loaded = match self.store.load(&self.wanted(&requests)).await {
            Ok(loaded) => loaded,
            Err(error) => {
                tracing::error!(error = %error, "cannot load what is known; answering 503");
                self.stats.failed();
                requests.into_iter().for_each(Request::turn_away);
                return self.wait_for_database(waiting).await;
            }
        };
        let (batch, replies) = self.decide(requests, loaded);
        if self.in_flight.is_some() {
            let finished = finish(&mut self.in_flight).await;
            if !self.take_finished(finished, waiting).await {
                return replies.into_iter().for_each(Reply::turn_away);
            }
        }
        self.hand_over(batch, replies);
    }

    /// After a load that failed: until the database answers again, what comes in is turned away at
    /// once instead of waiting for it in turn.
    async fn wait_for_database(&mut self, waiting: &mut mpsc::Receiver<Request>) {
        self.stats.set_ready(false);
        if self.in_flight.is_some() {
            let finished = turning_away(finish(&mut self.in_flight), waiting).await;
            if !self.take_finished(finished, waiting).await {
                return;
            }
        }
        let mut wait = PAUSE_MIN;
        while let Err(error) = turning_away(self.store.ping(), waiting).await {
            tracing::warn!(error = %error, "the database does not answer yet");
            turning_away(crate::world::pause(wait), waiting).await;
            wait = (wait * 2).min(PAUSE_MAX);
        }
        self.stats.set_ready(true);
    }

    /// What the requests need that is not in memory.
    fn wanted(&self, requests: &[Request]) -> Wanted {
        let mut wanted = Wanted::default();
        for request in requests {
            match request {
                Request::Event(submission, _) => {
                    let observation = &submission.observation;
                    if self.recent.event(observation.event).is_none() {
                        wanted.events.push(observation.event);
                    }
                    let absent = observation.account.filter(|account| !self.memory.holds(*account));
                    wanted.profiles.extend(absent);
                }
                Request::Outcome(told, _) => {
                    if self.recent.decision(told.decision).is_none() {
                        wanted.decisions.push(told.decision);
                    }
                }
                Request::Policy(..) => {}
            }
        }
        wanted
    }

    /// Judges the requests in their order and builds what is to be written and answered.
    fn decide(&mut self, requests: Vec<Request>, loaded: Loaded) -> (Batch, Vec<Reply>) {
        for (account, profile) in loaded.profiles {
            self.memory.restore_account(account, profile);
            self.checkpoint.restored(account);
        }
        for stored in loaded.events.into_iter().chain(loaded.decisions) {
            self.hear_stored(stored);
        }
        let mut batch = Batch::default();
        let mut replies = Vec::with_capacity(requests.len());
        for request in requests {
            replies.push(match request {
                Request::Event(submission, answer) => {
                    Reply::Judged(answer, self.judge_event(*submission, &mut batch))
                }
                Request::Outcome(told, answer) => {
                    Reply::Done(answer, self.settle_outcome(told, &mut batch))
                }
                Request::Policy(number, policy, at, answer) => {
                    self.put_in_force(number, policy, at, &mut batch);
                    Reply::Done(answer, Ok(()))
                }
            });
        }
        if !batch.records.is_empty() {
            self.checkpoint.fill(&mut batch, &self.memory);
            self.checkpoint.evict(&mut self.memory);
        }
        self.stats.holds_accounts(self.memory.accounts_held());
        (batch, replies)
    }

    fn judge_event(
        &mut self,
        submission: Submission,
        batch: &mut Batch,
    ) -> Result<Judged, Unjudged> {
        let event = submission.observation.event;
        if let Some(heard) = self.recent.event(event) {
            return if heard.content == submission.content {
                Ok(Judged { repeated: true, ..heard.judged.clone() })
            } else {
                Err(Unjudged::Contradiction)
            };
        }
        let observation = &submission.observation;
        let assessment = assess(observation, &self.memory.known(observation), &self.bench.policy);
        self.position += 1;
        self.memory.remember(self.position, observation, &assessment);
        self.checkpoint.touched(self.position, observation.account);
        let judged = Judged {
            decision: (self.bench.next_decision)(observation.received_at),
            assessment: Arc::new(assessment),
            mode: submission.mode,
            policy: self.bench.policy_number,
            repeated: false,
        };
        let outbox = (self.bench.messages)(&judged, &submission);
        let observation: Arc<Observation> = Arc::from(submission.observation);
        batch.records.push(NewRecord {
            position: self.position,
            received_at: observation.received_at,
            payload: Payload::Event {
                decision: judged.decision,
                asked: submission.asked,
                mode: judged.mode,
                content: submission.content,
                observation: Arc::clone(&observation),
                assessment: Arc::clone(&judged.assessment),
                policy: judged.policy,
            },
            body: submission.body,
            account_name: submission.account_name,
            outbox,
        });
        let heard = Heard { content: submission.content, observation, judged: judged.clone() };
        self.recent.add(event, heard);
        Ok(judged)
    }

    fn settle_outcome(&mut self, told: OutcomeOf, batch: &mut Batch) -> Result<(), Unjudged> {
        let heard = self.recent.decision(told.decision).ok_or(Unjudged::NoSuchDecision)?;
        let observation = Arc::clone(&heard.observation);
        self.position += 1;
        self.memory.settle(self.position, &observation, told.outcome);
        self.checkpoint.touched(self.position, observation.account);
        batch.records.push(NewRecord {
            position: self.position,
            received_at: told.received_at,
            payload: Payload::Outcome {
                decision: told.decision,
                outcome: told.outcome,
                source: told.source,
                observation,
            },
            body: Vec::new(),
            account_name: None,
            outbox: Vec::new(),
        });
        Ok(())
    }

    fn put_in_force(&mut self, number: i64, policy: Arc<Policy>, at: Micros, batch: &mut Batch) {
        self.position += 1;
        self.checkpoint.touched(self.position, None);
        self.bench.policy_number = number;
        self.bench.policy = policy;
        batch.records.push(NewRecord {
            position: self.position,
            received_at: at,
            payload: Payload::PolicyActivated { policy: number },
            body: Vec::new(),
            account_name: None,
            outbox: Vec::new(),
        });
    }

    /// Makes a record of the log known, so that a repetition of it is answered as it was.
    fn hear_stored(&mut self, stored: Stored) {
        if let Payload::Event { decision, mode, content, observation, assessment, policy, .. } =
            stored.payload
        {
            let event: EventKey = observation.event;
            let judged = Judged { decision, assessment, mode, policy, repeated: true };
            self.recent.add(event, Heard { content, observation, judged });
        }
    }

    /// Starts the commit of a batch; its replies leave when it is durable.
    fn hand_over(&mut self, batch: Batch, replies: Vec<Reply>) {
        if batch.records.is_empty() {
            return replies.into_iter().for_each(Reply::give);
        }
        let (store, head, stats) = (self.store.clone(), self.head, Arc::clone(&self.stats));
        let policy = (self.bench.policy_number, Arc::clone(&self.bench.policy));
        let commit = tokio::spawn(async move {
            let (records, begun) = (batch.records.len(), Stopwatch::start());
            match store.commit(&head, batch).await {
                Ok(head) => {
                    stats.committed(records, begun.elapsed().as_micros(), head.position);
                    replies.into_iter().for_each(Reply::give);
                    Ok(head)
                }
                Err(error) => {
                    replies.into_iter().for_each(Reply::turn_away);
                    Err(error)
                }
            }
        });
        self.in_flight = Some(InFlight { commit, policy });
    }

    /// Takes note of a finished commit; after a failed one hot state is rebuilt. Returns whether
    /// it was durable.
    async fn take_finished(
        &mut self,
        finished: (Result<Head, StoreError>, (i64, Arc<Policy>)),
        waiting: &mut mpsc::Receiver<Request>,
    ) -> bool {
        match finished {
            (Ok(head), policy) => {
                self.head = head;
                self.checkpoint.committed(head.position);
                self.durable_policy = policy;
                true
            }
            (Err(error), _) => {
                tracing::error!(error = %error, "a batch was not made durable; rebuilding");
                self.stats.failed();
                self.stats.set_ready(false);
                self.rebuild(waiting).await;
                false
            }
        }
    }

    /// Rebuilds memory from the log, as often as it takes; what comes in meanwhile is turned away.
    async fn rebuild(&mut self, waiting: &mut mpsc::Receiver<Request>) {
        self.recent = Recent::default();
        (self.bench.policy_number, self.bench.policy) = self.durable_policy.clone();
        let mut pause = PAUSE_MIN;
        loop {
            let mut memory = Memory::default();
            let mut checkpoint = Checkpoint::new(self.bench.limits);
            let recovered = {
                let recovery = self.store.recover(&mut memory, &mut checkpoint);
                turning_away(recovery, waiting).await
            };
            match recovered {
                Ok(head) => {
                    self.memory = memory;
                    self.checkpoint = checkpoint;
                    self.head = head;
                    self.position = head.position;
                    self.stats.set_ready(true);
                    tracing::info!(log.position = head.position, "hot state is rebuilt");
                    return;
                }
                Err(error) => {
                    tracing::warn!(error = %error, "the log cannot be read yet");
                    turning_away(crate::world::pause(pause), waiting).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }
}

/// Waits for `work` and meanwhile answers every request with 503.
async fn turning_away<T>(
    work: impl Future<Output = T>,
    waiting: &mut mpsc::Receiver<Request>,
) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            Some(request) = waiting.recv() => request.turn_away(),
        }
    }
}

/// The result of the commit in flight and the policy after it; a panic counts as failure.
async fn finish(
    in_flight: &mut Option<InFlight>,
) -> (Result<Head, StoreError>, (i64, Arc<Policy>)) {
    let Some(InFlight { commit, policy }) = in_flight.as_mut() else {
        return std::future::pending().await;
    };
    let finished = commit.await;
    let policy = policy.clone();
    *in_flight = None;
    (finished.unwrap_or_else(|panic| Err(StoreError::Unavailable(Box::new(panic)))), policy)
}
