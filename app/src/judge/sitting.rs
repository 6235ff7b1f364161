//! The judge at work: one task that owns memory.

use std::sync::Arc;
use std::time::Duration;

use domain::memory::{Memory, Position};
use domain::observation::Observation;
use domain::policy::Policy;
use domain::risk::assess;
use domain::time::Micros;
use store::{
    Batch, Checkpoint, DecisionId, Head, Loaded, NewRecord, Payload, Store, StoreError, Wanted,
};
use tokio::sync::{mpsc, watch};

use super::answer::{Reply, turning_away};
use super::group::{Finished, InFlight, Pending, Rhythm, finish};
use super::recent::{Heard, Recent, Settled};
use super::{Bench, Judged, OutcomeOf, Request, Stats, Submission, Unjudged};
use crate::world::Stopwatch;

/// Requests in one batch.
const BATCH_MAX: usize = 1024;
/// While a batch is on its way to disk, so many waiting requests are worth a look-up of their own.
const STRIDE: usize = 32;
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
    /// Judged, and waiting for the batch in flight.
    pending: Pending,
    rhythm: Rhythm,
    /// The policy as of the last durable batch: what a failed batch falls back to.
    durable_policy: (i64, Arc<Policy>),
    stats: Arc<Stats>,
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
            pending: Pending::default(),
            rhythm: Rhythm::default(),
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
        while self.gather(&mut requests, &mut waiting, &mut closed).await {
            if !requests.is_empty() {
                self.sit(std::mem::take(&mut requests), &mut waiting).await;
            }
            if self.in_flight.is_none() {
                self.hand_over();
            }
        }
        loop {
            if self.in_flight.is_none() {
                self.hand_over();
            }
            if self.in_flight.is_none() {
                break;
            }
            let finished = finish(&mut self.in_flight).await;
            self.take_finished(finished, &mut waiting).await;
        }
        self.stats.set_ready(false);
        self.save_everything().await;
    }

    /// Gathers requests until it is worth judging them: a whole stride while a batch is in flight,
    /// all of them when it has become durable, and otherwise as [`Rhythm`] says. `false` at the end.
    async fn gather(
        &mut self,
        requests: &mut Vec<Request>,
        waiting: &mut mpsc::Receiver<Request>,
        closed: &mut watch::Receiver<bool>,
    ) -> bool {
        let mut patience = std::pin::pin!(self.rhythm.patience());
        loop {
            let gathered = requests.len() + self.pending.len();
            let enough = if self.in_flight.is_some() {
                requests.len() >= STRIDE
            } else {
                gathered >= self.rhythm.enough()
            };
            if enough {
                return true;
            }
            tokio::select! {
                biased;
                _ = closed.changed(), if !waiting.is_closed() => waiting.close(),
                finished = finish(&mut self.in_flight), if self.in_flight.is_some() => {
                    self.take_finished(finished, waiting).await;
                    patience.set(self.rhythm.patience());
                }
                taken = waiting.recv_many(requests, BATCH_MAX.saturating_sub(gathered)),
                    if gathered < BATCH_MAX => {
                    if taken == 0 {
                        return !requests.is_empty();
                    }
                }
                () = &mut patience, if self.in_flight.is_none() && gathered > 0 => return true,
            }
        }
    }

    /// At an orderly stop: saves what is dirty, so that the next start replays nothing.
    async fn save_everything(&mut self) {
        let mut batch = Batch::default();
        self.checkpoint.fill_all(&mut batch, &self.memory);
        if let Err(error) = self.store.commit(&self.head, batch).await {
            tracing::warn!(error = %error, "hot state is not saved; the next start replays more");
        }
    }

    /// Loads what is known about the requests and judges them.
    async fn sit(&mut self, requests: Vec<Request>, waiting: &mut mpsc::Receiver<Request>) {
        match self.store.load(&self.wanted(&requests)).await {
            Ok(loaded) => self.decide(requests, loaded),
            Err(error) => {
                tracing::error!(error = %error, "cannot load what is known; answering 503");
                self.stats.failed();
                requests.into_iter().for_each(Request::turn_away);
                self.wait_for_database(waiting).await;
            }
        }
    }

    /// After a load that failed: until the database answers again, what comes in is turned away at
    /// once instead of waiting for it in turn.
    async fn wait_for_database(&mut self, waiting: &mut mpsc::Receiver<Request>) {
        self.stats.set_ready(false);
        while self.in_flight.is_some() {
            let finished = turning_away(finish(&mut self.in_flight), waiting).await;
            if !self.take_finished(finished, waiting).await {
                return;
            }
            self.hand_over();
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
                    if !self.recent.knows_outcome(told.decision) {
                        wanted.decisions.push(told.decision);
                    }
                }
                Request::Policy(..) => {}
            }
        }
        wanted
    }

    /// Judges the requests in their order: what is to be written and answered is then pending.
    fn decide(&mut self, requests: Vec<Request>, loaded: Loaded) {
        for (account, profile) in loaded.profiles {
            self.memory.restore_account(account, profile);
            self.checkpoint.restored(account);
        }
        for stored in loaded.events {
            self.recent.hear(stored, Settled::Unknown);
        }
        for (stored, said) in loaded.decisions {
            self.recent.hear(stored, Settled::As(said));
        }
        let Pending { mut batch, mut replies } = std::mem::take(&mut self.pending);
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
        self.pending = Pending { batch, replies };
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
            decision: DecisionId::of(self.position, observation.received_at),
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
        let (content, settled) = (submission.content, Settled::As(None));
        let heard = Heard { content, observation, judged: judged.clone(), settled };
        self.recent.add(event, heard);
        Ok(judged)
    }

    fn settle_outcome(&mut self, told: OutcomeOf, batch: &mut Batch) -> Result<(), Unjudged> {
        let settled = self.recent.settle(told.decision, &told.said)?;
        let Some(observation) = settled else { return Ok(()) };
        let (outcome, source) = told.said;
        self.position += 1;
        self.memory.settle(self.position, &observation, outcome);
        self.checkpoint.touched(self.position, observation.account);
        batch.records.push(NewRecord {
            position: self.position,
            received_at: told.received_at,
            payload: Payload::Outcome { decision: told.decision, outcome, source, observation },
            body: Vec::new(),
            account_name: None,
            outbox: told.outbox,
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

    /// Starts the commit of what is pending; its replies leave when it is durable.
    fn hand_over(&mut self) {
        let Pending { mut batch, replies } = std::mem::take(&mut self.pending);
        if batch.records.is_empty() {
            return replies.into_iter().for_each(Reply::give);
        }
        self.checkpoint.fill(&mut batch, &self.memory);
        self.checkpoint.evict(&mut self.memory);
        self.stats.holds_accounts(self.memory.accounts_held());
        let (store, head, stats) = (self.store.clone(), self.head, Arc::clone(&self.stats));
        let policy = (self.bench.policy_number, Arc::clone(&self.bench.policy));
        let answers = replies.len();
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
        self.in_flight = Some(InFlight { commit, policy, answers, begun: Stopwatch::start() });
    }

    /// Takes note of a finished commit; after a failed one, what was judged on top of it is dropped
    /// and hot state is rebuilt. Returns whether it was durable.
    async fn take_finished(
        &mut self,
        finished: Finished,
        waiting: &mut mpsc::Receiver<Request>,
    ) -> bool {
        self.rhythm.beat(&finished);
        match finished.head {
            Ok(head) => {
                self.head = head;
                self.checkpoint.committed(head.position);
                self.durable_policy = finished.policy;
                true
            }
            Err(error) => {
                tracing::error!(error = %error, "a batch was not made durable; rebuilding");
                self.stats.failed();
                self.stats.set_ready(false);
                std::mem::take(&mut self.pending).replies.into_iter().for_each(Reply::turn_away);
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
