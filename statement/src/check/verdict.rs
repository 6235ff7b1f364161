//! What may be said of lines and orders: reasons, and the status each leads to.

/// Whose a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineStatus {
    /// Explained by own orders.
    Matched,
    /// Something that is still to come will explain it.
    Pending,
    /// Not the reader's.
    Unmatched,
    /// Could be either.
    Doubtful,
}

impl LineStatus {
    /// Its name in reports and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Pending => "pending",
            Self::Unmatched => "unmatched",
            Self::Doubtful => "doubtful",
        }
    }
}

/// Why a line is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineReason {
    /// One shipment, or one order, to the yen.
    Exact,
    /// Several shipments of one order.
    SeveralShipments,
    /// One of several charges for an order.
    SeveralCharges,
    /// Several orders in one charge.
    SeveralOrders,
    /// The amount abroad is the order's.
    ForeignAmount,
    /// The order's amount at the rate that was said.
    Converted,
    /// The order says that points or gift balance paid the rest.
    PartlyPoints,
    /// A refund that the shop has told of.
    Refund,
    /// The money of an own order came back.
    RefundOfOrder,
    /// A charge that was not the reader's came back.
    RefundOfUnmatched,
    /// The order was cancelled; its refund is still to come.
    RefundPending,
    /// No order explains it.
    NoOrder,
    /// Its order was marked as not the reader's.
    OrderNotMine,
    /// It fits an own order and one that is not.
    Ambiguous,
    /// More than one sum of charges or orders fits.
    SeveralWays,
    /// Smaller than an order of the same days, by up to a half.
    SmallerThanOrder,
    /// The amount fits an order of other days.
    OutsideWindow,
    /// The order was cancelled and its refund is overdue.
    RefundOverdue,
    /// Money came back for nothing that is known.
    RefundUnexplained,
    /// There was too much to compare.
    TooManyCombinations,
}

impl LineReason {
    /// Its name in reports and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::SeveralShipments => "several_shipments",
            Self::SeveralCharges => "several_charges",
            Self::SeveralOrders => "several_orders",
            Self::ForeignAmount => "foreign_amount",
            Self::Converted => "converted",
            Self::PartlyPoints => "partly_points",
            Self::Refund => "refund",
            Self::RefundOfOrder => "refund_of_order",
            Self::RefundOfUnmatched => "refund_of_unmatched",
            Self::RefundPending => "refund_pending",
            Self::NoOrder => "no_order",
            Self::OrderNotMine => "order_not_mine",
            Self::Ambiguous => "ambiguous",
            Self::SeveralWays => "several_ways",
            Self::SmallerThanOrder => "smaller_than_order",
            Self::OutsideWindow => "outside_window",
            Self::RefundOverdue => "refund_overdue",
            Self::RefundUnexplained => "refund_unexplained",
            Self::TooManyCombinations => "too_many_combinations",
        }
    }

    /// Every reason.
    pub const ALL: [Self; 20] = [
        Self::Exact,
        Self::SeveralShipments,
        Self::SeveralCharges,
        Self::SeveralOrders,
        Self::ForeignAmount,
        Self::Converted,
        Self::PartlyPoints,
        Self::Refund,
        Self::RefundOfOrder,
        Self::RefundOfUnmatched,
        Self::RefundPending,
        Self::NoOrder,
        Self::OrderNotMine,
        Self::Ambiguous,
        Self::SeveralWays,
        Self::SmallerThanOrder,
        Self::OutsideWindow,
        Self::RefundOverdue,
        Self::RefundUnexplained,
        Self::TooManyCombinations,
    ];

    /// The status that the reason leads to.
    pub const fn status(self) -> LineStatus {
        match self {
            Self::Exact
            | Self::SeveralShipments
            | Self::SeveralCharges
            | Self::SeveralOrders
            | Self::ForeignAmount
            | Self::Converted
            | Self::PartlyPoints
            | Self::Refund
            | Self::RefundOfOrder
            | Self::RefundOfUnmatched => LineStatus::Matched,
            Self::RefundPending => LineStatus::Pending,
            Self::NoOrder | Self::OrderNotMine => LineStatus::Unmatched,
            Self::Ambiguous
            | Self::SeveralWays
            | Self::SmallerThanOrder
            | Self::OutsideWindow
            | Self::RefundOverdue
            | Self::RefundUnexplained
            | Self::TooManyCombinations => LineStatus::Doubtful,
        }
    }
}

/// Whether an order was charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderStatus {
    /// Its charge is there.
    Charged,
    /// Its charge may still come.
    Pending,
    /// Its charge should be there and is not.
    Missing,
    /// No charge is expected.
    NotExpected,
}

impl OrderStatus {
    /// Its name in reports and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::Pending => "pending",
            Self::Missing => "missing",
            Self::NotExpected => "not_expected",
        }
    }
}

/// Why an order is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderReason {
    /// All of it.
    Charged,
    /// A line that may be its charge is doubtful.
    ChargedPerhaps,
    /// The statement does not yet reach the day on which the charge shows.
    NotYetVisible,
    /// It has not been shipped, so it has not been charged.
    NotShipped,
    /// The days have passed, and there is no line.
    NoLine,
    /// A part was charged; the days for the rest have passed.
    PartlyCharged,
    /// It was cancelled.
    Cancelled,
    /// Points, gift balance, cash or a transfer paid it.
    PaidOtherwise,
    /// It was placed before the statement begins.
    BeforeStatement,
}

impl OrderReason {
    /// Its name in reports and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::ChargedPerhaps => "charged_perhaps",
            Self::NotYetVisible => "not_yet_visible",
            Self::NotShipped => "not_shipped",
            Self::NoLine => "no_line",
            Self::PartlyCharged => "partly_charged",
            Self::Cancelled => "cancelled",
            Self::PaidOtherwise => "paid_otherwise",
            Self::BeforeStatement => "before_statement",
        }
    }

    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Charged,
        Self::ChargedPerhaps,
        Self::NotYetVisible,
        Self::NotShipped,
        Self::NoLine,
        Self::PartlyCharged,
        Self::Cancelled,
        Self::PaidOtherwise,
        Self::BeforeStatement,
    ];

    /// The status that the reason leads to.
    pub const fn status(self) -> OrderStatus {
        match self {
            Self::Charged | Self::ChargedPerhaps => OrderStatus::Charged,
            Self::NotYetVisible | Self::NotShipped => OrderStatus::Pending,
            Self::NoLine | Self::PartlyCharged => OrderStatus::Missing,
            Self::Cancelled | Self::PaidOtherwise | Self::BeforeStatement => {
                OrderStatus::NotExpected
            }
        }
    }
}

/// What became of a refund that the shop has told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefundStatus {
    /// A line shows it.
    Seen,
    /// It may take 21 days to show (C20).
    Pending,
    /// It should show by now.
    Missing,
}

impl RefundStatus {
    /// Its name in reports and text keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Pending => "pending",
            Self::Missing => "missing",
        }
    }
}
