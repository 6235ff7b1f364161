//! Steps in a restitution, by agents and by the store's own system.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::case::Actor;
use domain::intercept::{self, Destination};
use domain::parcel::State as ParcelState;
use domain::refund::Settled;
use domain::restitution::Command;
use domain::seller_return;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::body::{self, SMALL_MAX};
use super::super::problem::Problem;
use super::super::{Answer, House};
use super::views::RestitutionView;
use crate::keys::Scope;
use crate::openapi::{restitution as shapes, schema};
use crate::restitution::Numbered;

/// Longest name that a payer gives a refund.
const REFERENCE_MAX: usize = 200;

/// A step.
#[derive(Deserialize, ToSchema)]
#[schema(as = RestitutionStep)]
pub(in super::super) struct StepBody {
    /// The agent who acts.
    agent: String,
    /// What is done.
    #[serde(flatten)]
    doing: Doing,
}

/// What is done. Parcels go by your id of the shipment.
#[derive(Deserialize, ToSchema)]
#[schema(as = RestitutionDoing)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Doing {
    /// The refunds are agreed to; above the limit two persons, one of them a supervisor (T5).
    Approve,
    /// The parcel was seen there.
    Seen {
        shipment_id: String,
        #[schema(value_type = shapes::ParcelPlace)]
        state: ParcelState,
    },
    /// The parcel was cancelled before it left.
    Cancelled { shipment_id: String },
    /// The parcel is to be stopped.
    Intercept {
        shipment_id: String,
        /// `return_to_sender`; anything else is refused (T17).
        action: String,
    },
    /// What became of stopping it.
    CarrierAnswered { shipment_id: String, answer: CarrierAnswer },
    /// What the seller says.
    SellerAnswered {
        shipment_id: String,
        answer: SellerAnswer,
        /// With `agreed`: what the seller bears, in minor units.
        #[serde(default)]
        amount: i64,
    },
    /// The goods are back; the seller bears so much.
    Received {
        shipment_id: String,
        #[serde(default)]
        amount: i64,
    },
    /// The code was revoked (`true`) or had been redeemed (`false`).
    CodeAnswered { shipment_id: String, revoked: bool },
    /// The carrier paid so much for what it lost; 0: nothing.
    CarrierPaid { shipment_id: String, amount: i64 },
    /// The carrier billed so much for a return (R35).
    FeeBilled { shipment_id: String, amount: i64 },
    /// What is claimed for the parcel is given up; a supervisor.
    WriteOff { shipment_id: String },
    /// The agent does a task of the list; a supervisor takes it over from another.
    TaskTaken {
        /// Its `task` in the list.
        task: usize,
    },
    /// A task of the list is done.
    TaskDone {
        /// Its `task` in the list.
        task: usize,
    },
    /// A refund that succeeded came back.
    Reversed { refund_id: String },
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CarrierAnswer {
    Accepted,
    Rejected,
    Unsupported,
    Stopped,
    Returning,
    Returned,
    Delivered,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SellerAnswer {
    Agreed,
    Refused,
    Received,
}

impl Doing {
    pub(crate) fn command(self, house: &House, one: &Numbered) -> Result<Command, Problem> {
        Ok(match self {
            Self::Approve => Command::Approve,
            Self::Seen { shipment_id, state } => Command::Seen(shipment_id, state),
            Self::Cancelled { shipment_id } => Command::Cancelled(shipment_id),
            Self::Intercept { shipment_id, action } => {
                let home = action == "return_to_sender";
                let to = if home { Destination::ReturnToSender } else { Destination::Other };
                Command::Intercept(shipment_id, to)
            }
            Self::CarrierAnswered { shipment_id, answer } => {
                Command::Carrier(shipment_id, answer.command())
            }
            Self::SellerAnswered { shipment_id, answer, amount } => {
                Command::Seller(shipment_id, answer.command(amount))
            }
            Self::Received { shipment_id, amount } => Command::Received(shipment_id, amount),
            Self::CodeAnswered { shipment_id, revoked } => Command::Code(shipment_id, revoked),
            Self::CarrierPaid { shipment_id, amount } => Command::CarrierPaid(shipment_id, amount),
            Self::FeeBilled { shipment_id, amount } => Command::FeeBilled(shipment_id, amount),
            Self::WriteOff { shipment_id } => Command::WriteOff(shipment_id),
            Self::TaskTaken { task } => Command::TaskTaken(task),
            Self::TaskDone { task } => Command::TaskDone(task),
            Self::Reversed { refund_id } => {
                let id = crate::id::read("rfd", &refund_id);
                let keys = one.kept.restitution.refunds.iter().map(|refund| &refund.key);
                let key = keys.into_iter().find(|key| Some(house.refund_id(key)) == id);
                let key = key.ok_or_else(|| Problem::not_found("refund"))?;
                Command::Reverse { refund: key.clone() }
            }
        })
    }
}

impl CarrierAnswer {
    const fn command(self) -> intercept::Command {
        match self {
            Self::Accepted => intercept::Command::Accepted,
            Self::Rejected => intercept::Command::Rejected,
            Self::Unsupported => intercept::Command::Unsupported,
            Self::Stopped => intercept::Command::Stopped,
            Self::Returning => intercept::Command::Returning,
            Self::Returned => intercept::Command::Returned,
            Self::Delivered => intercept::Command::Delivered,
        }
    }
}

impl SellerAnswer {
    const fn command(self, amount: i64) -> seller_return::Command {
        match self {
            Self::Agreed => seller_return::Command::Agree { amount },
            Self::Refused => seller_return::Command::Refuse,
            Self::Received => seller_return::Command::Receive,
        }
    }
}

/// Take a step in a restitution. The same step again changes nothing.
#[utoipa::path(
    post, path = "/v1/restitutions/{id}/steps", tag = "restitutions",
    operation_id = "step_restitution",
    params(("id" = String, Path, description = "`rst_…`"), schema::IdempotencyKey),
    request_body = StepBody,
    responses((status = 200, description = "After it", body = RestitutionView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn step(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let body: StepBody = body::json(&asked.body)?;
                let by = asked.actor(&body.agent)?;
                let one = house.restitution_named(&id).await?;
                let command = body.doing.command(&house, &one)?;
                let after = house.restitute(one.id, &command, &by).await?;
                let view = RestitutionView::of(&house, &after, asked.language);
                Answer::json(StatusCode::OK, &view)
            }),
        )
        .await
}

/// How a refund ended that `refund.requested` asked your system for.
#[derive(Deserialize, ToSchema)]
#[schema(as = RefundResult)]
pub(in super::super) struct ResultBody {
    /// How.
    #[schema(value_type = shapes::RefundEnd)]
    result: Settled,
    /// What your payer calls it.
    #[serde(default)]
    reference: Option<String>,
}

/// Tell how a refund ended. The same result again changes nothing.
#[utoipa::path(
    post, path = "/v1/refunds/{id}/result", tag = "restitutions", operation_id = "settle_refund",
    params(("id" = String, Path, description = "`rfd_…`"), schema::IdempotencyKey),
    request_body = ResultBody,
    responses((status = 200, description = "After it", body = RestitutionView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(in super::super) async fn settle(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let body: ResultBody = body::json(&asked.body)?;
                let long = |text: &String| text.chars().count() > REFERENCE_MAX;
                if body.reference.as_ref().is_some_and(long) {
                    return Err(Problem::invalid("/reference", "at most 200 characters"));
                }
                let id = crate::id::read("rfd", &id).ok_or_else(|| Problem::not_found("refund"))?;
                let (one, refund) = house.restitution_of_refund(id).await?;
                let ResultBody { result: settled, reference } = body;
                let command = Command::Settle { refund, settled, reference };
                let after = house.restitute(one.id, &command, &Actor::System).await?;
                let view = RestitutionView::of(&house, &after, asked.language);
                Answer::json(StatusCode::OK, &view)
            }),
        )
        .await
}
