//! For how long the files of a case are kept (X12): while it is open, 400 days after it is closed, and
//! for as long as a legal hold stands.

use serde::{Deserialize, Serialize};

use super::steps::{Stepped, Stepping};
use super::{Actor, Case, Did, Refused, State};
use crate::time::{DAY, Micros};

/// The files of a report that was never sent are kept for so long.
const DRAFT_KEPT: i64 = 30 * DAY;
/// The files of a case are kept for so long after it is closed.
const KEPT: i64 = 400 * DAY;
/// Who lifts a hold has so long to think better of it.
const AFTER_HOLD: i64 = 30 * DAY;

/// Nothing of the case may go, whatever is due: a court, the police or counsel may ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub since: Micros,
    /// Who asked for it.
    pub by: String,
}

impl Case {
    /// Until when its files are kept; `None` while nobody can say.
    pub fn files_until(&self) -> Option<Micros> {
        if self.hold.is_some() {
            return None;
        }
        match self.state {
            State::Draft => Some(self.opened_at.plus(DRAFT_KEPT)),
            State::Merged => Some(self.opened_at.plus(KEPT)),
            State::Closed => {
                let closed = self.closed_at.unwrap_or(self.opened_at).plus(KEPT);
                Some(self.hold_lifted_at.map_or(closed, |at| closed.max(at.plus(AFTER_HOLD))))
            }
            _ => None,
        }
    }
}

impl Stepping<'_> {
    /// Any agent may: it does no harm.
    pub(super) fn hold(&self) -> Stepped {
        let by = self.agent()?.to_owned();
        if self.case.hold.is_some() {
            return self.unchanged();
        }
        self.with_reason()?;
        let hold = Some(Hold { since: self.now, by });
        Ok((self.stay(Case { hold, ..self.case.clone() }, Did::Held), vec![]))
    }

    /// A supervisor alone may: what is gone is gone.
    pub(super) fn lift_hold(&self) -> Stepped {
        if !matches!(self.by, Actor::Supervisor(_)) {
            return Err(Refused::NotASupervisor);
        }
        if self.case.hold.is_none() {
            return self.unchanged();
        }
        self.with_reason()?;
        let lifted = Case { hold: None, hold_lifted_at: Some(self.now), ..self.case.clone() };
        Ok((self.stay(lifted, Did::HoldLifted), vec![]))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::{Cause, Command, Reporter};
    use super::*;

    const NOW: Micros = Micros(1_800_000_000_000_000);

    fn sato() -> Actor {
        Actor::Agent("sato".to_owned())
    }

    fn mori() -> Actor {
        Actor::Supervisor("mori".to_owned())
    }

    fn after(case: &Case, command: Command, by: &Actor, days: i64) -> Case {
        case.next(command, by, Some("a letter of the police"), NOW.plus(days * DAY)).unwrap().0
    }

    fn closed() -> Case {
        let case = Case::open(Reporter::Owner, true, NOW);
        let case = after(&case, Command::Submit { account: None }, &Actor::Reporter, 0);
        let case = after(&case, Command::Take, &sato(), 1);
        let case = after(&case, Command::AskForMore, &sato(), 1);
        after(&case, Command::Close(Cause::Unknown), &sato(), 2)
    }

    #[test]
    fn x12_files_stay_while_the_case_is_open_and_400_days_after() {
        let draft = Case::open(Reporter::Owner, true, NOW);
        assert_eq!(draft.files_until(), Some(NOW.plus(30 * DAY)));
        let sent = after(&draft, Command::Submit { account: None }, &Actor::Reporter, 0);
        assert_eq!(sent.files_until(), None);
        let closed = closed();
        assert_eq!(closed.files_until(), Some(NOW.plus(402 * DAY)));
        assert_eq!(after(&closed, Command::Reopen, &sato(), 3).files_until(), None);
    }

    #[test]
    fn x12_nothing_goes_while_a_hold_stands_and_a_supervisor_alone_lifts_it() {
        let held = after(&closed(), Command::Hold, &sato(), 10);
        assert_eq!(held.files_until(), None);
        assert_eq!(after(&held, Command::Hold, &mori(), 11), held, "once is enough");
        let lift = |by: &Actor, reason| held.next(Command::LiftHold, by, reason, NOW);
        assert_eq!(lift(&sato(), Some("asked")), Err(Refused::NotASupervisor));
        assert_eq!(lift(&mori(), None), Err(Refused::NoReason));
        let lifted = after(&held, Command::LiftHold, &mori(), 20);
        assert_eq!(lifted.files_until(), Some(NOW.plus(402 * DAY)));
        let late = after(&held, Command::LiftHold, &mori(), 900);
        assert_eq!(late.files_until(), Some(NOW.plus(930 * DAY)), "time to think better of it");
    }
}
