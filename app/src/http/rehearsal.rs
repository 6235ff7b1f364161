//! Reserved accounts for integration tests: a test key and one of these ids get the answer the
//! name promises. Nothing is judged or stored.

use std::time::Duration;

use axum::http::StatusCode;
use domain::decision::{Assessment, Mode, Verdict};
use domain::event::Event;
use store::DecisionId;

use super::problem::Problem;
use super::{Answer, Asked, House};
use crate::decision::{DecisionView, PolicyNames};
use crate::world::{Stopwatch, pause};

const SLOW: Duration = Duration::from_secs(2);
const RESERVED: [&str; 6] =
    ["test_allow", "test_challenge", "test_review", "test_deny", "test_slow", "test_error"];

/// Whether this call rehearses.
pub(super) fn is_reserved(asked: &Asked, account: Option<&str>) -> bool {
    asked.key.test && account.is_some_and(|account| RESERVED.contains(&account))
}

/// Is as slow, or as broken, as the account's name promises.
pub(super) async fn hold(asked: &Asked, account: Option<&str>) -> Result<(), Problem> {
    match account {
        Some("test_slow") if asked.key.test => pause(SLOW).await,
        Some("test_error") if asked.key.test => return Err(Problem::unavailable(1)),
        _ => {}
    }
    Ok(())
}

/// The decision a reserved account promises; `None` for every other account.
pub(super) async fn decide(
    house: &House,
    asked: &Asked,
    event: &Event,
    mode: Mode,
    watch: Stopwatch,
) -> Option<Result<Answer, Problem>> {
    let account = event.account.as_ref().map(|account| account.id.as_str());
    if !is_reserved(asked, account) {
        return None;
    }
    if let Err(problem) = hold(asked, account).await {
        return Some(Err(problem));
    }
    let (verdict, score) = match account {
        Some("test_challenge") => (Verdict::Challenge, 0.7),
        Some("test_review") => (Verdict::Review, 0.8),
        Some("test_deny") => (Verdict::Deny, 0.99),
        _ => (Verdict::Allow, 0.01),
    };
    let assessment = Assessment { verdict, score, ..Assessment::default() };
    let names = PolicyNames { version: "pol_test".to_owned(), rules: Vec::new() };
    let id = DecisionId(house.world.uuid());
    let mut view = DecisionView::of(id, mode, &assessment, &names, asked.language);
    view.latency_us = Some(watch.elapsed_us());
    Some(Answer::json(StatusCode::OK, &view))
}
