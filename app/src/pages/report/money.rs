//! Refunds as who reported follows them.

use domain::case::Advice;
use domain::refund::{Path, State};
use serde::Serialize;

use super::super::desk::whole::shown;
use crate::cases::Numbered;
use crate::http::House;
use crate::http::problem::Problem;
use crate::restitution::currency;
use crate::text::{Language, text};

/// Text keys of how far a refund is.
pub(super) const MONEY: [&str; 4] =
    ["report-money-waits", "report-money-asked", "report-money-paid", "report-money-issuer"];

/// A refund as the customer follows it.
#[derive(Serialize)]
pub(super) struct MoneyLine {
    /// The order.
    order: String,
    amount: String,
    /// Text key.
    state: &'static str,
    /// By which way it comes, and how long that takes (R51, C20).
    notice: String,
}

impl MoneyLine {
    /// One that pages are tried with.
    pub(super) fn sample(state: &'static str) -> Self {
        Self {
            order: "250-1".to_owned(),
            amount: "48,000円".to_owned(),
            state,
            notice: "<カードの明細に…>".to_owned(),
        }
    }
}

impl House {
    /// The refunds of a case and what is left to do, for who has proven themselves.
    pub(super) async fn money_of(
        &self,
        case: &Numbered,
        language: Language,
    ) -> Result<(Vec<MoneyLine>, Vec<&'static str>), Problem> {
        let mut lines = Vec::new();
        let all = self.restitutions(case).await?;
        let made: Vec<_> = all.iter().map(|one| &one.kept.restitution).collect();
        let handover = case
            .kept
            .case
            .handover(&made, self.world.now())
            .into_iter()
            .map(Advice::name)
            .collect();
        for restitution in made {
            let currency = currency(restitution);
            for refund in &restitution.refunds {
                let payment = restitution.payments.iter().find(|one| one.id == refund.payment);
                let path = payment.map_or(Path::ByHand, |payment| Path::of(payment.kind));
                lines.push(MoneyLine {
                    order: restitution.order.clone(),
                    amount: shown(language, &currency, refund.amount),
                    state: money_key(refund.state),
                    notice: text().say(language, &format!("refund-path-{}", path.name())),
                });
            }
        }
        Ok((lines, handover))
    }
}

/// What the customer is told of a refund; what failed is the desk's to mend, and still owed.
const fn money_key(state: State) -> &'static str {
    let [waits, asked, paid, issuer] = MONEY;
    match state {
        State::Proposed
        | State::Approved
        | State::FailedRetryable { .. }
        | State::FailedFinal
        | State::Reversed => waits,
        State::Submitted { .. } => asked,
        State::Succeeded => paid,
        State::SettledByIssuer => issuer,
    }
}
