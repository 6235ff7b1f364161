//! Restitutions as agents look at them.

use std::collections::BTreeMap;

use domain::parcel::{Parcel, Stage};
use domain::refund::{Path, Refund};
use domain::restitution::Task;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::House;
use crate::restitution::Numbered;
use crate::restitution::books::account_name;
use crate::text::{Language, text};
use crate::time::show;

/// All restitutions of a case.
#[derive(Serialize, ToSchema)]
#[schema(as = Restitutions)]
pub(super) struct AllView {
    /// What is urgent first, then the oldest.
    pub(super) items: Vec<RestitutionView>,
}

/// What is done for one order. Amounts are in minor units of its currency.
#[derive(Serialize, ToSchema)]
#[schema(as = Restitution)]
pub(crate) struct RestitutionView {
    /// `rst_…`
    pub(crate) id: String,
    /// `cas_…`
    pub(crate) case_id: String,
    /// Your id of the order.
    pub(crate) order_id: String,
    /// ISO 4217.
    pub(crate) currency: String,
    /// All refunds together.
    pub(crate) total: i64,
    /// What the customer bears: always 0 (R35).
    pub(crate) victims_share: i64,
    /// Who agreed.
    pub(crate) approved_by: Vec<String>,
    /// Enough persons agreed.
    pub(crate) approved: bool,
    /// Everything is at its end.
    pub(crate) over: bool,
    pub(crate) parcels: Vec<ParcelView>,
    pub(crate) refunds: Vec<RefundView>,
    pub(crate) tasks: Vec<TaskView>,
    /// Debits less credits of every account.
    pub(crate) balances: BTreeMap<String, i64>,
    /// What was done, oldest first.
    pub(crate) steps: Vec<StepView>,
}

/// A parcel and its plan.
#[derive(Serialize, ToSchema)]
#[schema(as = RestitutionParcel)]
pub(crate) struct ParcelView {
    /// Your id of the shipment.
    pub(crate) id: String,
    #[schema(example = "in_transit")]
    pub(crate) state: String,
    #[schema(example = "intercepting")]
    pub(crate) stage: String,
    /// Once it is resolved: how.
    pub(crate) end: Option<String>,
    #[schema(example = "intercept")]
    pub(crate) first_act: String,
    pub(crate) follow_ups: Vec<String>,
    #[schema(example = "carrier")]
    pub(crate) owner: String,
    /// When somebody looks again.
    pub(crate) due_at: Option<String>,
    pub(crate) intercept: Option<InterceptView>,
    pub(crate) seller_return: Option<String>,
    pub(crate) code: Option<String>,
    /// What the intruder owes for it (R32).
    pub(crate) receivable: i64,
}

/// How stopping a parcel goes.
#[derive(Serialize, ToSchema)]
#[schema(as = RestitutionIntercept)]
pub(crate) struct InterceptView {
    #[schema(example = "accepted")]
    pub(crate) state: String,
    /// `carrier`, `phone` or `seller`.
    pub(crate) through: String,
    pub(crate) since: String,
}

/// A refund of one part of a line's price.
#[derive(Serialize, ToSchema)]
#[schema(as = RestitutionRefund)]
pub(crate) struct RefundView {
    /// `rfd_…`
    pub(crate) id: String,
    pub(crate) line_id: String,
    #[schema(example = "item")]
    pub(crate) component: String,
    pub(crate) shipment_id: String,
    pub(crate) amount: i64,
    #[schema(example = "succeeded")]
    pub(crate) state: String,
    /// By which path it goes back (R51).
    #[schema(example = "card-statement")]
    pub(crate) path: String,
    /// The customer sees it within so many days (C20).
    pub(crate) seen_within_days: u32,
    /// What the customer is told about the path.
    pub(crate) notice: String,
    /// What the payer calls it.
    pub(crate) reference: Option<String>,
}

/// What a person has to do.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = RestitutionTask)]
pub(crate) struct TaskView {
    /// Its place, for `task_done`.
    pub(crate) task: usize,
    #[schema(example = "call-carrier")]
    pub(crate) kind: String,
    /// Your id of the shipment, or the refund's id.
    pub(crate) about: String,
    pub(crate) since: String,
    /// By when it is to be done.
    pub(crate) due_at: String,
    /// Which agent does it.
    pub(crate) taken_by: Option<String>,
    pub(crate) done: bool,
    /// What to say or do, in the caller's language.
    pub(crate) script: String,
}

/// A row of the history.
#[derive(Serialize, ToSchema)]
#[schema(as = RestitutionHistory)]
pub(crate) struct StepView {
    pub(crate) at: String,
    /// Who, where it was a person.
    pub(crate) by: Option<String>,
    pub(crate) did: String,
    pub(crate) about: String,
}

/// The name of a unit variant; of `{name: …}` the name.
pub(crate) fn name(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    let tagged = value.as_object().and_then(|map| map.keys().next());
    value.as_str().or(tagged.map(String::as_str)).unwrap_or_default().to_owned()
}

impl RestitutionView {
    pub(crate) fn of(house: &House, one: &Numbered, language: Language) -> Self {
        let it = &one.kept.restitution;
        let balances = it.ledger.balances();
        let refund = |refund: &Refund| RefundView::of(house, it, refund, language);
        let receivable = |parcel: &Parcel| it.receivable(&parcel.facts.id);
        Self {
            id: crate::id::show("rst", one.id),
            case_id: crate::id::show("cas", one.kept.case),
            order_id: it.order.clone(),
            currency: crate::restitution::currency(it),
            total: it.total(),
            victims_share: (-it.ledger.owed()).max(0),
            approved_by: it.approvals.iter().map(|approval| approval.by.clone()).collect(),
            approved: it.is_approved(),
            over: it.is_over(),
            parcels: it.parcels.iter().map(|one| ParcelView::of(one, receivable(one))).collect(),
            refunds: it.refunds.iter().map(refund).collect(),
            tasks: it
                .tasks
                .iter()
                .enumerate()
                .map(|(place, task)| TaskView::of(house, place, task, language))
                .collect(),
            balances: balances.iter().map(|(one, sum)| (account_name(*one), *sum)).collect(),
            steps: it.steps.iter().map(StepView::of).collect(),
        }
    }
}

impl ParcelView {
    fn of(parcel: &Parcel, receivable: i64) -> Self {
        let plan = parcel.plan();
        let end = if let Stage::Resolved(end) = parcel.stage { Some(name(&end)) } else { None };
        let intercept = parcel.intercept.map(|one| InterceptView {
            state: name(&one.state),
            through: name(&one.through),
            since: show(one.since),
        });
        Self {
            id: parcel.facts.id.clone(),
            state: name(&parcel.facts.state),
            stage: name(&parcel.stage),
            end,
            first_act: name(&plan.first),
            follow_ups: plan.follow_ups.iter().map(name).collect(),
            owner: name(&plan.owner),
            due_at: parcel.next_due().map(show),
            intercept,
            seller_return: parcel.seller_return.map(|one| name(&one.state)),
            code: parcel.code.map(|code| name(&code)),
            receivable,
        }
    }
}

impl RefundView {
    fn of(
        house: &House,
        it: &domain::restitution::Restitution,
        refund: &Refund,
        language: Language,
    ) -> Self {
        let payment = it.payments.iter().find(|one| one.id == refund.payment);
        let path = payment.map_or(Path::ByHand, |one| Path::of(one.kind));
        let state = serde_json::to_value(refund.state).unwrap_or_default();
        let state = state.pointer("/state").and_then(|state| state.as_str()).unwrap_or_default();
        Self {
            id: crate::id::show("rfd", house.refund_id(&refund.key)),
            line_id: refund.line.clone(),
            component: refund.component.name().to_owned(),
            shipment_id: refund.parcel.clone(),
            amount: refund.amount,
            state: state.to_owned(),
            path: path.name().to_owned(),
            seen_within_days: path.seen_within_days(),
            notice: text().say(language, &format!("refund-path-{}", path.name())),
            reference: refund.reference.clone(),
        }
    }
}

impl TaskView {
    pub(crate) fn of(house: &House, place: usize, task: &Task, language: Language) -> Self {
        let about = if task.about.contains(':') {
            crate::id::show("rfd", house.refund_id(&task.about))
        } else {
            task.about.clone()
        };
        Self {
            task: place,
            kind: task.kind.name().to_owned(),
            about,
            since: show(task.since),
            due_at: show(task.due_at()),
            taken_by: task.taken_by.clone(),
            done: task.done,
            script: text().say(language, &format!("script-{}", task.kind.name())),
        }
    }
}

impl StepView {
    fn of(step: &domain::restitution::Step) -> Self {
        let by = match &step.by {
            domain::case::Actor::Agent(name) | domain::case::Actor::Supervisor(name) => {
                Some(name.clone())
            }
            domain::case::Actor::Reporter | domain::case::Actor::System => None,
        };
        let about = step.about.clone();
        Self { at: show(step.at), by, did: step.did.clone(), about }
    }
}
