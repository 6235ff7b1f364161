//! What time does to cases: who is due to do something is reminded once, and what is over ends.
//!
//! A reminder is written in the transaction that tells of it, so that it is told once whatever
//! crashes, and by whichever node is first.

use std::sync::Arc;
use std::time::Duration;

use domain::case::{Action, Actor, Audience, Command, Outlook, Reminder};
use domain::refund::State;
use serde_json::{Value, json};
use store::{Changes, DocumentKind};

use super::Numbered;
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::time::show;
use crate::webhooks::Kind as Told;
use crate::world::pause;

/// How often it is looked what is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Cases in one look.
const AT_ONCE: u32 = 100;
/// Lost races until a case waits for the next look.
const RACES_MAX: usize = 4;

impl House {
    /// Reminds of what is due, again and again.
    pub async fn remind_of_cases(house: Arc<Self>) {
        loop {
            pause(LOOK_EVERY).await;
            let now = house.world.now();
            match house.store.documents_due(DocumentKind::Case, now, AT_ONCE).await {
                Ok(due) => {
                    for document in due {
                        if let Err(problem) = house.let_time_pass(document.id).await {
                            tracing::warn!(kind = ?problem.kind, "a reminder waits");
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot learn which cases are due"),
            }
        }
    }

    /// Written even where nothing is told: the timer moves on.
    async fn let_time_pass(&self, id: u128) -> Result<(), Problem> {
        for _ in 0..RACES_MAX {
            let Some(case) = self.case(id).await? else { return Ok(()) };
            let tick = Command::Tick(self.outlook(&case).await?);
            let (next, actions) = case.step(tick, &Actor::System, None, self.world.now())?;
            let mut outbox = self.rows_of(&next, &actions);
            for what in actions.iter().copied().filter_map(reminder) {
                let data = reminder_of(&next, what);
                outbox.extend(self.told(&next, Told::IncidentReminder, &data));
            }
            match self.write_case(&next, Changes { outbox, ..Changes::default() }).await {
                Err(problem) if problem.kind == Kind::Unavailable => {}
                written => {
                    self.bell.notify_one();
                    return written.map(drop);
                }
            }
        }
        Err(Problem::unavailable(1))
    }

    /// By which payments money is still owed to the victim.
    async fn outlook(&self, case: &Numbered) -> Result<Outlook, Problem> {
        let mut outlook = Outlook::default();
        for one in self.restitutions(case).await? {
            let restitution = &one.kept.restitution;
            let there = |state| matches!(state, State::Succeeded | State::SettledByIssuer);
            let owed = restitution.refunds.iter().filter(|refund| !there(refund.state));
            let payment = |id: &String| restitution.payments.iter().find(|one| one.id == *id);
            outlook.owed.extend(owed.filter_map(|refund| Some(payment(&refund.payment)?.kind)));
        }
        Ok(outlook)
    }
}

const fn reminder(action: Action) -> Option<Reminder> {
    match action {
        Action::Remind(what) => Some(what),
        _ => None,
    }
}

/// What the store is told: ids and moments, for its desk or for its customer.
fn reminder_of(case: &Numbered, what: Reminder) -> Value {
    let it = &case.kept.case;
    let by = it.reminded.iter().rev().find(|one| one.what == what).map(|one| show(one.by));
    let audience = match what.audience() {
        Audience::Desk => ["desk"].as_slice(),
        Audience::Reporter => &["reporter"],
        Audience::Both => &["desk", "reporter"],
    };
    json!({
        "case_id": crate::id::show("cas", case.id),
        "account_id": case.kept.account_name,
        "reminder": what.name(),
        "by": by,
        "for": audience,
        "state": it.state,
        "priority": it.priority,
        "agent": it.agent,
    })
}
