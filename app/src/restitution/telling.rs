//! What the store is told to do, with the ids it gave itself and nothing about the victim.

use domain::case::Actor;
use domain::intercept::{self, Through};
use domain::keyed::AccountKey;
use domain::parcel::Parcel;
use domain::refund::Path;
use domain::restitution::{Action, Command, Restitution};
use serde_json::{Value, json};
use store::OutboxRow;

use super::{Numbered, refusal};
use crate::http::House;
use crate::http::problem::Problem;
use crate::payments::Refunds;
use crate::time::show;
use crate::webhooks::Kind;

type Row = (Option<(AccountKey, String)>, OutboxRow);

impl House {
    /// The rows of what is to be done. What nobody listens for becomes a person's task, which changes
    /// the restitution before it is written: a silence is shown.
    pub(super) fn ask_the_store(
        &self,
        one: &mut Numbered,
        actions: &[Action],
    ) -> Result<Vec<Row>, Problem> {
        let mut rows = Vec::new();
        for action in actions {
            let Some((kind, body)) = self.message(one, action) else { continue };
            let told = self.subscribers.told(kind, &body, &self.world);
            if let (true, Some(command)) = (told.is_empty(), unheard(action)) {
                let next = one.kept.restitution.next(&command, &Actor::System, self.world.now());
                one.kept.restitution = next.map_err(|refused| refusal(&refused))?.0;
            }
            rows.extend(told.into_iter().map(|row| (Some(one.holder()), row)));
        }
        Ok(rows)
    }

    /// The provider that pays this payment directly.
    pub(super) fn direct(&self, payment: &str) -> Option<&dyn Refunds> {
        self.making_whole.provider.as_deref().filter(|provider| provider.knows(payment))
    }

    fn message(&self, one: &Numbered, action: &Action) -> Option<(Kind, Value)> {
        let restitution = &one.kept.restitution;
        let case = crate::id::show("cas", one.kept.case);
        let id = crate::id::show("rst", one.id);
        let parcel = |id: &String| restitution.parcels.iter().find(|one| one.facts.id == *id);
        let order = &restitution.order;
        match action {
            Action::Cancel(shipment) => Some((
                Kind::OrderCancelRequested,
                json!({ "order_id": order, "shipment_id": shipment, "restitution_id": id,
                        "case_id": case, "reasons": ["case"] }),
            )),
            Action::Revoke(shipment) => Some((
                Kind::GiftCardRevokeRequested,
                json!({ "order_id": order, "shipment_id": shipment, "restitution_id": id,
                        "case_id": case, "reasons": ["case"] }),
            )),
            Action::Intercept(_, Through::Phone) | Action::Pay(_) => None,
            Action::Intercept(shipment, through) => {
                let body = intercept_of(parcel(shipment)?, *through, &id, restitution);
                Some((Kind::ShipmentInterceptRequested, body))
            }
            // R36: order, item and deadline; the seller's and our own id are for the way.
            Action::AskSeller(shipment, until) => {
                let lines = restitution.refunds.iter().filter(|one| one.parcel == *shipment);
                let lines: std::collections::BTreeSet<_> = lines.map(|one| &one.line).collect();
                let body = json!({
                    "restitution_id": id, "seller_id": parcel(shipment)?.facts.seller,
                    "order_id": order, "shipment_id": shipment, "line_ids": lines,
                    "respond_by": show(*until),
                });
                Some((Kind::SellerReturnRequested, body))
            }
            Action::Refund(key) => self.refund_message(one, key, &case),
            Action::RemindOf(task, about) => Some((
                Kind::IncidentReminder,
                json!({ "case_id": case, "account_id": one.kept.account_name,
                        "reminder": "task-waits", "for": ["desk"], "restitution_id": id,
                        "order_id": order, "task": task.name(), "about": about }),
            )),
        }
    }

    /// Nothing where a provider pays directly.
    fn refund_message(&self, one: &Numbered, key: &str, case: &str) -> Option<(Kind, Value)> {
        let restitution = &one.kept.restitution;
        let refund = restitution.refunds.iter().find(|refund| refund.key == key)?;
        let payment = restitution.payments.iter().find(|one| one.id == refund.payment)?;
        if self.direct(&payment.id).is_some() {
            return None;
        }
        let body = json!({
            "refund_id": crate::id::show("rfd", self.refund_id(key)), "idempotency_key": key,
            "case_id": case, "account_id": one.kept.account_name, "order_id": restitution.order,
            "line_id": refund.line, "component": refund.component, "payment_id": payment.id,
            "payment_kind": payment.kind, "path": Path::of(payment.kind),
            "amount": refund.amount, "currency": currency(restitution),
        });
        Some((Kind::RefundRequested, body))
    }
}

/// What follows where nobody listens for what is asked.
fn unheard(action: &Action) -> Option<Command> {
    match action {
        Action::Intercept(parcel, Through::Carrier) => {
            Some(Command::Carrier(parcel.clone(), intercept::Command::Unsupported))
        }
        Action::Refund(key) => Some(Command::Unheard { refund: key.clone() }),
        _ => None,
    }
}

fn intercept_of(parcel: &Parcel, through: Through, id: &str, one: &Restitution) -> Value {
    let facts = &parcel.facts;
    json!({
        "restitution_id": id, "order_id": one.order, "shipment_id": facts.id,
        "carrier": facts.carrier, "tracking_number": facts.tracking_number,
        "through": through, "seller_id": facts.seller, "action": "return_to_sender",
        "idempotency_key": format!("{}:{}:{}:intercept", one.case, one.order, facts.id),
    })
}

/// ISO 4217, as text.
pub fn currency(one: &Restitution) -> String {
    String::from_utf8_lossy(&one.ledger.currency).into_owned()
}
