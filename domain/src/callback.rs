//! A call-back: who reported is called by us, and never has to trust a number that somebody gave
//! them (§4.7, C11).
//!
//! A call rings only while an agent waits for it, at most three times, and never once it was called
//! off. Whoever answers says by a key that they want it, so that a stranger whose number was typed
//! here hears one sentence and no more (T9).

mod command;
mod hours;
mod number;
mod phrase;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::time::{DAY, HOUR, MINUTE, Micros};

pub use command::{Action, Alert, Command, Refused};
pub use hours::{BadHours, Hours, SLOT, Slots};
pub use number::{Unfit, check};
pub use phrase::{PHRASE_WORDS, places};

/// From the wish to be called now to the first ring (R21, §5).
pub const FIRST_RING_WITHIN: i64 = MINUTE;
/// How often one call-back rings.
pub const DIALS_MAX: u8 = 3;
/// Call-backs to one number within a day (T9).
pub const PER_NUMBER_A_DAY: usize = 3;
/// After the first and the second ring that nobody answered (R22).
pub const RETRIES: [i64; 2] = [2 * MINUTE, 15 * MINUTE];
/// A call of which the telephone says nothing for so long was not answered.
pub const RINGS_FOR: i64 = 3 * MINUTE;
/// How long a wish waits for an agent until we own up that nobody is there.
pub const QUEUED_FOR: i64 = 30 * MINUTE;
/// How long before a slot its owner is reminded (R22).
pub const REMINDED_BEFORE: i64 = 10 * MINUTE;
/// How long before its due time a follow-up may ring (R28).
pub const FOLLOW_UP_AHEAD: i64 = 30 * MINUTE;
/// A follow-up is promised no later than this.
pub const FOLLOW_UP_MAX: i64 = 30 * DAY;
/// A talk that is not wrapped up by then is asked after.
pub const TALKS_FOR: i64 = HOUR;
/// What one talk is taken to last, for estimates.
const TALK_TAKES: i64 = 10 * MINUTE;

/// When somebody wants to be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    /// At once.
    Now,
    /// Within the half hour that begins then.
    Slot {
        /// When it begins.
        from: Micros,
    },
    /// By then, as an agent has promised (R28).
    FollowUp {
        /// Until when.
        due: Micros,
    },
}

/// Where a call-back stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its time has not come.
    Waiting,
    /// It waits for an agent.
    Queued,
    /// It rings.
    Dialling,
    /// Who answered wants it.
    Consented,
    /// They talk.
    Connected,
    /// Nobody answered; it rings again.
    Retrying,
    /// They talked, and it is settled.
    Resolved,
    /// They talked, and are called again by then.
    FollowedUp {
        /// Until when.
        due: Micros,
    },
    /// Nobody answered three times.
    Unanswered,
    /// Nobody of the desk was there for it.
    NobodyThere,
    /// Whoever asked called it off.
    Cancelled,
    /// Who answered did not want it.
    Declined,
}

impl State {
    /// Something is still to come.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Waiting
                | Self::Queued
                | Self::Dialling
                | Self::Consented
                | Self::Connected
                | Self::Retrying
        )
    }

    /// An agent is held by it.
    pub const fn holds_an_agent(self) -> bool {
        matches!(self, Self::Dialling | Self::Consented | Self::Connected)
    }
}

/// What is known when somebody asks.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Call-backs to this number within a day.
    pub called_today: usize,
    /// One is open for the same report.
    pub open: bool,
    /// Agents that are free and that nobody waits for.
    pub free: usize,
    /// Slots that are offered.
    pub slots: &'a [Micros],
}

/// A call-back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Where it stands.
    pub state: State,
    /// When it was wanted for.
    #[serde(flatten)]
    pub wish: Wish,
    /// When it was asked for.
    pub asked_at: Micros,
    /// Since when it stands where it stands.
    pub since: Micros,
    /// When its timer fires.
    pub due_at: Option<Micros>,
    /// How often it has rung.
    pub dials: u8,
    /// When it rang first: `asked_at` to here is the time to the first ring (§5).
    pub first_rang_at: Option<Micros>,
    /// Who waits for it, or talked last.
    pub agent: Option<String>,
    /// Its owner was reminded of the slot.
    pub reminded: bool,
    /// It was alerted of.
    pub alerted: bool,
}

type Next = Result<(Callback, Vec<Action>), Refused>;

impl Callback {
    /// A wish to be called. The number was checked by [`check`].
    ///
    /// # Errors
    /// [`Refused`]: nothing is promised.
    pub fn ask(wish: Wish, desk: Desk<'_>, now: Micros) -> Result<Self, Refused> {
        if desk.called_today >= PER_NUMBER_A_DAY {
            return Err(Refused::TooMany);
        }
        if desk.open {
            return Err(Refused::OpenAlready);
        }
        match wish {
            Wish::Now if desk.free == 0 => Err(Refused::NobodyFree),
            Wish::Slot { from } if !desk.slots.contains(&from) => Err(Refused::NoSuchSlot),
            Wish::FollowUp { due } => Self::follow_up(due, now),
            Wish::Now | Wish::Slot { .. } => Ok(Self::wished(wish, now)),
        }
    }

    /// A call that an agent promises (R28).
    ///
    /// # Errors
    /// [`Refused::BadDue`]
    pub const fn follow_up(due: Micros, now: Micros) -> Result<Self, Refused> {
        if due.0 <= now.0 || due.since(now) > FOLLOW_UP_MAX {
            return Err(Refused::BadDue);
        }
        Ok(Self::wished(Wish::FollowUp { due }, now))
    }

    const fn wished(wish: Wish, now: Micros) -> Self {
        let (state, due_at) = match wish {
            Wish::Now => (State::Queued, now.plus(QUEUED_FOR)),
            Wish::Slot { from } => (State::Waiting, from.plus(-REMINDED_BEFORE)),
            Wish::FollowUp { due } => (State::Waiting, due.plus(-FOLLOW_UP_AHEAD)),
        };
        Self {
            state,
            wish,
            asked_at: now,
            since: now,
            due_at: Some(due_at),
            dials: 0,
            first_rang_at: None,
            agent: None,
            reminded: false,
            alerted: false,
        }
    }

    /// The call-back after `command`, and what to do. The same again changes nothing.
    ///
    /// # Errors
    /// [`Refused`]; it is as it was.
    pub fn next(&self, command: Command, now: Micros) -> Next {
        match (self.state, command) {
            (_, Command::Tick) => Ok(self.ticked(now)),
            (State::Queued, Command::Dial(agent)) if self.may_ring(now) => {
                Ok(self.dialled(agent, now))
            }
            (_, command) if self.is_of_an_earlier_ring(&command) => Ok(self.unchanged()),
            (State::Dialling | State::Consented, Command::NoAnswer { dial })
                if dial == self.dials =>
            {
                Ok(self.unanswered(now))
            }
            // Hanging up after a talk is no missed call.
            (_, Command::NoAnswer { dial }) if dial == self.dials => Ok(self.unchanged()),
            (State::Dialling, Command::Consent { dial }) if dial == self.dials => {
                Ok((self.at(State::Consented, Some(TALKS_FOR), now), vec![]))
            }
            (State::Dialling, Command::Decline { dial }) if dial == self.dials => {
                Ok((self.at(State::Declined, None, now), vec![]))
            }
            (State::Consented, Command::Connect { dial }) if dial == self.dials => {
                Ok((self.at(State::Connected, Some(TALKS_FOR), now), vec![]))
            }
            (State::Consented | State::Connected, Command::Consent { .. })
            | (State::Connected, Command::Connect { .. })
            | (State::Declined, Command::Decline { .. })
            | (State::Resolved, Command::Resolve)
            | (State::Cancelled, Command::Cancel) => Ok(self.unchanged()),
            (State::Consented | State::Connected, Command::Resolve) => {
                Ok((self.at(State::Resolved, None, now), vec![]))
            }
            (State::Consented | State::Connected, Command::FollowUp { due }) => {
                Self::follow_up(due, now)?;
                let next = self.at(State::FollowedUp { due }, None, now);
                Ok((next, vec![Action::BookFollowUp(due)]))
            }
            (
                State::Waiting | State::Queued | State::Retrying | State::Dialling,
                Command::Cancel,
            ) => Ok((self.at(State::Cancelled, None, now), vec![])),
            _ => Err(Refused::NotNow),
        }
    }

    /// It may ring now: never a fourth time, and for the first time within its slot only (R22).
    pub const fn may_ring(&self, now: Micros) -> bool {
        let in_time = match self.wish {
            Wish::Slot { from } if self.dials == 0 => from.0 <= now.0 && now.0 < from.plus(SLOT).0,
            _ => true,
        };
        in_time && self.dials < DIALS_MAX && matches!(self.state, State::Queued)
    }

    /// A follow-up whose time is over (R28).
    pub const fn is_overdue(&self, now: Micros) -> bool {
        match self.wish {
            Wish::FollowUp { due } => {
                due.0 <= now.0 && self.state.is_open() && !self.state.holds_an_agent()
            }
            Wish::Now | Wish::Slot { .. } => false,
        }
    }

    /// Until when it was promised; for a call at once, when it was asked for.
    pub const fn promised(&self) -> Micros {
        match self.wish {
            Wish::Now => self.asked_at,
            Wish::Slot { from } => from,
            Wish::FollowUp { due } => due,
        }
    }

    /// From the wish to be called now to the first ring (R21, §5).
    pub fn first_ring_took(&self) -> Option<i64> {
        let rang = self.first_rang_at.filter(|_| matches!(self.wish, Wish::Now));
        rang.map(|rang| rang.since(self.asked_at))
    }

    const fn is_of_an_earlier_ring(&self, command: &Command) -> bool {
        match command {
            Command::NoAnswer { dial }
            | Command::Consent { dial }
            | Command::Decline { dial }
            | Command::Connect { dial } => *dial < self.dials,
            _ => false,
        }
    }

    fn unchanged(&self) -> (Self, Vec<Action>) {
        (self.clone(), vec![])
    }

    fn at(&self, state: State, within: Option<i64>, now: Micros) -> Self {
        Self { state, since: now, due_at: within.map(|span| now.plus(span)), ..self.clone() }
    }

    fn dialled(&self, agent: String, now: Micros) -> (Self, Vec<Action>) {
        let next = Self {
            agent: Some(agent),
            dials: self.dials + 1,
            first_rang_at: self.first_rang_at.or(Some(now)),
            ..self.at(State::Dialling, Some(RINGS_FOR), now)
        };
        (next, vec![Action::Ring])
    }

    fn unanswered(&self, now: Micros) -> (Self, Vec<Action>) {
        let after = usize::from(self.dials).checked_sub(1).and_then(|ring| RETRIES.get(ring));
        match after {
            Some(span) => (self.at(State::Retrying, Some(*span), now), vec![]),
            None => (self.at(State::Unanswered, None, now), vec![Action::TellUnanswered]),
        }
    }

    fn ticked(&self, now: Micros) -> (Self, Vec<Action>) {
        if self.due_at.is_none_or(|due| due > now) {
            return self.unchanged();
        }
        match self.state {
            State::Waiting => self.waited(now),
            State::Retrying => (self.at(State::Queued, Some(QUEUED_FOR), now), vec![]),
            State::Queued => self.left_waiting(now),
            State::Dialling => self.unanswered(now),
            State::Consented | State::Connected => self.alert(Alert::NotWrappedUp),
            _ => (Self { due_at: None, ..self.clone() }, vec![]),
        }
    }

    fn waited(&self, now: Micros) -> (Self, Vec<Action>) {
        match self.wish {
            Wish::Slot { from } if now < from => {
                let next = Self { reminded: true, due_at: Some(from), ..self.clone() };
                (next, if self.reminded { vec![] } else { vec![Action::Remind] })
            }
            Wish::Slot { from } => {
                let until = Some(from.plus(SLOT));
                let queued = Self { due_at: until, ..self.at(State::Queued, None, now) };
                if now >= from.plus(SLOT) { queued.left_waiting(now) } else { (queued, vec![]) }
            }
            Wish::FollowUp { due } => {
                let queued = Self { due_at: Some(due), ..self.at(State::Queued, None, now) };
                if now >= due { queued.left_waiting(now) } else { (queued, vec![]) }
            }
            Wish::Now => (self.at(State::Queued, Some(QUEUED_FOR), now), vec![]),
        }
    }

    /// No agent was there in time. A follow-up stays: it was promised by a person.
    fn left_waiting(&self, now: Micros) -> (Self, Vec<Action>) {
        if let Wish::FollowUp { .. } = self.wish {
            return self.alert(Alert::FollowUpOverdue);
        }
        let next = self.at(State::NobodyThere, None, now);
        (next, vec![Action::TellNobodyThere, Action::Alert(Alert::NobodyThere)])
    }

    /// Once.
    fn alert(&self, alert: Alert) -> (Self, Vec<Action>) {
        let next = Self { alerted: true, due_at: None, ..self.clone() };
        (next, if self.alerted { vec![] } else { vec![Action::Alert(alert)] })
    }
}

/// An honest guess of when an agent has time, for who would be the next to wait: none where nobody
/// is at the desk.
pub fn estimate(waiting: usize, agents: usize) -> Option<i64> {
    let agents = i64::try_from(agents).ok().filter(|agents| *agents > 0)?;
    let ahead = i64::try_from(waiting).unwrap_or(i64::MAX).saturating_add(1);
    Some(ahead.saturating_add(agents - 1) / agents * TALK_TAKES)
}
