//! Call-backs as agents look at them.

use domain::callback::{State, Wish};
use domain::case::Actor;
use domain::time::MINUTE;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::House;
use super::super::problem::{Kind, Problem};
use crate::callbacks::{Agent, Known, Numbered, Offer};
use crate::pages::hidden;
use crate::time::show;

/// An agent who takes calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentAtTheDesk)]
pub(in super::super) struct AgentView {
    agent: String,
    /// Until then; in the past: no longer.
    until: String,
    /// A call holds them.
    on_a_call: bool,
}

impl AgentView {
    pub(super) fn of(agent: &Agent) -> Self {
        let (until, on_a_call) = (show(agent.until), agent.on.is_some());
        Self { agent: agent.name.clone(), until, on_a_call }
    }
}

/// What can be promised now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallbackOffer)]
pub(in super::super) struct OfferView {
    /// Calls are made at all.
    calls: bool,
    /// Agents that are free and that nobody waits for.
    free_agents: usize,
    /// Minutes until one is, as far as can be told; no promise. `null` where nobody is at the desk.
    estimate_minutes: Option<i64>,
    /// Beginnings of slots of 30 minutes.
    slots: Vec<String>,
}

impl OfferView {
    pub(super) fn of(offer: &Offer, calls: bool) -> Self {
        Self {
            calls,
            free_agents: offer.free,
            estimate_minutes: offer.estimate.map(|span| span / MINUTE),
            slots: offer.slots.iter().copied().map(show).collect(),
        }
    }
}

/// Call-backs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Callbacks)]
pub(in super::super) struct AllView {
    pub(super) items: Vec<CallbackView>,
}

/// A call-back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Callback)]
pub(crate) struct CallbackView {
    /// `cbk_…`
    pub(crate) id: String,
    /// The case that is worked on.
    pub(crate) case_id: String,
    /// Its number, as people say it.
    pub(crate) case_number: String,
    /// `waiting`, `queued`, `dialling`, `consented`, `connected`, `retrying`; over: `resolved`,
    /// `followed_up`, `unanswered`, `nobody_there`, `cancelled`, `declined`.
    #[schema(value_type = String)]
    pub(crate) state: &'static str,
    /// `now`, `slot`, `follow_up`.
    #[schema(value_type = String)]
    pub(crate) wish: &'static str,
    /// When it was asked for.
    pub(crate) asked_at: String,
    /// When it was promised for: the slot's beginning, or until when.
    pub(crate) promised_at: String,
    /// A promised follow-up whose time is over (R28).
    pub(crate) overdue: bool,
    /// How often it has rung; the ring that telephone steps speak of.
    pub(crate) rings: u8,
    /// From the wish to be called now to the first ring, in milliseconds (R21).
    pub(crate) first_ring_ms: Option<i64>,
    /// Who waits for it, or talked last.
    pub(crate) agent: Option<String>,
    /// Who is called, masked but while it rings or is talked on.
    pub(crate) number: String,
    /// What is known of the number against the account.
    pub(crate) number_is: Known,
    /// Nothing that changes the account may be talked about on this call (C11).
    pub(crate) information_only: bool,
    /// Four words: the agent says them first, the reporter sees them on their page.
    pub(crate) phrase: String,
    /// What it is for.
    pub(crate) reason: Option<String>,
    /// The call-back that promised it.
    pub(crate) follows: Option<String>,
    /// Everything that was done, oldest first.
    pub(crate) steps: Vec<StepView>,
}

/// A step of a call-back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallbackHistoryStep)]
pub(crate) struct StepView {
    /// When.
    at: String,
    /// `reporter`, `system`, or the agent's name.
    by: String,
    /// Where it stood.
    #[schema(value_type = String)]
    from: &'static str,
    /// Where it stands since.
    #[schema(value_type = String)]
    to: &'static str,
}

/// A state in one word.
pub(crate) const fn state_name(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Queued => "queued",
        State::Dialling => "dialling",
        State::Consented => "consented",
        State::Connected => "connected",
        State::Retrying => "retrying",
        State::Resolved => "resolved",
        State::FollowedUp { .. } => "followed_up",
        State::Unanswered => "unanswered",
        State::NobodyThere => "nobody_there",
        State::Cancelled => "cancelled",
        State::Declined => "declined",
    }
}

const fn wish_name(wish: Wish) -> &'static str {
    match wish {
        Wish::Now => "now",
        Wish::Slot { .. } => "slot",
        Wish::FollowUp { .. } => "follow_up",
    }
}

fn step(step: &crate::callbacks::Step) -> StepView {
    let by = match &step.by {
        Actor::Reporter => "reporter".to_owned(),
        Actor::System => "system".to_owned(),
        Actor::Agent(name) | Actor::Supervisor(name) => name.clone(),
    };
    let (from, to) = (state_name(step.from), state_name(step.to));
    StepView { at: show(step.at), by, from, to }
}

impl House {
    /// A call-back as agents look at it.
    pub(crate) async fn callback_view(&self, one: &Numbered) -> Result<CallbackView, Problem> {
        let missing = || Problem::not_found("case");
        let own = self.case(one.kept.case).await?.ok_or_else(missing)?;
        let worked_on = self.case_worked_on(one.kept.case).await?.ok_or_else(missing)?;
        let (kept, callback) = (&one.kept, &one.kept.callback);
        let known = self.number_known(&worked_on, &kept.number).await?;
        let under_way = callback.state.holds_an_agent();
        Ok(CallbackView {
            id: crate::id::show("cbk", one.id),
            case_id: crate::id::show("cas", worked_on.id),
            case_number: worked_on.kept.number.clone(),
            state: state_name(callback.state),
            wish: wish_name(callback.wish),
            asked_at: show(callback.asked_at),
            promised_at: show(callback.promised()),
            overdue: callback.is_overdue(self.world.now()),
            rings: callback.dials,
            first_ring_ms: callback.first_ring_took().map(|took| took / 1_000),
            agent: callback.agent.clone(),
            number: if under_way { kept.number.clone() } else { hidden(&kept.number) },
            number_is: known,
            information_only: known.is_information_only(),
            phrase: self.phrase(&own),
            reason: kept.reason.clone(),
            follows: kept.follows.map(|id| crate::id::show("cbk", id)),
            steps: kept.steps.iter().map(step).collect(),
        })
    }

    /// Call-backs as agents look at them, without those whose person was erased meanwhile.
    pub(crate) async fn callback_views(
        &self,
        all: &[Numbered],
    ) -> Result<Vec<CallbackView>, Problem> {
        let mut views = Vec::with_capacity(all.len());
        for one in all {
            match self.callback_view(one).await {
                Ok(view) => views.push(view),
                Err(problem) if problem.kind == Kind::NotFound => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(views)
    }
}
