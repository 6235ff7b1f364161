//! Asking a seller to take goods back (R36): with order, item and deadline, never with the victim.

use serde::{Deserialize, Serialize};

use crate::time::{DAY, Micros};

/// A seller that is silent so long is taken to have refused; a person looks.
pub const ANSWER_WITHIN: i64 = 7 * DAY;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The seller is asked.
    Requested,
    /// The seller takes the goods back and bears so much, in minor units.
    Agreed {
        /// Of the price.
        amount: i64,
    },
    /// The goods are there.
    Received {
        /// What the seller bears.
        amount: i64,
    },
    /// The seller will not.
    Refused,
    /// No answer in time.
    Silent,
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// The seller agrees to bear so much.
    Agree {
        /// Minor units.
        amount: i64,
    },
    /// The seller will not.
    Refuse,
    /// The goods are there.
    Receive,
    /// Time has passed.
    Tick,
}

/// A request to a seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SellerReturn {
    /// Where it stands.
    pub state: State,
    /// Until when an answer is awaited.
    pub due_at: Micros,
}

impl SellerReturn {
    /// The seller is asked now.
    pub const fn requested(now: Micros) -> Self {
        Self { state: State::Requested, due_at: now.plus(ANSWER_WITHIN) }
    }

    /// The request after `command`; `None` where that cannot follow. The same again changes nothing.
    /// A seller that was silent, or refused, may still agree.
    pub fn next(self, command: Command, now: Micros) -> Option<Self> {
        let state = match (self.state, command) {
            (State::Requested | State::Silent | State::Refused, Command::Agree { amount }) => {
                State::Agreed { amount }
            }
            (State::Agreed { amount }, Command::Agree { amount: same }) if amount == same => {
                self.state
            }
            (State::Requested | State::Silent | State::Refused, Command::Refuse) => State::Refused,
            (State::Agreed { amount } | State::Received { amount }, Command::Receive) => {
                State::Received { amount }
            }
            (State::Requested, Command::Tick) if self.due_at <= now => State::Silent,
            (_, Command::Tick) => self.state,
            _ => return None,
        };
        Some(Self { state, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn r36_a_seller_is_silent_after_seven_days_and_may_still_agree() {
        let asked = SellerReturn::requested(Micros(0));
        assert_eq!(asked.next(Command::Tick, Micros(7 * DAY - 1)), Some(asked));
        let silent = asked.next(Command::Tick, Micros(7 * DAY)).unwrap();
        assert_eq!(silent.state, State::Silent);
        let agreed = silent.next(Command::Agree { amount: 40_000 }, Micros(8 * DAY)).unwrap();
        let there = agreed.next(Command::Receive, Micros(9 * DAY)).unwrap();
        assert_eq!(there.state, State::Received { amount: 40_000 });
        assert_eq!(there.next(Command::Refuse, Micros(9 * DAY)), None);
        assert_eq!(agreed.next(Command::Agree { amount: 1 }, Micros(9 * DAY)), None);
    }
}
