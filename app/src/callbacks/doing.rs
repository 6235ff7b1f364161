//! A step of a call-back, with everything that follows, in one transaction.

use domain::callback::{Action, Callback, Command, Refused};
use domain::case::{Actor, Command as CaseCommand};
use store::{Applied, Changes, DocumentKind};

use super::{Case, Numbered, TRIES, refusal};
use crate::http::House;
use crate::http::problem::Problem;
use crate::telephony::Call;

impl House {
    /// Carries a command out, judged anew whenever somebody else was faster. The same again changes
    /// nothing. A reason goes into the history of the case.
    ///
    /// # Errors
    /// A problem that says why not; nothing was changed then.
    pub async fn step_callback(
        &self,
        id: u128,
        command: &Command,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<Numbered, Problem> {
        for _ in 0..TRIES {
            let now = self.world.now();
            let before = self.callback(id).await?;
            let judged = before.kept.callback.next(command.clone(), now);
            let (callback, actions) = judged.map_err(refusal)?;
            if callback == before.kept.callback {
                return Ok(before);
            }
            let Some(own) = self.case(before.kept.case).await? else {
                // The person was erased, and their number goes with their report.
                let removals = vec![(DocumentKind::Callback, id, before.version)];
                self.store.apply(&Changes { removals, ..Changes::default() }, now).await?;
                return Err(Problem::not_found("case"));
            };
            let after = before.with(callback, by, now).sealed_with(&own);
            let Ok(agent) = self.agent_after(&before, &after).await? else {
                return Err(refusal(Refused::NobodyFree));
            };
            let mut changes = self.follow_up_on(&own, &after, &actions, (by, reason)).await?;
            // First, so that what is over gives its names to what follows.
            let follow_up = std::mem::take(&mut changes.puts);
            after.write(self, &mut changes);
            changes.puts.extend(follow_up);
            changes.puts.extend(agent);
            if self.store.apply(&changes, now).await? == Applied::Done {
                self.heard(&before, &after, &actions);
                return Ok(after.written());
            }
        }
        Err(Problem::unavailable(1))
    }

    /// What is written with a step of a call-back that `own` asked for.
    async fn follow_up_on(
        &self,
        own: &Case,
        after: &Numbered,
        actions: &[Action],
        (by, reason): (&Actor, Option<&str>),
    ) -> Result<Changes, Problem> {
        let mut written = Changes::default();
        let changes = &mut written;
        let mut own_changed = own.clone();
        for action in actions {
            match action {
                Action::Ring => self.let_ring(after, changes),
                Action::Remind => self.remind(after, changes).await?,
                Action::TellUnanswered => {
                    self.tell_unanswered(&mut own_changed, after, changes).await?;
                }
                Action::TellNobodyThere => self.tell_nobody_there(&mut own_changed),
                Action::BookFollowUp(due) => {
                    let next = Callback::follow_up(*due, self.world.now()).map_err(refusal)?;
                    let mut next = self.new_callback(own, next, &after.kept.number, reason);
                    next.kept.follows = Some(after.id);
                    own_changed.kept.callbacks.push(next.id);
                    next.write(self, changes);
                }
                Action::Alert(alert) => self.tell_desk(after, *alert, changes),
            }
        }
        self.note_in_case(own, own_changed, (by, reason), changes).await?;
        Ok(written)
    }

    /// An agent's reason is a step of the case that they work on, which may be another than the
    /// report that asked.
    async fn note_in_case(
        &self,
        own: &Case,
        mut own_changed: Case,
        (by, reason): (&Actor, Option<&str>),
        changes: &mut Changes,
    ) -> Result<(), Problem> {
        let is_agent = matches!(by, Actor::Agent(_) | Actor::Supervisor(_));
        if let Some(reason) = reason.filter(|reason| is_agent && !reason.trim().is_empty()) {
            let now = self.world.now();
            if let Some(main) = own.kept.into {
                let main = self.case(main).await?.ok_or_else(|| Problem::not_found("case"))?;
                let main = main.step(CaseCommand::Note, by, Some(reason), now)?.0;
                main.write(self, changes);
            } else {
                own_changed = own_changed.step(CaseCommand::Note, by, Some(reason), now)?.0;
            }
        }
        let (was, is) = (&own.kept, &own_changed.kept);
        if was.callbacks.len() != is.callbacks.len()
            || was.messages.len() != is.messages.len()
            || was.case != is.case
        {
            own_changed.write(self, changes);
        }
        Ok(())
    }

    fn let_ring(&self, after: &Numbered, changes: &mut Changes) {
        if let (Some(telephone), Some(call)) = (&self.calling.telephone, call_of(after)) {
            let rows = telephone.rows(&call).into_iter().map(|row| (after.holder(), row));
            changes.outbox.extend(rows);
        }
    }

    /// After it is durable: who has to hear of it is rung for, what is measured is taken down.
    fn heard(&self, before: &Numbered, after: &Numbered, actions: &[Action]) {
        self.bell.notify_one();
        self.letters.notify_one();
        if before.kept.callback.first_rang_at.is_none()
            && let Some(took) = after.kept.callback.first_ring_took()
        {
            self.metrics.rang_first(took);
        }
        for action in actions {
            if let Action::Alert(alert) = action {
                let callback = crate::id::show("cbk", after.id);
                let case = crate::id::show("cas", after.kept.case);
                tracing::warn!(%callback, %case, ?alert, "a promise to call back is not kept");
            }
        }
    }
}

/// The ring that a call-back stands at.
pub(super) fn call_of(one: &Numbered) -> Option<Call> {
    let callback = &one.kept.callback;
    Some(Call {
        callback: one.id,
        dial: callback.dials,
        case: one.kept.case,
        account: one.kept.account_name.clone(),
        agent: callback.agent.clone()?,
        to: one.kept.number.clone(),
    })
}
