//! The desk's figures (requirements §5): how soon cases are seen, contained, decided and refunded,
//! what was kept from leaving, and what the rest costs.

use std::collections::BTreeMap;

use domain::case::{Span, Spans, State as Standing};
use domain::ledger::Account;
use domain::parcel::{End, Stage};
use domain::refund::State;
use domain::restitution::Restitution;
use domain::time::{DAY, Micros};
use serde::Serialize;
use store::{DocumentKind, StoreError};
use utoipa::ToSchema;

use super::{Numbered, OWES_REPORT, QUEUED, number_of, read};
use crate::http::House;
use crate::http::problem::Problem;
use crate::restitution::{Numbered as Made, currency};

/// Days that are looked back at where nobody says otherwise.
pub const DAYS: i64 = 90;
/// Most days.
pub const DAYS_MAX: i64 = 400;
/// Cases of one state that are read; more are left out, and `complete` says so.
const CASES_MAX: u32 = 5_000;

/// The figures of a span of days.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = CaseFigures)]
pub struct Figures {
    /// Days that were looked back at, by when cases were opened.
    pub days: i64,
    /// Every case of these days is in it.
    pub complete: bool,
    /// Cases that were opened and sent, without those that went into another.
    pub cases: usize,
    /// Cases of which at least one order was confirmed.
    pub confirmed: usize,
    /// Confirmed cases that a decision of ours opened before anybody reported them.
    pub seen_first: usize,
    /// Cases in which somebody should have done something by now.
    pub overdue: usize,
    /// Decided cases by cause.
    pub by_cause: BTreeMap<String, usize>,
    /// From the intruder's first event to the first signal or report, once it is decided.
    #[schema(value_type = crate::openapi::schema::Span)]
    pub detect: Span,
    /// From there until the intruder was out.
    #[schema(value_type = crate::openapi::schema::Span)]
    pub contain: Span,
    /// From the report until the decision.
    #[schema(value_type = crate::openapi::schema::Span)]
    pub decide: Span,
    /// From the report until the last refund was there.
    #[schema(value_type = crate::openapi::schema::Span)]
    pub refund: Span,
    /// From the lock until the owner began to come back.
    #[schema(value_type = crate::openapi::schema::Span)]
    pub give_back: Span,
    /// Money by currency, in minor units.
    pub money: BTreeMap<String, Money>,
}

/// Money of one currency, in minor units.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseMoney)]
pub struct Money {
    /// What had been charged for parcels and codes that were cancelled, revoked or came back.
    pub prevented: i64,
    /// What went back to customers.
    pub refunded: i64,
    /// What carriers billed for returns.
    pub fees: i64,
    /// Of refunds and fees, what sellers and carriers bear.
    pub recovered: i64,
    /// What nobody bears but us: also what is claimed from the intruder.
    pub net_loss: i64,
    /// Refunds that an issuer had paid already: caught before they were paid twice.
    pub double_pay_caught: usize,
}

impl House {
    /// The figures of cases that were opened in the last `days`.
    ///
    /// # Errors
    /// The database is away.
    pub async fn case_figures(&self, days: i64) -> Result<Figures, Problem> {
        let now = self.world.now();
        let (cases, complete) = self.cases_since(now.plus(-days * DAY)).await?;
        let mut figures = Figures { days, complete, ..Figures::default() };
        let mut spans = Vec::new();
        for case in &cases {
            let it = &case.kept.case;
            let made = self.restitutions(case).await?;
            figures.cases += 1;
            figures.overdue += usize::from(it.is_overdue(now));
            let confirmed = it.decided_at.is_some() && !made.is_empty();
            figures.confirmed += usize::from(confirmed);
            figures.seen_first += usize::from(confirmed && it.was_seen_first());
            if let Some(cause) = it.cause {
                let name = serde_json::to_value(cause).unwrap_or_default();
                *figures
                    .by_cause
                    .entry(name.as_str().unwrap_or_default().to_owned())
                    .or_default() += 1;
            }
            spans.push(it.spans(refunded_at(&made)));
            for one in &made {
                let restitution = &one.kept.restitution;
                figures.money.entry(currency(restitution)).or_default().add(restitution);
            }
        }
        let span = |of: fn(&Spans) -> Option<i64>| Span::of(spans.iter().filter_map(of));
        figures.detect = span(|one| one.detect);
        figures.contain = span(|one| one.contain);
        figures.decide = span(|one| one.decide);
        figures.refund = span(|one| one.refund);
        figures.give_back = span(|one| one.give_back);
        Ok(figures)
    }

    /// Cases that were opened since then, and whether these are all.
    async fn cases_since(&self, since: Micros) -> Result<(Vec<Numbered>, bool), StoreError> {
        let (mut cases, mut complete) = (Vec::new(), true);
        let states = QUEUED.into_iter().chain([Standing::Closed]).map(number_of);
        for number in states.chain([OWES_REPORT]) {
            let found =
                self.store.documents_in(DocumentKind::Case, number, None, CASES_MAX).await?;
            complete &= found.len() < CASES_MAX as usize;
            cases.extend(found.iter().filter_map(read));
        }
        cases.retain(|case| case.kept.case.opened_at >= since);
        Ok((cases, complete))
    }
}

/// When the last refund was there; none while one is on its way.
fn refunded_at(made: &[Made]) -> Option<Micros> {
    let all = || made.iter().flat_map(|one| &one.kept.restitution.refunds);
    let paid = |state: &State| matches!(state, State::Succeeded | State::SettledByIssuer);
    let over = all().all(|refund| paid(&refund.state));
    let steps = made.iter().flat_map(|one| &one.kept.restitution.steps);
    let settled = steps.filter(|step| step.did == "settled").map(|step| step.at).max();
    settled.filter(|_| over)
}

impl Money {
    fn add(&mut self, restitution: &Restitution) {
        let worth = |id: &String| -> i64 {
            let lines = restitution.refunds.iter().filter(|refund| refund.parcel == *id);
            lines.map(|refund| refund.amount).sum()
        };
        for parcel in &restitution.parcels {
            if let Stage::Resolved(End::Cancelled | End::Revoked | End::GoodsBack) = parcel.stage {
                self.prevented += worth(&parcel.facts.id);
            }
        }
        let in_state =
            |state: State| restitution.refunds.iter().filter(move |one| one.state == state);
        self.refunded += in_state(State::Succeeded).map(|refund| refund.amount).sum::<i64>();
        let ledger = &restitution.ledger;
        let lines = ledger.postings().iter().flat_map(|posting| &posting.lines);
        let billed =
            lines.filter(|line| line.account == Account::CarrierPayable && line.amount < 0);
        self.fees -= billed.map(|line| line.amount).sum::<i64>();
        // What nobody gave back: borne by us, or owed by the intruder and hardly ever paid.
        self.net_loss += [
            Account::StoreFraudLoss,
            Account::GuaranteeFund,
            Account::IntruderReceivable,
            Account::WriteOff,
        ]
        .map(|account| ledger.balance(account))
        .iter()
        .sum::<i64>();
        self.recovered = self.refunded + self.fees - self.net_loss;
        self.double_pay_caught += in_state(State::SettledByIssuer).count();
    }
}
