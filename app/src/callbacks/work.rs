//! What is due: timers of call-backs, and those that wait while an agent is free.

use std::sync::Arc;
use std::time::Duration;

use domain::callback::Command;
use domain::case::Actor;
use store::DocumentKind;

use super::doing::call_of;
use super::{Agent, Numbered, QUEUED};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::telephony::Rung;
use crate::world::pause;

/// How often it is looked what is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Call-backs in one look.
const AT_ONCE: u32 = 100;

impl House {
    /// Calls back, again and again.
    pub async fn call_back(house: Arc<Self>) {
        loop {
            pause(LOOK_EVERY).await;
            if let Err(problem) = Self::look_after_calls(&house).await {
                tracing::warn!(kind = ?problem.kind, "call-backs wait");
            }
        }
    }

    async fn look_after_calls(house: &Arc<Self>) -> Result<(), Problem> {
        let now = house.world.now();
        for due in house.store.documents_due(DocumentKind::Callback, now, AT_ONCE).await? {
            if let Err(problem) =
                house.step_callback(due.id, &Command::Tick, &Actor::System, None).await
            {
                tracing::warn!(kind = ?problem.kind, "a call-back waits");
            }
        }
        if !house.calling.is_on() {
            return Ok(());
        }
        let queued = house.callbacks_in(QUEUED).await?;
        if queued.is_empty() {
            return Ok(());
        }
        let mut free = house.agents_at_the_desk().await?;
        free.retain(|agent| agent.on.is_none());
        for one in queued {
            if free.is_empty() {
                break;
            }
            if one.kept.callback.may_ring(now) {
                let agent = house.agent_for(&one, &mut free).await?;
                Self::ring(house, &one, agent).await?;
            }
        }
        Ok(())
    }

    /// Whose case it is, where they are free; otherwise who has waited longest.
    async fn agent_for(&self, one: &Numbered, free: &mut Vec<Agent>) -> Result<String, Problem> {
        let case = self.case_worked_on(one.kept.case).await?;
        let own = case.and_then(|case| case.kept.case.agent);
        let place = own.and_then(|own| free.iter().position(|agent| agent.name == own));
        Ok(free.remove(place.unwrap_or_default()).name)
    }

    /// Written first, then rung: a crash between the two lets nothing ring twice. The telephone is
    /// asked beside the others that wait.
    async fn ring(house: &Arc<Self>, one: &Numbered, agent: String) -> Result<(), Problem> {
        let dial = Command::Dial(agent);
        let ringing = match house.step_callback(one.id, &dial, &Actor::System, None).await {
            Ok(ringing) => ringing,
            // Another node was faster, or it was called off, or the agent has left.
            Err(problem) if problem.kind == Kind::Conflict => return Ok(()),
            Err(problem) => return Err(problem),
        };
        let telephone = house.calling.telephone.clone();
        if let (Some(telephone), Some(call)) = (telephone, call_of(&ringing)) {
            let house = Arc::clone(house);
            tokio::spawn(async move {
                let Rung::Not(why) = telephone.ring(&call).await else { return };
                tracing::warn!("a call-back did not ring: {why}");
                let failed = Command::NoAnswer { dial: call.dial };
                let step = house.step_callback(call.callback, &failed, &Actor::System, None);
                if let Err(problem) = step.await {
                    tracing::warn!(kind = ?problem.kind, "a call-back that did not ring waits");
                }
            });
        }
        Ok(())
    }
}
