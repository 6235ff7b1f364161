//! Shapes of an order as a restitution takes it, as the description shows them.

#![expect(missing_docs, reason = "the description says it")]

use serde::Serialize;
use utoipa::ToSchema;

/// A payment of the order.
#[derive(Serialize, ToSchema)]
pub struct OrderPayment {
    /// As your payer calls it: `pi_…` or `ch_…` with Stripe.
    pub id: String,
    /// `credit_card`, `debit_card`, `pay_later`, `carrier_billing`, `points`, `gift_balance`, …
    pub kind: String,
    /// Minor units.
    pub captured: i64,
    /// What went back already.
    #[schema(default = 0)]
    pub refunded: i64,
    /// A dispute runs at the issuer.
    #[schema(default = false)]
    pub disputed: bool,
}

/// A line of the order.
#[derive(Serialize, ToSchema)]
pub struct OrderLine {
    pub id: String,
    /// Which parcel it is in.
    pub parcel: String,
    /// Its price, part by part.
    pub shares: Vec<OrderShare>,
}

/// A part of a line's price.
#[derive(Serialize, ToSchema)]
pub struct OrderShare {
    /// `item`, `tax`, `shipping`, `wrap`, `points`, `gift_balance`.
    pub component: String,
    /// Minor units, above 0.
    pub amount: i64,
    /// By which payment it was paid.
    pub payment: String,
}

/// A parcel, or a gift code.
#[derive(Serialize, ToSchema)]
pub struct OrderParcel {
    pub id: String,
    pub state: ParcelPlace,
    /// The seller that ships it; none where you do.
    pub seller: Option<String>,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    /// Of a gift code: somebody has redeemed it.
    #[schema(default = false)]
    pub redeemed: bool,
}

/// Where a parcel is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParcelPlace {
    NotAuthorised,
    Unshipped,
    Digital,
    InTransit,
    Delivered,
    Returned,
    RefusedAtDoor,
    Lost,
}

/// How a refund ended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundEnd {
    Succeeded,
    FailedRetryable,
    FailedFinal,
    SettledByIssuer,
}
