//! The warehouse and the carrier: a double of the world of boxes. Only the sender may call a parcel
//! back, and only to the sender.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::book::Writing;
use crate::events;
use crate::failure::Failure;
use crate::shop::Shop;
use crate::things::{Asked, Member, Order, ParcelState};

/// What the carrier is called.
pub(crate) const NAME: &str = "minato";
/// So long after it left a parcel is on the van to the door, and cannot be stopped.
const STOPPABLE: SignedDuration = SignedDuration::from_hours(24);
/// What a return costs the sender of record, in yen.
const RETURN_FEE: i64 = 1_540;

/// What happens to a parcel or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// It leaves the warehouse.
    Ship,
    /// It is handed to the addressee.
    Deliver,
    /// It is back in the warehouse.
    Return,
    /// Somebody uses a gift code.
    Redeem,
    /// The seller takes it back.
    SellerAgrees,
    /// The seller does not.
    SellerRefuses,
}

impl Move {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ship" => Self::Ship,
            "deliver" => Self::Deliver,
            "return" => Self::Return,
            "redeem" => Self::Redeem,
            "seller_agrees" => Self::SellerAgrees,
            "seller_refuses" => Self::SellerRefuses,
            _ => return None,
        })
    }

    /// Where a parcel has to be for it, and where it is then.
    const fn path(self) -> (ParcelState, ParcelState) {
        match self {
            Self::Ship => (ParcelState::Unshipped, ParcelState::InTransit),
            Self::Deliver => (ParcelState::InTransit, ParcelState::Delivered),
            Self::Return => (ParcelState::InTransit, ParcelState::Returned),
            Self::Redeem => (ParcelState::CodeSent, ParcelState::CodeRedeemed),
            Self::SellerAgrees | Self::SellerRefuses => {
                (ParcelState::Delivered, ParcelState::Delivered)
            }
        }
    }
}

impl Shop {
    /// Moves a parcel; what cannot happen is refused.
    pub(crate) async fn move_parcel(
        &self,
        order: &str,
        parcel: &str,
        what: Move,
    ) -> Result<(), Failure> {
        let now = self.clock.now();
        let kept: Order = self.book.one(order).await?;
        let member: Member = self.book.one(&kept.member).await?;
        let moved = self.book.change(order, |order: &mut Order, writing| {
            moved(order, (parcel, what), now, writing, &member)
        });
        moved.await?.ok_or(Failure::NotFound)
    }
}

fn moved(
    order: &mut Order,
    (id, what): (&str, Move),
    now: Timestamp,
    writing: &mut Writing,
    member: &Member,
) -> Result<(), Failure> {
    let held = order.held;
    let (from, to) = what.path();
    let price = price_of(order, id);
    let parcel = order.parcel(id).ok_or(Failure::NotFound)?;
    if parcel.state != from || (held && what == Move::Ship) {
        return Err(Failure::Bad("this parcel cannot do that now".to_owned()));
    }
    (parcel.state, parcel.since) = (to, now.as_microsecond());
    let parcel = parcel.clone();
    if let Some(restitution) = &parcel.restitution {
        for step in steps(what, parcel.asked, price) {
            writing.step(restitution, id, step);
        }
    }
    let kind = match what {
        Move::Ship => {
            crate::payments::capture(order, member, now, writing);
            "shipment.in_transit"
        }
        Move::Deliver => "shipment.delivered",
        Move::Return => "shipment.returned",
        Move::Redeem | Move::SellerAgrees | Move::SellerRefuses => return Ok(()),
    };
    writing.tell(&events::shipment(kind, now, member, order, &parcel));
    Ok(())
}

/// What is told about a parcel that a restitution waits for.
fn steps(what: Move, asked: Option<Asked>, price: i64) -> Vec<serde_json::Value> {
    let carrier = |answer: &str| json!({ "do": "carrier_answered", "answer": answer });
    match (what, asked) {
        (Move::Return, Some(Asked::Carrier)) => vec![
            carrier("stopped"),
            carrier("returning"),
            carrier("returned"),
            json!({ "do": "received" }),
            json!({ "do": "fee_billed", "amount": RETURN_FEE }),
        ],
        (Move::Deliver, Some(Asked::Carrier)) => vec![carrier("delivered")],
        (Move::SellerAgrees, _) => {
            vec![json!({ "do": "seller_answered", "answer": "agreed", "amount": price })]
        }
        (Move::SellerRefuses, _) => vec![json!({ "do": "seller_answered", "answer": "refused" })],
        _ => Vec::new(),
    }
}

/// What is in a parcel, in yen.
fn price_of(order: &Order, parcel: &str) -> i64 {
    let lines = order.lines.iter().filter(|line| line.parcel == parcel);
    lines.map(|line| line.unit_amount * i64::from(line.quantity)).sum()
}

/// What the carrier says when the sender calls a parcel back.
pub(crate) fn call_back(order: &mut Order, id: &str, now: Timestamp) -> &'static str {
    let Some(parcel) = order.parcel(id) else { return "rejected" };
    let left = Timestamp::from_microsecond(parcel.since).unwrap_or(now);
    match parcel.state {
        ParcelState::InTransit if now.duration_since(left) < STOPPABLE => "accepted",
        ParcelState::InTransit => {
            (parcel.state, parcel.since) = (ParcelState::Delivered, now.as_microsecond());
            "delivered"
        }
        ParcelState::Delivered => "delivered",
        _ => "rejected",
    }
}
