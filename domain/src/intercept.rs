//! Stopping a parcel on its way: back to its sender and nowhere else (§4.6, T17).
//!
//! Only the shipper of record may ask a carrier (§2.4), nothing is promised, and no refund waits
//! for it (C16).

use serde::{Deserialize, Serialize};

use crate::time::{DAY, HOUR, MINUTE, Micros};

/// A carrier that was asked and is silent is called after so long.
pub const ANSWER_WITHIN: i64 = 30 * MINUTE;
/// A seller that shipped it is asked to answer within so long.
pub const SELLER_WITHIN: i64 = HOUR;
/// Accepted, but no scan shows it: chased after so long.
pub const SCAN_WITHIN: i64 = DAY;
/// On its way back: traced after so long.
pub const BACK_WITHIN: i64 = 14 * DAY;

/// Where an intercept stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody was asked yet.
    Possible,
    /// Asked; no answer yet.
    Requested,
    /// The carrier has no way to be asked by a program: a person calls.
    Unsupported,
    /// It will be tried.
    Accepted,
    /// A scan shows it was stopped.
    Stopped,
    /// On its way back.
    Returning,
    /// Back at its sender.
    Returned,
    /// The carrier will not.
    Rejected,
    /// It was delivered first.
    TooLate,
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// The carrier, by a program.
    Carrier,
    /// The carrier, by a person on the phone.
    Phone,
    /// The seller that shipped it.
    Seller,
}

/// Where a parcel is to go instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// To whoever sent it.
    ReturnToSender,
    /// Anywhere else: always refused (T17).
    Other,
}

/// What happens to an intercept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// It is asked for.
    Request {
        /// Whereto.
        to: Destination,
    },
    /// It will be tried.
    Accepted,
    /// It will not.
    Rejected,
    /// There is no way to ask by a program.
    Unsupported,
    /// A scan shows it was stopped.
    Stopped,
    /// A scan shows it on its way back.
    Returning,
    /// It is back.
    Returned,
    /// It was delivered.
    Delivered,
    /// Time has passed.
    Tick,
}

/// What to do when it is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Ask.
    Ask(Through),
    /// A person calls the carrier, or the seller.
    Phone,
    /// A person asks why no scan shows it.
    Chase,
    /// A person has the parcel traced.
    Trace,
}

/// Why it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// T17.
    #[error("a parcel goes back to its sender and nowhere else")]
    NotToSender,
    /// This cannot follow.
    #[error("the intercept is not in a state in which this can follow")]
    NotNow,
}

/// One intercept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Intercept {
    /// Where it stands.
    pub state: State,
    /// Who is asked.
    pub through: Through,
    /// Since when it stands there.
    pub since: Micros,
    /// When somebody has to look.
    pub due_at: Option<Micros>,
}

impl Intercept {
    /// Nobody was asked yet.
    pub const fn possible(through: Through, now: Micros) -> Self {
        Self { state: State::Possible, through, since: now, due_at: None }
    }

    /// The intercept after `command`, and what to do. The same again changes nothing.
    ///
    /// # Errors
    /// [`Refused`]; it is as it was.
    pub fn next(self, command: Command, now: Micros) -> Result<(Self, Option<Action>), Refused> {
        use State as S;
        let (state, action) = match (self.state, command) {
            (_, Command::Request { to: Destination::Other }) => {
                return Err(Refused::NotToSender);
            }
            (S::Possible, Command::Request { .. }) => return Ok(self.requested(now)),
            (state, Command::Request { .. }) if state != S::TooLate && state != S::Rejected => {
                return Ok((self, None));
            }
            (S::Requested, Command::Unsupported) => (S::Unsupported, Some(Action::Phone)),
            (S::Requested | S::Unsupported, Command::Accepted) => (S::Accepted, None),
            (S::Requested | S::Unsupported, Command::Rejected) => (S::Rejected, None),
            (S::Requested | S::Unsupported | S::Accepted, Command::Stopped) => (S::Stopped, None),
            (S::Accepted | S::Stopped, Command::Returning) => (S::Returning, None),
            (S::Accepted | S::Stopped | S::Returning, Command::Returned) => (S::Returned, None),
            (
                S::Possible | S::Requested | S::Unsupported | S::Accepted | S::Rejected,
                Command::Delivered,
            ) => (S::TooLate, None),
            (_, Command::Tick) => return Ok(self.ticked(now)),
            (state, command) if Some(state) == command.reached() => return Ok((self, None)),
            _ => return Err(Refused::NotNow),
        };
        Ok((Self { state, since: now, due_at: wait(state).map(|w| now.plus(w)), ..self }, action))
    }

    fn requested(self, now: Micros) -> (Self, Option<Action>) {
        let (state, within) = match self.through {
            Through::Carrier => (State::Requested, ANSWER_WITHIN),
            Through::Seller => (State::Requested, SELLER_WITHIN),
            Through::Phone => (State::Unsupported, ANSWER_WITHIN),
        };
        let next = Self { state, since: now, due_at: Some(now.plus(within)), ..self };
        (next, Some(Action::Ask(self.through)))
    }

    /// A timer fires once; what it asks for is a task of its own.
    fn ticked(self, now: Micros) -> (Self, Option<Action>) {
        if self.due_at.is_none_or(|due| due > now) {
            return (self, None);
        }
        let action = match self.state {
            State::Requested | State::Unsupported => Some(Action::Phone),
            State::Accepted | State::Stopped => Some(Action::Chase),
            State::Returning => Some(Action::Trace),
            _ => None,
        };
        (Self { due_at: None, ..self }, action)
    }
}

impl Command {
    /// Where it leads.
    const fn reached(self) -> Option<State> {
        match self {
            Self::Accepted => Some(State::Accepted),
            Self::Rejected => Some(State::Rejected),
            Self::Unsupported => Some(State::Unsupported),
            Self::Stopped => Some(State::Stopped),
            Self::Returning => Some(State::Returning),
            Self::Returned => Some(State::Returned),
            Self::Delivered => Some(State::TooLate),
            Self::Request { .. } | Self::Tick => None,
        }
    }
}

const fn wait(state: State) -> Option<i64> {
    match state {
        State::Unsupported => Some(ANSWER_WITHIN),
        State::Accepted | State::Stopped => Some(SCAN_WITHIN),
        State::Returning => Some(BACK_WITHIN),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const START: Micros = Micros(1_000);
    const ASK: Command = Command::Request { to: Destination::ReturnToSender };

    fn after(commands: &[Command]) -> Intercept {
        let possible = Intercept::possible(Through::Carrier, START);
        commands.iter().fold(possible, |one, command| one.next(*command, START).unwrap().0)
    }

    #[test]
    fn t17_a_parcel_goes_to_its_sender_and_nowhere_else() {
        let elsewhere = Command::Request { to: Destination::Other };
        for before in [&[][..], &[ASK], &[ASK, Command::Accepted]] {
            assert_eq!(after(before).next(elsewhere, START), Err(Refused::NotToSender));
        }
    }

    #[test]
    fn r34_an_accepted_intercept_is_stamped_and_chased_after_a_day_without_a_scan() {
        let accepted = after(&[ASK, Command::Accepted]);
        assert_eq!((accepted.state, accepted.since), (State::Accepted, START));
        assert_eq!(accepted.next(Command::Tick, START.plus(DAY - 1)).unwrap(), (accepted, None));
        let (chased, action) = accepted.next(Command::Tick, START.plus(DAY)).unwrap();
        assert_eq!(action, Some(Action::Chase));
        assert_eq!(chased.next(Command::Tick, START.plus(3 * DAY)).unwrap().1, None, "once");
    }

    #[test]
    fn silence_makes_a_call_and_a_lost_return_is_traced() {
        let tick = |one: Intercept, span| one.next(Command::Tick, START.plus(span)).unwrap().1;
        assert_eq!(tick(after(&[ASK]), 30 * MINUTE), Some(Action::Phone));
        let back = after(&[ASK, Command::Accepted, Command::Stopped, Command::Returning]);
        assert_eq!(tick(back, 14 * DAY - 1), None);
        assert_eq!(tick(back, 14 * DAY), Some(Action::Trace));
    }

    #[test]
    fn once_stopped_it_is_not_delivered_and_once_delivered_it_is_not_stopped() {
        let stopped = after(&[ASK, Command::Accepted, Command::Stopped]);
        assert_eq!(stopped.next(Command::Delivered, START), Err(Refused::NotNow));
        let late = after(&[ASK, Command::Accepted, Command::Delivered]);
        assert_eq!(late.state, State::TooLate);
        for command in [Command::Stopped, Command::Returned, ASK] {
            assert_eq!(late.next(command, START), Err(Refused::NotNow));
        }
        assert_eq!(late.next(Command::Delivered, START).unwrap().0, late, "the same again");
    }
}
