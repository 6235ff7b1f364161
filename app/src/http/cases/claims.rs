//! How claims compare, as agents see it: never with a stored value.

use domain::case::Compared;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::flow::Claims;
use crate::time::show;

/// Claims against what was true before it began: `match`, `no_match`, `not_available` (R25–R27).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseClaims)]
pub(crate) struct ClaimsView {
    pub(crate) login: Comparison,
    pub(crate) former_password: Comparison,
    pub(crate) name: Comparison,
    pub(crate) address: Comparison,
    pub(crate) birth_date: Comparison,
    pub(crate) card_last4: Comparison,
    pub(crate) orders: Comparison,
}

/// How one claim compares.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseClaim)]
pub(crate) struct Comparison {
    /// `match`, `no_match`, `not_available`.
    #[schema(value_type = String)]
    pub(crate) result: &'static str,
    /// It was true until then: that dates the change.
    pub(crate) until: Option<String>,
}

impl Comparison {
    fn of(compared: Compared) -> Self {
        let (result, until) = match compared {
            Compared::Match { until } => ("match", until.map(show)),
            Compared::NoMatch => ("no_match", None),
            Compared::NotAvailable => ("not_available", None),
        };
        Self { result, until }
    }
}

impl ClaimsView {
    pub(super) fn of(claims: &Claims) -> Self {
        Self {
            login: Comparison::of(claims.login),
            former_password: Comparison::of(claims.former_password),
            name: Comparison::of(claims.name),
            address: Comparison::of(claims.address),
            birth_date: Comparison::of(claims.birth_date),
            card_last4: Comparison::of(claims.card_last4),
            orders: Comparison::of(claims.orders),
        }
    }

    /// Each by its name.
    pub(crate) const fn each(&self) -> [(&'static str, &Comparison); 7] {
        [
            ("login", &self.login),
            ("former-password", &self.former_password),
            ("name", &self.name),
            ("address", &self.address),
            ("birth-date", &self.birth_date),
            ("card-last4", &self.card_last4),
            ("orders", &self.orders),
        ]
    }
}
