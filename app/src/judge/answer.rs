//! Answers that wait until what they tell is durable.

use tokio::sync::{mpsc, oneshot};

use super::{Judged, Request, Unjudged};

/// An answer that waits for its batch to be durable.
pub(super) enum Reply {
    Judged(oneshot::Sender<Result<Judged, Unjudged>>, Result<Judged, Unjudged>),
    Done(oneshot::Sender<Result<(), Unjudged>>, Result<(), Unjudged>),
}

impl Request {
    pub(super) fn turn_away(self) {
        let unavailable = Unjudged::Unavailable { retry_after_seconds: 1 };
        match self {
            Self::Event(_, answer) => drop(answer.send(Err(unavailable))),
            Self::Outcome(_, answer) | Self::Policy(_, _, _, answer) => {
                drop(answer.send(Err(unavailable)));
            }
        }
    }
}

impl Reply {
    /// A caller that has gone away does not need its answer.
    pub(super) fn give(self) {
        match self {
            Self::Judged(answer, result) => drop(answer.send(result)),
            Self::Done(answer, result) => drop(answer.send(result)),
        }
    }

    pub(super) fn turn_away(self) {
        let unavailable = Unjudged::Unavailable { retry_after_seconds: 1 };
        match self {
            Self::Judged(answer, _) => drop(answer.send(Err(unavailable))),
            Self::Done(answer, _) => drop(answer.send(Err(unavailable))),
        }
    }
}

/// Waits for `work` and meanwhile answers every request with 503.
pub(super) async fn turning_away<T>(
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
