//! How long a case took, and how long cases take: the desk's figures (requirements §5).

use serde::Serialize;

use super::{Case, Did, Reporter};
use crate::time::{Micros, SECOND};

/// Spans of one case in microseconds; none where it has not come so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spans {
    /// From the intruder's first event to the first signal or report.
    pub detect: Option<i64>,
    /// From there until the intruder was out.
    pub contain: Option<i64>,
    /// From the report until it was decided.
    pub decide: Option<i64>,
    /// From the report until the last refund was there.
    pub refund: Option<i64>,
    /// From the lock until the owner began to come back.
    pub give_back: Option<i64>,
}

/// Many spans in short, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Span {
    /// How many.
    pub count: usize,
    /// Half of them took no longer.
    pub median_seconds: Option<i64>,
    /// Nine in ten took no longer.
    pub p90_seconds: Option<i64>,
}

impl Case {
    /// How long it took; `refunded_at` is when its last refund was there.
    pub fn spans(&self, refunded_at: Option<Micros>) -> Spans {
        let submitted = self.steps.iter().find(|step| step.did == Did::Submitted);
        let submitted = submitted.map(|step| step.at);
        let since = |at: Option<Micros>, from: Option<Micros>| Some(at?.since(from?).max(0));
        let started = self.start.filter(|_| self.decided_at.is_some());
        Spans {
            detect: since(Some(self.opened_at), started),
            contain: since(self.contained_at, Some(self.opened_at)),
            decide: since(self.decided_at, submitted),
            refund: since(refunded_at, submitted),
            give_back: since(self.recovered_at, self.contained_at),
        }
    }

    /// We saw it before anybody reported it.
    pub fn was_seen_first(&self) -> bool {
        self.reporter == Reporter::System
    }
}

impl Span {
    /// Of these, in microseconds. The value at rank ⌈p·n⌉, as small as the share allows.
    pub fn of(spans: impl Iterator<Item = i64>) -> Self {
        let mut all: Vec<i64> = spans.collect();
        all.sort_unstable();
        let at = |share: usize| {
            let rank = (all.len() * share).div_ceil(100).checked_sub(1)?;
            all.get(rank).map(|span| span / SECOND)
        };
        Self { count: all.len(), median_seconds: at(50), p90_seconds: at(90) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::case::{Actor, Command};
    use crate::keyed::AccountKey;
    use crate::time::{HOUR, MINUTE};

    #[test]
    fn a_case_tells_how_long_each_part_took_and_nothing_of_what_is_to_come() {
        let now = Micros(1_000 * HOUR);
        let case = Case::open(Reporter::Owner, true, now);
        let submit = Command::Submit { account: Some((AccountKey(1), Micros(0))) };
        let case = case.next(submit, &Actor::Reporter, None, now.plus(MINUTE)).unwrap().0;
        assert_eq!(case.spans(None), Spans::default());
        let case = Case {
            start: Some(now.plus(-36 * HOUR)),
            contained_at: Some(now.plus(HOUR)),
            decided_at: Some(now.plus(3 * HOUR + MINUTE)),
            recovered_at: Some(now.plus(2 * HOUR)),
            ..case
        };
        let spans = case.spans(Some(now.plus(5 * HOUR + MINUTE)));
        let expected = Spans {
            detect: Some(36 * HOUR),
            contain: Some(HOUR),
            decide: Some(3 * HOUR),
            refund: Some(5 * HOUR),
            give_back: Some(HOUR),
        };
        assert_eq!(spans, expected);
    }

    #[test]
    fn half_and_nine_in_ten_are_counted_from_the_shortest() {
        let span = Span::of((1..=10).rev().map(|n| n * SECOND));
        let expected = Span { count: 10, median_seconds: Some(5), p90_seconds: Some(9) };
        assert_eq!(span, expected);
        assert_eq!(Span::of(std::iter::empty()), Span::default());
        assert_eq!(Span::of(std::iter::once(2 * SECOND)).p90_seconds, Some(2));
    }
}
