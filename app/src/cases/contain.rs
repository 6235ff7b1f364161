//! Containing: one action that puts the intruder out (X3). Every item is done or said to have failed,
//! and the same again changes nothing.

use std::collections::BTreeSet;

use domain::account::{self, Locker};
use domain::case::{Actor, Anchor, Command, Window};
use domain::member::{Member, Telling, Topic, restore_since};
use domain::session::Ended;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Changes;

use super::Numbered;
use super::history::{History, OrderSeen};
use super::lift::HOLDS;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;
use crate::notices::{About, Holder};
use crate::text::Language;
use crate::webhooks::Kind as Told;

/// What containing takes care of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum What {
    AccountLocked,
    SessionsEnded,
    PasswordOff,
    ChangesReversed,
    DevicesForgotten,
    PendingChangesStopped,
    OwnersTold,
    StoreToldToEndSessions,
    StoreToldToHoldCardsAndPayouts,
    OrdersHeld,
    GiftCodesRevoked,
}

/// An item of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ContainedItem)]
pub struct Item {
    /// What.
    pub what: What,
    /// It is done; what the store has to do is done once its endpoint is told.
    pub done: bool,
    /// How many.
    pub count: usize,
    /// Why not: `not_a_member`, `no_endpoint`.
    pub failed: Option<String>,
}

impl Item {
    const fn done(what: What, count: usize) -> Self {
        Self { what, done: true, count, failed: None }
    }

    fn failed(what: What, count: usize, why: &str) -> Self {
        Self { what, done: false, count, failed: Some(why.to_owned()) }
    }
}

/// What is written, and what was done by it.
#[derive(Default)]
struct Doing {
    changes: Changes,
    items: Vec<Item>,
    held: BTreeSet<String>,
}

impl House {
    /// Puts the intruder out of a case's account.
    ///
    /// # Errors
    /// Refused below V2, without a reason or an account; busy when somebody else was first. Nothing
    /// was changed then.
    pub async fn contain(
        &self,
        case: &Numbered,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<Numbered, Problem> {
        let now = self.world.now();
        let history = match case.kept.case.account {
            Some(account) => self.history(account).await?,
            None => History(Vec::new()),
        };
        let (window, start) = self.window_of(case, &history);
        let (mut next, actions) = case.step(Command::Contain(start), by, reason, now)?;
        let holder = next.kept.case.account.zip(next.kept.account_name.clone());
        let (Some(holder), false) = (holder, actions.is_empty()) else { return Ok(next) };
        let mut doing = Doing::default();
        let mut sessions = Vec::new();
        match self.members.of(holder.0).await? {
            Some(found) => {
                sessions = self.members.sessions_of(holder.0).await?;
                self.contain_member(&mut doing, &found, start).await?;
                let ended = self.members.end_sessions(&sessions, Ended::AccountLocked);
                doing.items.push(Item::done(What::SessionsEnded, ended.len()));
                doing.changes.puts.extend(ended);
            }
            None => doing.items.push(Item::failed(What::AccountLocked, 0, "not_a_member")),
        }
        self.tell_the_store(&mut doing, &holder, case, (&history, &window));
        (next.kept.contained, next.kept.held) = (doing.items, doing.held);
        let next = self.write_case(&next, doing.changes).await?;
        self.letters.notify_one();
        self.bell.notify_one();
        self.sessions_ended(&sessions).await?;
        Ok(next)
    }

    /// The window of a case and the time at which it is taken to begin.
    pub fn window_of(&self, case: &Numbered, history: &History) -> (Window, Micros) {
        let told = &case.kept.case;
        let not_theirs: BTreeSet<&String> = told.not_theirs().collect();
        let orders = history.orders();
        let bad = orders.iter().find(|order| not_theirs.contains(&order.id));
        let anchor = bad.map_or(Anchor::Before(told.opened_at), |bad| Anchor::Event(bad.place));
        let window = history.window(anchor);
        let start = told.start.unwrap_or(window.start);
        (window, start)
    }

    async fn contain_member(
        &self,
        doing: &mut Doing,
        found: &Found,
        start: Micros,
    ) -> Result<(), Problem> {
        let now = self.world.now();
        let kept = self.members.changes_of(found.account).await?;
        let changes: Vec<_> = kept.iter().map(|(_, change)| change.clone()).collect();
        let restored = restore_since(&found.member, &changes, start, now);
        let theirs = self.members.devices_of_changes(&restored).await?;
        doing.changes.puts.extend(self.members.put_back(found, &kept, &restored));
        let mut member = Member { password: None, ..restored.member.clone() };
        let known = member.devices.len();
        member.devices.retain(|device| device.since < start && !theirs.contains(&device.hash));
        let lock = account::Command::Lock { by: Locker::AgentWithCase };
        if let Ok((standing, _)) = member.standing.next(lock, now) {
            member.standing = standing;
        }
        let waiting = changes.iter().filter(|change| change.waits()).count();
        doing.items.extend([
            Item::done(What::AccountLocked, 1),
            Item::done(What::PasswordOff, usize::from(found.member.password.is_some())),
            Item::done(What::ChangesReversed, restored.changes.len()),
            Item::done(What::PendingChangesStopped, waiting),
            Item::done(What::DevicesForgotten, known - member.devices.len()),
        ]);
        doing.changes.puts.push(self.members.change(found, &member));
        let to: Vec<_> = member.contacts_before(start, now).into_iter().cloned().collect();
        doing.items.push(Item::done(What::OwnersTold, to.len()));
        let telling = Telling { topic: Topic::Locked, undo_to: Vec::new(), to };
        let written = self.notices.write(About {
            holder: (found.account, member.account.clone()),
            telling,
            urgent: true,
            language: Language::of(&member),
            place: None,
            device: None,
            change: None,
        });
        doing.changes.puts.extend(written.puts);
        doing.changes.outbox.extend(written.outbox);
        Ok(())
    }

    /// What only the store can do, as webhooks in the same transaction.
    fn tell_the_store(
        &self,
        doing: &mut Doing,
        holder: &Holder,
        case: &Numbered,
        (history, window): (&History, &Window),
    ) {
        let case_id = crate::id::show("cas", case.id);
        let ids = json!({ "account_id": holder.1, "case_id": case_id });
        let orders: Vec<OrderSeen> = history.orders();
        let theirs = |order: &&OrderSeen| {
            window.events.binary_search(&order.place).is_ok()
                || case.kept.case.not_theirs().any(|id| *id == order.id)
        };
        let orders: Vec<&OrderSeen> =
            orders.iter().filter(theirs).filter(|order| order.can_be_stopped()).collect();
        let (digital, goods): (Vec<&OrderSeen>, Vec<&OrderSeen>) =
            orders.into_iter().partition(|order| order.is_digital);
        let mut tell = |what, kind, bodies: Vec<serde_json::Value>| {
            let count = bodies.len();
            let mut told = true;
            for mut body in bodies {
                if let (Some(body), Some(ids)) = (body.as_object_mut(), ids.as_object()) {
                    body.extend(ids.clone());
                }
                let rows = self.subscribers.told(kind, &body, &self.world);
                told &= !rows.is_empty();
                let rows = rows.into_iter().map(|row| (Some(holder.clone()), row));
                doing.changes.outbox.extend(rows);
            }
            doing.items.push(if told {
                Item::done(what, count)
            } else {
                Item::failed(what, count, "no_endpoint")
            });
        };
        let holds = json!({ "holds": HOLDS });
        tell(What::StoreToldToHoldCardsAndPayouts, Told::AccountLocked, vec![holds]);
        let all = json!({ "session_id": null, "all": true });
        tell(What::StoreToldToEndSessions, Told::SessionsRevoked, vec![all]);
        let order = |order: &&OrderSeen| json!({ "order_id": order.id, "reasons": ["case"] });
        tell(What::OrdersHeld, Told::OrderHoldRequested, goods.iter().map(order).collect());
        let codes = digital.iter().map(order).collect();
        tell(What::GiftCodesRevoked, Told::GiftCardRevokeRequested, codes);
        doing.held = goods.into_iter().map(|order| order.id.clone()).collect();
    }
}
