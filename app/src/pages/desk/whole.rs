//! Making a case whole, at the desk: each order's parcels, refunds, tasks and books on one page, and
//! what an agent records of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::case::Actor;
use domain::restitution::Command;
use serde::Serialize;
use serde_json::{Map, Value};
use statement::{Currency, Money};

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::{Page, Visitor};
use super::sees;
use crate::audit::Seen;
use crate::desk::{Colleague, Role};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::http::restitution::steps::Doing;
use crate::http::restitution::views::RestitutionView;
use crate::restitution::Numbered;
use crate::restitution::books::Books;
use crate::statement_check::money;
use crate::text::Language;

/// What can be recorded of a parcel: the step, and its answer.
const RECORDS: [&str; 16] = [
    "cancelled",
    "carrier_answered-accepted",
    "carrier_answered-rejected",
    "carrier_answered-stopped",
    "carrier_answered-returning",
    "carrier_answered-returned",
    "carrier_answered-delivered",
    "seller_answered-agreed",
    "seller_answered-refused",
    "seller_answered-received",
    "received",
    "code_answered-revoked",
    "code_answered-redeemed",
    "carrier_paid",
    "fee_billed",
    "write_off",
];

/// `/desk/cases/{id}/whole`
#[derive(Serialize)]
pub(in super::super) struct Whole {
    me: String,
    case_id: String,
    number: String,
    orders: Vec<OrderWhole>,
    /// Debits less credits of every account over all orders: currency, account, amount.
    balances: Vec<(String, String, String)>,
    records: [&'static str; 16],
    may_act: bool,
    /// Refunds wait for this colleague's approval.
    to_approve: bool,
    problem: Option<String>,
}

/// An order of it; its amounts as people write them.
#[derive(Serialize)]
struct OrderWhole {
    view: RestitutionView,
    total: String,
    refunds: Vec<String>,
    receivables: Vec<Option<String>>,
}

impl OrderWhole {
    fn of(view: RestitutionView, language: Language) -> Self {
        let shown = |amount: i64| shown(language, &view.currency, amount);
        Self {
            total: shown(view.total),
            refunds: view.refunds.iter().map(|refund| shown(refund.amount)).collect(),
            receivables: view
                .parcels
                .iter()
                .map(|parcel| (parcel.receivable != 0).then(|| shown(parcel.receivable)))
                .collect(),
            view,
        }
    }
}

/// An amount as people write it.
pub(in super::super) fn shown(language: Language, currency: &str, amount: i64) -> String {
    match Currency::of(currency) {
        Some(currency) => money(language, Money { amount, currency }),
        None => format!("{amount} {currency}"),
    }
}

/// Words that the template completes keys with.
#[cfg(test)]
pub(in super::super) fn keys() -> Vec<String> {
    let of = |prefix: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("whole-{prefix}-{name}")).collect()
    };
    let mut keys = of("record", &RECORDS);
    keys.extend(of("place", &PLACES));
    keys.extend(of("stage", &STAGES));
    keys.extend(of("end", &ENDS));
    keys.extend(of("owner", &["store", "agent", "supervisor", "seller", "carrier"]));
    keys.extend(of("refund", &REFUNDS));
    keys.extend(of("account", &ACCOUNTS));
    keys
}

#[cfg(test)]
const PLACES: [&str; 8] = [
    "not_authorised",
    "unshipped",
    "digital",
    "in_transit",
    "delivered",
    "returned",
    "refused_at_door",
    "lost",
];
#[cfg(test)]
const STAGES: [&str; 9] = [
    "identified",
    "held",
    "revoking",
    "intercepting",
    "return_requested",
    "checking_receipt",
    "claiming_from_carrier",
    "claim_open",
    "resolved",
];
#[cfg(test)]
const ENDS: [&str; 5] = ["cancelled", "revoked", "goods_back", "paid_by_carrier", "written_off"];
/// Names of a refund's states.
#[cfg(test)]
pub(in super::super) const REFUNDS: [&str; 8] = [
    "proposed",
    "approved",
    "submitted",
    "succeeded",
    "failed_retryable",
    "failed_final",
    "settled_by_issuer",
    "reversed",
];
#[cfg(test)]
const ACCOUNTS: [&str; 9] = [
    "customer_refund_payable",
    "psp_clearing",
    "store_fraud_loss",
    "seller_payable",
    "guarantee_fund",
    "gift_balance",
    "intruder_receivable",
    "carrier_payable",
    "write_off",
];

impl Page for Whole {
    const TEMPLATE: &'static str = "desk_whole.html";

    fn samples() -> Vec<Self> {
        let sample = |orders: Vec<RestitutionView>, may_act| Self {
            me: "sato@shop.example".to_owned(),
            case_id: "cas_0".to_owned(),
            number: "K7QM2F9A".to_owned(),
            orders: orders.into_iter().map(|one| OrderWhole::of(one, Language::English)).collect(),
            balances: vec![("JPY".to_owned(), "psp_clearing".to_owned(), "-3,000".to_owned())],
            records: RECORDS,
            may_act,
            to_approve: may_act,
            problem: may_act.then(|| "<the refund is above the limit>".to_owned()),
        };
        vec![sample(super::samples::restitutions(), true), sample(Vec::new(), false)]
    }
}

/// Everything of a case that is made whole.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let page = house.whole(&id, &colleague, visitor.language).await?;
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// A step in one of its restitutions.
pub(super) async fn act(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let by = colleague.actor().ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
    match house.record(&id, &form, &by, &colleague).await {
        Ok(()) => Ok(house.go(&visitor, &format!("/desk/cases/{id}/whole"), Some(Flash::Saved))),
        Err(problem) if problem.kind.row().status.is_client_error() => {
            let mut page = house.whole(&id, &colleague, visitor.language).await?;
            page.problem = Some(problem.detail);
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

impl House {
    async fn whole(
        &self,
        id: &str,
        colleague: &Colleague,
        language: Language,
    ) -> Result<Whole, Problem> {
        let case = self.case_named(id).await?;
        if !sees(&case, colleague) {
            return Err(self.refused(&case, colleague, "whole").await);
        }
        self.tell_trail(&case, colleague, Seen::Looked, "whole").await?;
        let all = self.restitutions(&case).await?;
        let waits = |one: &Numbered| {
            let restitution = &one.kept.restitution;
            let mine = |approval: &domain::restitution::Approval| approval.by == colleague.name;
            !restitution.refunds.is_empty()
                && !restitution.is_approved()
                && !restitution.approvals.iter().any(mine)
        };
        let to_approve = all.iter().any(waits);
        let view =
            |one: &Numbered| OrderWhole::of(RestitutionView::of(self, one, language), language);
        Ok(Whole {
            me: colleague.name.clone(),
            case_id: id.to_owned(),
            number: case.kept.number.clone(),
            orders: all.iter().map(view).collect(),
            balances: flat(&Books::of(&all).balances, language),
            records: RECORDS,
            may_act: colleague.role != Role::Auditor,
            to_approve,
            problem: None,
        })
    }

    /// Takes the step that the form names, in a restitution of this very case.
    async fn record(
        &self,
        id: &str,
        form: &Form,
        by: &Actor,
        colleague: &Colleague,
    ) -> Result<(), Problem> {
        let case = self.case_named(id).await?;
        if !sees(&case, colleague) {
            return Err(self.refused(&case, colleague, form.text("do")).await);
        }
        if form.text("do") == "approve_all" {
            for one in self.restitutions(&case).await? {
                if !one.kept.restitution.is_approved() {
                    self.restitute(one.id, &Command::Approve, by).await?;
                }
            }
            return Ok(());
        }
        let named = crate::id::read("rst", form.text("restitution")).unwrap_or_default();
        let one = self.restitution(named).await?;
        if one.kept.case != case.id {
            return Err(Problem::not_found("restitution"));
        }
        let command = doing(form)?.command(self, &one)?;
        self.restitute(one.id, &command, by).await.map(drop)
    }
}

/// What the form asks for, as the API would say it.
fn doing(form: &Form) -> Result<Doing, Problem> {
    let record = form.text("do");
    let (step, answer) = record.split_once('-').unwrap_or((record, ""));
    let mut said = Map::from_iter([("do".to_owned(), Value::from(step))]);
    let mut say = |name: &str, value: Value| said.insert(name.to_owned(), value);
    say("shipment_id", form.text("shipment").into());
    match step {
        "code_answered" => say("revoked", (answer == "revoked").into()),
        _ => say("answer", answer.into()),
    };
    if let Some(task) = form.filled("task") {
        say("task", task.parse::<usize>().unwrap_or(usize::MAX).into());
    }
    let typed: String =
        form.text("amount").chars().filter(|sign| !",，円¥".contains(*sign)).collect();
    if !typed.trim().is_empty() || matches!(step, "carrier_paid" | "fee_billed") {
        let amount: i64 =
            typed.trim().parse().map_err(|_| Problem::invalid("/amount", "an amount in digits"))?;
        say("amount", amount.into());
    }
    serde_json::from_value(said.into()).map_err(|_| Problem::not_found("step"))
}

fn flat(
    balances: &BTreeMap<String, BTreeMap<String, i64>>,
    language: Language,
) -> Vec<(String, String, String)> {
    let rows = balances.iter().flat_map(|(currency, accounts)| {
        accounts.iter().map(move |(account, amount)| {
            (currency.clone(), account.clone(), shown(language, currency, *amount))
        })
    });
    rows.collect()
}
