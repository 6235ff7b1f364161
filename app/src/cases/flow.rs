//! What follows from a case's steps: where it goes when it is sent, what its claims weigh, who is
//! told, what is learnt.

use domain::case::{Action, Actor, Command, Compared, Dated, Did, Given, Priority, compare};
use domain::keyed::AccountKey;
use domain::member::{ContactKind, Member};
use domain::memory::Outcome;
use domain::time::{DAY, Micros};
use serde::Serialize;
use serde_json::json;
use store::{Changes, DecisionId, OutboxRow, StoreError};

use super::Numbered;
use super::history::{History, contacts_of};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Login;
use crate::notices::Holder;
use crate::webhooks::Kind as Told;

const YEAR: i64 = 365 * DAY;

/// How the reporter's claims compare with what was true before it began. No stored value is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// The login they had.
    pub login: Compared,
    /// The password they had (C9).
    pub former_password: Compared,
    /// Their name.
    pub name: Compared,
    /// Their postcode.
    pub address: Compared,
    /// Their date of birth.
    pub birth_date: Compared,
    /// The card's last four digits.
    pub card_last4: Compared,
    /// An order that there is.
    pub orders: Compared,
}

impl Claims {
    /// How many match.
    pub fn matched(&self) -> u8 {
        let all = [
            self.login,
            self.former_password,
            self.name,
            self.address,
            self.birth_date,
            self.card_last4,
            self.orders,
        ];
        let matched = all.iter().filter(|one| matches!(one, Compared::Match { .. })).count();
        u8::try_from(matched).unwrap_or(u8::MAX)
    }
}

impl House {
    /// Since when there is an account; `None` where nobody has heard of it.
    pub async fn since(&self, account: AccountKey) -> Result<Option<Micros>, StoreError> {
        if let Some(found) = self.members.of(account).await? {
            return Ok(Some(found.member.since));
        }
        let known = self.store.account(account).await?;
        Ok(known.map(|known| known.profile.first_seen().unwrap_or_default()))
    }

    /// A case that was just sent takes its place: in another of the same account where there is one
    /// (T7), or in the queue, by what can still be stopped (R13).
    pub async fn submit_case(
        &self,
        mut case: Numbered,
        mut changes: Changes,
    ) -> Result<Numbered, Problem> {
        let now = self.world.now();
        let Some(account) = case.kept.case.account else {
            return self.write_case(&case, changes).await;
        };
        if let Some(mut main) = self.case_that_takes(account, case.id).await? {
            let (mut merged, _) = case.step(Command::Merge, &Actor::System, None, now)?;
            merged.kept.into = Some(main.id);
            main.kept.reports = main.kept.reports.saturating_add(1);
            main.write(self, &mut changes);
            return self.write_case(&merged, changes).await;
        }
        let history = self.history(account).await?;
        let orders = history.orders();
        let (window, _) = self.window_of(&case, &history);
        let theirs = |place: usize| window.events.binary_search(&place).is_ok();
        let told = |id: &String| case.kept.case.not_theirs().any(|other| other == id);
        let mut bad = orders.iter().filter(|order| theirs(order.place) || told(&order.id));
        let gone = bad.clone().next().is_some();
        let stops = bad.any(super::history::OrderSeen::can_be_stopped);
        let priority = Priority::of(case.kept.case.taken_over, stops, gone);
        case.kept.case = case.kept.case.prioritised(priority);
        let case = self.weighed(case).await?;
        let data = json!({
            "case_id": crate::id::show("cas", case.id),
            "account_id": case.kept.account_name,
            "taken_over": case.kept.case.taken_over,
        });
        changes.outbox.extend(self.told(&case, Told::IncidentOpened, &data));
        let case = self.write_case(&case, changes).await?;
        self.bell.notify_one();
        Ok(case)
    }

    /// The case with the weight of its claims: however many match, no more than V1 (R26).
    pub async fn weighed(&self, case: Numbered) -> Result<Numbered, Problem> {
        let Some(claims) = self.claims(&case).await? else { return Ok(case) };
        let given = Given::Claims { matched: claims.matched() };
        let (before, priority) = (case.kept.case.state, case.kept.case.priority);
        match case.step(Command::Prove(given), &Actor::System, None, self.world.now()) {
            Ok((mut weighed, _)) => {
                // Nobody has proven anything yet: it waits for an agent as before.
                weighed.kept.case.state = before;
                weighed.kept.case = weighed.kept.case.prioritised(priority);
                Ok(weighed)
            }
            Err(_) => Ok(case),
        }
    }

    /// How the claims of a report compare; `None` before there is an account.
    pub async fn claims(&self, case: &Numbered) -> Result<Option<Claims>, StoreError> {
        let Some(account) = case.kept.case.account else { return Ok(None) };
        let history = self.history(account).await?;
        let (_, start) = self.window_of(case, &history);
        let member = self.members.of(account).await?.map(|found| found.member);
        Ok(Some(self.compared(case, &history, member.as_ref(), start)))
    }

    /// The same, for who has read the history already.
    pub fn compared(
        &self,
        case: &Numbered,
        history: &History,
        member: Option<&Member>,
        start: Micros,
    ) -> Claims {
        let report = &case.kept.report;
        let mut logins = history.told(|heard| &heard.account.email);
        if let Some(member) = member {
            logins = contacts_of(member, ContactKind::Mail);
            logins.extend(contacts_of(member, ContactKind::Phone));
        }
        let claimed = Login::read(&report.login);
        let same = |value: &String| {
            let known = Login::read(value);
            known.zip(claimed.as_ref()).is_some_and(|(known, said)| known.is(said, &self.hasher))
        };
        let name = member.map(|member| member.name.clone()).filter(|name| !name.is_empty());
        let names: Vec<Dated<String>> =
            name.map(|value| Dated { value, from: None, until: None }).into_iter().collect();
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let at = digits(&report.address);
        let mut cards = history.told(|heard| &heard.order.payment.last4);
        cards.extend(history.told(|heard| &heard.payment.last4));
        let ids: Vec<String> = history.orders().into_iter().map(|order| order.id).collect();
        let known_order = case.kept.case.marks.keys().any(|id| ids.contains(id));
        Claims {
            login: said(&report.login, || compare(&logins, same, start)),
            former_password: report.former_password.unwrap_or(Compared::NotAvailable),
            name: said(&report.name, || {
                compare(&names, |known| plain(known) == plain(&report.name), start)
            }),
            address: said(&report.address, || {
                let postcodes = history.told(|heard| &heard.order.ship_to.postcode);
                let within = |known: &String| known.len() >= 7 && at.contains(&digits(known));
                compare(&postcodes, within, start)
            }),
            birth_date: Compared::NotAvailable,
            card_last4: said(&report.card_last4, || {
                compare(&cards, |known| *known == report.card_last4, start)
            }),
            orders: match (ids.is_empty() || case.kept.case.marks.is_empty(), known_order) {
                (true, _) => Compared::NotAvailable,
                (false, true) => Compared::Match { until: None },
                (false, false) => Compared::NoMatch,
            },
        }
    }

    /// Cases of the account within a year that were decided before (T1).
    pub async fn earlier_claims(
        &self,
        case: &Numbered,
        account: AccountKey,
    ) -> Result<u32, StoreError> {
        let now = self.world.now();
        let others = self.decided_cases_of(account).await?;
        let counts = |other: &&Numbered| {
            other.id != case.id
                && other.kept.case.decided_at.is_some_and(|at| now.since(at) <= YEAR)
        };
        Ok(u32::try_from(others.iter().filter(counts).count()).unwrap_or(u32::MAX))
    }

    /// Webhooks that a step asks for.
    pub fn rows_of(&self, case: &Numbered, actions: &[Action]) -> Vec<(Option<Holder>, OutboxRow)> {
        let did = case.kept.case.steps.last().map(|step| step.did);
        let Some(did) = did.filter(|_| actions.contains(&Action::TellReporter)) else {
            return Vec::new();
        };
        let kind = match did {
            Did::Decided => Told::IncidentDecided,
            Did::Closed | Did::Withdrawn => Told::IncidentClosed,
            Did::Appealed => Told::IncidentAppealed,
            _ => return Vec::new(),
        };
        let orders: Vec<_> = case
            .kept
            .case
            .rulings
            .iter()
            .map(|(order, ruled)| json!({ "order_id": order, "ruling": ruled.ruling.outcome }))
            .collect();
        let data = json!({
            "case_id": crate::id::show("cas", case.id),
            "account_id": case.kept.account_name,
            "confirmed": case.kept.case.is_confirmed(),
            "orders": orders,
            "cause": case.kept.case.cause,
        });
        let mut rows = self.told(case, kind, &data);
        if matches!(did, Did::Decided | Did::Closed) {
            rows.extend(self.let_go(case, did).into_iter().map(|row| (case.holder(), row)));
        }
        rows
    }

    pub(super) fn told(
        &self,
        case: &Numbered,
        kind: Told,
        data: &serde_json::Value,
    ) -> Vec<(Option<Holder>, OutboxRow)> {
        let holder = case.kept.case.account.zip(case.kept.account_name.clone());
        let rows = self.subscribers.told(kind, data, &self.world);
        rows.into_iter().map(|row| (holder.clone(), row)).collect()
    }

    /// What was decided labels every event of the window, so that the next decision knows (§4).
    pub async fn label(&self, case: &Numbered, actions: &[Action]) -> Result<(), Problem> {
        let Some(account) = case.kept.case.account else { return Ok(()) };
        if !actions.contains(&Action::LabelWindow) {
            return Ok(());
        }
        let history = self.history(account).await?;
        let (window, _) = self.window_of(case, &history);
        let now = self.world.now();
        for seen in window.events.iter().filter_map(|place| history.0.get(*place)) {
            let decision = DecisionId(seen.decision);
            let said = (Outcome::ConfirmedTakeover, "desk".into());
            if let Err(error) = self.judge.settle(decision, said, Vec::new(), now).await {
                tracing::warn!(%error, "an event of a decided case is not labelled");
            }
        }
        Ok(())
    }
}

/// Nothing said is nothing to compare.
fn said(what: &str, compared: impl FnOnce() -> Compared) -> Compared {
    if what.is_empty() { Compared::NotAvailable } else { compared() }
}
