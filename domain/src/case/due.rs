//! What time does to a case: somebody is reminded once of each thing that is due, and a case that was
//! watched long enough ends where nothing is left to do.
//!
//! A reminder is told by its kind and the moment it stands for, so that it is the same one after a
//! restart, on another machine, and when its timer fires late.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::steps::{Stepped, Stepping};
use super::{Action, BreachReport, Case, Did, INFO_WAITS, MONITORING, Priority, State, Step};
use crate::event::PaymentKind;
use crate::time::{DAY, Micros};

/// So long before the last day of something, it is remembered.
const AHEAD: i64 = 7 * DAY;
/// The preliminary report is remembered from its third day on.
const PRELIMINARY_AHEAD: i64 = 2 * DAY;
/// Most card issuers hear of a charge within so long of the statement that shows it. The statement
/// comes after the charge, so counting from the start errs on the early side.
const CARD_WINDOW: i64 = 60 * DAY;
/// Mobile carriers look back so far.
const CARRIER_WINDOW: i64 = 90 * DAY;

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// Nobody has taken it in time.
    TriageLate,
    /// It is not decided in time.
    DecisionLate,
    /// An answer is awaited for a day.
    AnswerAwaited,
    /// An answer is awaited for three days.
    AnswerStillAwaited,
    /// No answer came; the case is parked, not closed.
    Parked,
    /// The preliminary report is due within days (速報).
    PreliminarySoon,
    /// Its last day is over.
    PreliminaryLate,
    /// The final report is due within days (確報).
    FinalSoon,
    /// Its last day is over.
    FinalLate,
    /// A card's issuer stops taking objections soon.
    CardWindow,
    /// A mobile carrier stops taking objections soon.
    CarrierWindow,
    /// It was watched for long enough and cannot end by itself: something is left to do.
    EndWaits,
}

/// Who is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The desk.
    Desk,
    /// Whoever reports.
    Reporter,
    /// Both.
    Both,
}

impl Reminder {
    /// Every reminder.
    pub const ALL: [Self; 12] = [
        Self::TriageLate,
        Self::DecisionLate,
        Self::AnswerAwaited,
        Self::AnswerStillAwaited,
        Self::Parked,
        Self::PreliminarySoon,
        Self::PreliminaryLate,
        Self::FinalSoon,
        Self::FinalLate,
        Self::CardWindow,
        Self::CarrierWindow,
        Self::EndWaits,
    ];

    /// Its name, as it stands in text keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TriageLate => "triage-late",
            Self::DecisionLate => "decision-late",
            Self::AnswerAwaited => "answer-awaited",
            Self::AnswerStillAwaited => "answer-still-awaited",
            Self::Parked => "parked",
            Self::PreliminarySoon => "preliminary-soon",
            Self::PreliminaryLate => "preliminary-late",
            Self::FinalSoon => "final-soon",
            Self::FinalLate => "final-late",
            Self::CardWindow => "card-window",
            Self::CarrierWindow => "carrier-window",
            Self::EndWaits => "end-waits",
        }
    }

    /// Who is reminded.
    pub const fn audience(self) -> Audience {
        match self {
            Self::AnswerAwaited | Self::AnswerStillAwaited => Audience::Reporter,
            Self::CardWindow | Self::CarrierWindow => Audience::Both,
            _ => Audience::Desk,
        }
    }

    /// Of which payments it speaks; none where it speaks of none.
    const fn payment(self) -> Option<PaymentKind> {
        match self {
            Self::CardWindow => Some(PaymentKind::CreditCard),
            Self::CarrierWindow => Some(PaymentKind::CarrierBilling),
            _ => None,
        }
    }
}

/// A reminder whose time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Of what.
    pub what: Reminder,
    /// The last moment for it.
    pub by: Micros,
    /// Somebody was told; not where there was nothing to tell.
    pub told: bool,
}

/// What is known outside the case when a timer fires.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outlook {
    /// Kinds of payment that are confirmed and have not come back yet.
    pub owed: BTreeSet<PaymentKind>,
}

/// A timer: what it reminds of, when, and the last moment for that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Timer {
    what: Reminder,
    at: Micros,
    by: Micros,
}

impl Timer {
    fn ahead(what: Reminder, by: Micros, span: i64) -> Self {
        Self { what, at: by.plus(-span), by }
    }

    const fn on(what: Reminder, by: Micros) -> Self {
        Self { what, at: by, by }
    }
}

impl Case {
    /// When somebody has to do something next. What is said meanwhile puts nothing off.
    pub(super) fn due(&self) -> Option<Micros> {
        match self.state {
            State::Submitted => Some(self.entered().plus(self.priority.triage_within())),
            State::NeedInfo => Some(self.entered().plus(INFO_WAITS)),
            State::Triage | State::Verifying | State::Contained => {
                let due = self.opened_at.plus(self.priority.decided_within());
                Some(self.reopened().map_or(due, |at| at.plus(self.priority.decided_within())))
            }
            State::Appeal => Some(self.entered().plus(self.priority.decided_within())),
            State::Monitoring => Some(self.entered().plus(MONITORING)),
            _ => None,
        }
    }

    /// Since when it stands where it stands.
    fn entered(&self) -> Micros {
        let moved = |step: &&Step| step.from != step.to;
        self.steps.iter().rev().find(moved).map_or(self.opened_at, |step| step.at)
    }

    fn reopened(&self) -> Option<Micros> {
        let last = self.steps.iter().rev().find(|step| step.did == Did::Reopened);
        last.map(|step| step.at)
    }

    /// When the next timer fires; none where nothing is awaited.
    pub fn timer_at(&self) -> Option<Micros> {
        let end = self.due_at.filter(|_| self.ends_by_itself());
        self.pending().map(|timer| timer.at).chain(end).min()
    }

    /// Reminders that were told and still hold: what they ask for is not done. Of two for the same
    /// moment the later one, and none about a window that has shut.
    pub fn open_reminders(&self, now: Micros) -> Vec<Reminded> {
        let timers = self.timers();
        let holds = |one: &&Reminded| {
            one.told
                && timers.iter().any(|timer| (timer.what, timer.by) == (one.what, one.by))
                && (one.what.payment().is_none() || now < one.by)
        };
        let mut open: Vec<Reminded> = self.reminded.iter().filter(holds).copied().collect();
        open.sort_by_key(|one| (one.by, std::cmp::Reverse(one.what)));
        open.dedup_by_key(|one| one.by);
        open
    }

    /// The case as urgent as this; what is due moves with it.
    #[must_use]
    pub fn prioritised(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self.due_at = self.due();
        self
    }

    /// Watched, the cause known, no report owed: it ends without anybody.
    fn ends_by_itself(&self) -> bool {
        self.state == State::Monitoring && self.cause.is_some() && !self.owes_report()
    }

    /// A report to the commission is neither made nor said not to be needed.
    pub fn owes_report(&self) -> bool {
        let settled = |report| self.breach_settled.contains(report);
        self.breach_clock().is_some() && !BreachReport::ALL.iter().all(settled)
    }

    fn pending(&self) -> impl Iterator<Item = Timer> {
        let fired = |timer: &Timer| {
            self.reminded.iter().any(|one| (one.what, one.by) == (timer.what, timer.by))
        };
        self.timers().into_iter().filter(move |timer| !fired(timer))
    }

    /// Every timer of the case as it stands.
    fn timers(&self) -> Vec<Timer> {
        let mut timers = Vec::new();
        if self.state == State::NeedInfo {
            let asked = self.entered();
            timers.push(Timer::on(Reminder::AnswerAwaited, asked.plus(DAY)));
            timers.push(Timer::on(Reminder::AnswerStillAwaited, asked.plus(3 * DAY)));
        }
        let due = self.due_at.zip(match self.state {
            State::Submitted => Some(Reminder::TriageLate),
            State::NeedInfo => Some(Reminder::Parked),
            State::Triage | State::Verifying | State::Contained | State::Appeal => {
                Some(Reminder::DecisionLate)
            }
            State::Monitoring if !self.ends_by_itself() => Some(Reminder::EndWaits),
            _ => None,
        });
        timers.extend(due.map(|(due, what)| Timer::on(what, due)));
        timers.extend(self.timers_of_the_law());
        timers.extend(self.timers_of_issuers());
        timers
    }

    fn timers_of_the_law(&self) -> Vec<Timer> {
        let Some(clock) = self.breach_clock() else { return Vec::new() };
        let owes = |report| !self.breach_settled.contains(&report);
        let (preliminary, last) = (clock.preliminary_by, clock.final_by);
        let mut timers = Vec::new();
        if owes(BreachReport::Preliminary) {
            timers.push(Timer::ahead(Reminder::PreliminarySoon, preliminary, PRELIMINARY_AHEAD));
            timers.push(Timer::on(Reminder::PreliminaryLate, preliminary));
        }
        if owes(BreachReport::Final) {
            timers.push(Timer::ahead(Reminder::FinalSoon, last, AHEAD));
            timers.push(Timer::on(Reminder::FinalLate, last));
        }
        timers
    }

    fn timers_of_issuers(&self) -> Vec<Timer> {
        let Some(start) = self.start.filter(|_| self.confirmed_at.is_some()) else {
            return Vec::new();
        };
        vec![
            Timer::ahead(Reminder::CardWindow, start.plus(CARD_WINDOW), AHEAD),
            Timer::ahead(Reminder::CarrierWindow, start.plus(CARRIER_WINDOW), AHEAD),
        ]
    }
}

impl Stepping<'_> {
    /// Time has passed: what is due is told once, and what was watched long enough ends.
    #[expect(clippy::unnecessary_wraps, reason = "what every step ends with")]
    pub(super) fn tick(&self, outlook: &Outlook) -> Stepped {
        let mut case = self.case.clone();
        let mut actions = Vec::new();
        let due: Vec<Timer> = case.pending().filter(|timer| timer.at <= self.now).collect();
        for Timer { what, by, .. } in due {
            let told = what.payment().is_none_or(|kind| outlook.owed.contains(&kind));
            case.reminded.push(Reminded { what, by, told });
            if told {
                case = self.stay(case, Did::Reminded);
                actions.push(Action::Remind(what));
            }
        }
        if case.ends_by_itself() && case.due_at.is_some_and(|due| due <= self.now) {
            case.closed_at = Some(self.now);
            case = self.to(case, Did::Closed, State::Closed);
            actions.push(Action::TellReporter);
        }
        Ok((case, actions))
    }
}
