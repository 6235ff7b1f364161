//! The desk's figures on a page: how soon, and at what cost (requirements §5).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::case::Span;
use serde::Serialize;

use super::super::{Page, Visitor};
use super::whole::shown;
use crate::cases::figures::{DAYS, Figures, Money};
use crate::http::House;
use crate::http::problem::Problem;
use crate::text::{Language, text};

/// `/desk/figures`
#[derive(Serialize)]
pub(in super::super) struct FiguresPage {
    me: String,
    figures: Figures,
    /// Name of a span, how many, median and nine in ten in words.
    spans: Vec<(&'static str, usize, Option<String>, Option<String>)>,
    /// Name of a sum, and the sum.
    money: Vec<(&'static str, String)>,
}

const SPANS: [&str; 5] = ["detect", "contain", "decide", "refund", "give-back"];
const SUMS: [&str; 5] = ["prevented", "refunded", "fees", "recovered", "net-loss"];

/// Words that the template completes keys with.
#[cfg(test)]
pub(in super::super) fn keys() -> Vec<String> {
    let units = ["seconds", "minutes", "hours", "days"];
    let all = SPANS.iter().chain(&SUMS).chain(&units);
    all.map(|name| format!("figures-{name}")).collect()
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "desk_figures.html";

    fn samples() -> Vec<Self> {
        let span = Span { count: 3, median_seconds: Some(540), p90_seconds: Some(90_000) };
        let money = Money { refunded: 581_500, fees: 1_540, ..Money::default() };
        let full = Figures {
            days: 90,
            cases: 3,
            confirmed: 2,
            seen_first: 1,
            overdue: 1,
            by_cause: [("phishing".to_owned(), 2)].into(),
            detect: span,
            contain: span,
            decide: Span { count: 1, median_seconds: Some(40), p90_seconds: Some(7_200) },
            money: [("JPY".to_owned(), money)].into(),
            ..Figures::default()
        };
        let empty = Figures { days: 90, complete: true, ..Figures::default() };
        let page = |figures| Self::of("sato@shop.example", figures, Language::English);
        vec![page(full), page(empty)]
    }
}

impl FiguresPage {
    fn of(me: &str, figures: Figures, language: Language) -> Self {
        let all =
            [figures.detect, figures.contain, figures.decide, figures.refund, figures.give_back];
        let words = |seconds: Option<i64>| seconds.map(|seconds| in_words(language, seconds));
        let spans = SPANS.into_iter().zip(all).map(|(name, span)| {
            (name, span.count, words(span.median_seconds), words(span.p90_seconds))
        });
        let money = figures.money.iter().flat_map(|(currency, money)| {
            let sums =
                [money.prevented, money.refunded, money.fees, money.recovered, money.net_loss];
            let named = SUMS.into_iter().zip(sums);
            named.map(move |(name, sum)| (name, shown(language, currency, sum)))
        });
        Self { me: me.to_owned(), spans: spans.collect(), money: money.collect(), figures }
    }
}

/// A span as people say it: in the largest unit of which there are two.
fn in_words(language: Language, seconds: i64) -> String {
    const UNITS: [(&str, i64); 3] =
        [("figures-days", 86_400), ("figures-hours", 3_600), ("figures-minutes", 60)];
    let unit = UNITS.into_iter().find(|(_, unit)| seconds >= 2 * unit);
    let (key, unit) = unit.unwrap_or(("figures-seconds", 1));
    text().tell(language, key, &[("count", &(seconds / unit).to_string())])
}

/// The figures of the last 90 days.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let figures = house.case_figures(DAYS).await?;
    let page = FiguresPage::of(&colleague.name, figures, visitor.language);
    Ok(house.page(&visitor, StatusCode::OK, &page))
}
