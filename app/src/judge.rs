//! The one-way flow: load, decide, commit, then answer.
//!
//! Requests queue for one judge, which takes as many as are waiting, loads what is known about
//! them in one go, judges them in order, commits them in one transaction and only then answers.
//! Concurrency is won by the size of the batch, never by answering early. While one batch is
//! being made durable the next is judged; a batch that cannot be made durable takes everything
//! judged after it down with it, and hot state is rebuilt from the log before anything else is
//! answered.

mod answer;
mod group;
mod recent;
mod sitting;
mod stats;

use std::collections::VecDeque;
use std::sync::Arc;

use domain::decision::{Assessment, Mode};
use domain::observation::Observation;
use domain::policy::Policy;
use domain::time::Micros;
use store::{CheckpointLimits, DecisionId, OutboxRow, Said, Store};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use sitting::Sitting;
pub use stats::Stats;

/// Requests that may wait; one more is turned away with 503.
const QUEUE_MAX: usize = 8192;
/// Requests of one API batch that may wait at a time.
const SHARE_OF_ONE: usize = 512;

/// An event to be judged.
pub struct Submission {
    /// The store's id of the event, for webhook messages.
    pub event_id: String,
    /// What judgement sees.
    pub observation: Box<Observation>,
    /// The event's JSON as it will be kept, sealed.
    pub body: Vec<u8>,
    /// The account's id as the store gave it.
    pub account_name: Option<String>,
    /// Hash of the content, to tell a repetition from a contradiction.
    pub content: u64,
    /// A decision is asked for.
    pub asked: bool,
    /// Whether it binds.
    pub mode: Mode,
}

/// The answer to a [`Submission`], durable when it is given.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Id of the decision.
    pub decision: DecisionId,
    /// The judgement.
    pub assessment: Arc<Assessment>,
    /// Whether it binds.
    pub mode: Mode,
    /// Number of the policy version that judged.
    pub policy: i64,
    /// The same event was heard before; this is the answer it got then.
    pub repeated: bool,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unjudged {
    /// The same `event_id` came before with other content (409).
    #[error("the same event_id was heard before with other content")]
    Contradiction,
    /// No decision of that id (404).
    #[error("no such decision")]
    NoSuchDecision,
    /// The queue is full, the database is away or the server is stopping (503 + Retry-After).
    #[error("not ready; try again in {retry_after_seconds} s")]
    Unavailable {
        /// When to try again.
        retry_after_seconds: u32,
    },
}

/// What leaves with a decision: the webhook messages of one judged event.
pub type Messages = Arc<dyn Fn(&Judged, &Submission) -> Vec<OutboxRow> + Send + Sync>;

/// What the judge is given from outside: the words to subscribers, the rules, the limits.
pub struct Bench {
    /// Writes the outbox rows of a decision.
    pub messages: Messages,
    /// Number of the policy version in force.
    pub policy_number: i64,
    /// The policy in force.
    pub policy: Arc<Policy>,
    /// How many accounts stay in memory, and how much of the log a start may replay.
    pub limits: CheckpointLimits,
}

/// A handle on the judge; cheap to clone.
#[derive(Clone)]
pub struct Judge {
    queue: mpsc::Sender<Request>,
    closing: Arc<watch::Sender<bool>>,
    stats: Arc<Stats>,
}

/// What waits in the queue.
enum Request {
    Event(Box<Submission>, oneshot::Sender<Result<Judged, Unjudged>>),
    Outcome(OutcomeOf, oneshot::Sender<Result<(), Unjudged>>),
    Policy(i64, Arc<Policy>, Micros, oneshot::Sender<Result<(), Unjudged>>),
}

/// What became of a decision, as told.
struct OutcomeOf {
    decision: DecisionId,
    said: Said,
    outbox: Vec<OutboxRow>,
    received_at: Micros,
}

impl Judge {
    /// Rebuilds hot state from the log and begins to judge. The task ends after [`Judge::close`],
    /// when everything queued has been answered.
    pub async fn start(
        store: Store,
        bench: Bench,
    ) -> Result<(Self, JoinHandle<()>), store::StoreError> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let (closing, closed) = watch::channel(false);
        let stats = Arc::new(Stats::default());
        let sitting = Sitting::open(store, bench, Arc::clone(&stats)).await?;
        let task = tokio::spawn(sitting.run(waiting, closed));
        Ok((Self { queue, closing: Arc::new(closing), stats }, task))
    }

    /// Judges one event. Cancelling the wait does not undo what is already queued.
    pub async fn judge(&self, submission: Submission) -> Result<Judged, Unjudged> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Request::Event(Box::new(submission), answer))
            .map_err(|_| Unjudged::busy())?;
        answered.await.unwrap_or(Err(Unjudged::busy()))
    }

    /// Judges many, answered item by item, in their order. Few at a time wait in the queue, so that
    /// a large batch never turns others away; as they are answered, the next go in.
    pub async fn judge_all(&self, submissions: Vec<Submission>) -> Vec<Result<Judged, Unjudged>> {
        let mut answers = Vec::with_capacity(submissions.len());
        let mut waits = VecDeque::with_capacity(SHARE_OF_ONE);
        for submission in submissions {
            if waits.len() >= SHARE_OF_ONE {
                answers.extend(first_answer(&mut waits).await);
            }
            let (answer, answered) = oneshot::channel();
            let request = Request::Event(Box::new(submission), answer);
            waits.push_back(self.queue.send(request).await.map(|()| answered));
        }
        while let Some(answer) = first_answer(&mut waits).await {
            answers.push(answer);
        }
        answers
    }

    /// Records what became of a decision and who said so, with `outbox`, which is not sent where
    /// that was known.
    pub async fn settle(
        &self,
        decision: DecisionId,
        said: Said,
        outbox: Vec<OutboxRow>,
        received_at: Micros,
    ) -> Result<(), Unjudged> {
        let (answer, answered) = oneshot::channel();
        let told = OutcomeOf { decision, said, outbox, received_at };
        self.queue.try_send(Request::Outcome(told, answer)).map_err(|_| Unjudged::busy())?;
        answered.await.unwrap_or(Err(Unjudged::busy()))
    }

    /// From now on policy version `number` judges; answered once it is in the log.
    pub async fn activate_policy(
        &self,
        number: i64,
        policy: Arc<Policy>,
        received_at: Micros,
    ) -> Result<(), Unjudged> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Request::Policy(number, policy, received_at, answer))
            .map_err(|_| Unjudged::busy())?;
        answered.await.unwrap_or(Err(Unjudged::busy()))
    }

    /// Refuses new requests from now on; what is queued is still judged, committed and answered.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Requests waiting.
    pub fn queue_depth(&self) -> usize {
        QUEUE_MAX - self.queue.capacity()
    }

    /// Counters for `/metrics` and readiness.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }
}

/// An answer to come; `Err` where the judge has gone.
type Wait = Result<oneshot::Receiver<Result<Judged, Unjudged>>, mpsc::error::SendError<Request>>;

async fn first_answer(waits: &mut VecDeque<Wait>) -> Option<Result<Judged, Unjudged>> {
    Some(match waits.pop_front()? {
        Ok(answered) => answered.await.unwrap_or(Err(Unjudged::busy())),
        Err(_) => Err(Unjudged::busy()),
    })
}

impl Unjudged {
    /// The answer when the queue is full or the judge is stopping.
    const fn busy() -> Self {
        Self::Unavailable { retry_after_seconds: 1 }
    }
}
