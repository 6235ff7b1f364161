//! What is due in a case, and what its owner says against it, as agents look at them.

use domain::case::{Appeal, Audience, Case};
use domain::time::Micros;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::word;
use crate::time::show;

/// Something that is due.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CaseReminder)]
pub(crate) struct ReminderView {
    /// `triage-late`, `preliminary-soon`, `end-waits` …
    #[schema(value_type = String, example = "preliminary-soon")]
    pub(crate) what: &'static str,
    /// The last moment for it.
    pub(crate) by: String,
}

/// The clocks of a report to the commission.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseBreachReport)]
pub(crate) struct BreachView {
    /// 速報.
    pub(crate) preliminary_by: String,
    /// 確報.
    pub(crate) final_by: String,
    /// Of these, what is made or not needed: `preliminary`, `final`.
    pub(crate) settled: Vec<String>,
}

/// The owner does not agree with a ruling.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseAppeal)]
pub(crate) struct AppealView {
    /// Since when.
    pub(crate) at: String,
    /// Why, in their words.
    pub(crate) why: String,
    /// Who stood for the ruling: none of them answers.
    pub(crate) not_by: Vec<String>,
    /// Who has ruled on it anew.
    pub(crate) answered_by: Option<String>,
}

impl AppealView {
    pub(super) fn of(appeal: &Appeal) -> Self {
        Self {
            at: show(appeal.at),
            why: appeal.why.clone(),
            not_by: appeal.not_by.iter().cloned().collect(),
            answered_by: appeal.answered_by.clone(),
        }
    }
}

impl ReminderView {
    /// What the desk was reminded of, and is not done.
    pub(super) fn of(case: &Case, now: Micros) -> Vec<Self> {
        let open = case.open_reminders(now).into_iter();
        open.filter(|one| one.what.audience() != Audience::Reporter)
            .map(|one| Self { what: one.what.name(), by: show(one.by) })
            .collect()
    }
}

impl BreachView {
    /// The clocks of a confirmed case.
    pub(super) fn of(case: &Case) -> Option<Self> {
        let clock = case.breach_clock()?;
        Some(Self {
            preliminary_by: show(clock.preliminary_by),
            final_by: show(clock.final_by),
            settled: case.breach_settled.iter().map(word).collect(),
        })
    }
}
