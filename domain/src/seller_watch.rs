//! A seller who is paid by stolen accounts again and again (T18): confirmed cases of late in which one
//! seller sold, and when payouts are held until a person has looked.

use serde::{Deserialize, Serialize};

use crate::time::{DAY, Micros};

/// So many different cases …
pub const CASES: usize = 3;
/// … within so long.
pub const WITHIN: i64 = 7 * DAY;

/// What is remembered of one seller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerWatch {
    /// Confirmed cases within the span, oldest first: which, and since when.
    pub cases: Vec<(u128, Micros)>,
    /// Since when payouts are to be held for this cluster.
    pub held_since: Option<Micros>,
}

impl SellerWatch {
    /// What is remembered once an order of `case` with this seller is confirmed. Whoever reads
    /// `held_since == Some(now)` holds: it is said once for a cluster, and again only after one has
    /// passed.
    #[must_use]
    pub fn confirmed(&self, case: u128, now: Micros) -> Self {
        let mut cases = self.cases.clone();
        cases.retain(|(_, since)| now.since(*since) <= WITHIN);
        if !cases.iter().any(|(known, _)| *known == case) {
            cases.push((case, now));
        }
        let held_since = match self.held_since.filter(|since| now.since(*since) <= WITHIN) {
            Some(since) => Some(since),
            None => (cases.len() >= CASES).then_some(now),
        };
        Self { cases, held_since }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(cases: &[(u128, i64)]) -> SellerWatch {
        cases.iter().fold(SellerWatch::default(), |watch, (case, day)| {
            watch.confirmed(*case, Micros(day * DAY))
        })
    }

    #[test]
    fn t18_three_cases_within_a_week_hold_and_fewer_or_slower_do_not() {
        assert_eq!(after(&[(1, 1), (2, 3), (3, 5)]).held_since, Some(Micros(5 * DAY)));
        assert_eq!(after(&[(1, 1), (2, 3)]).held_since, None);
        assert_eq!(after(&[(1, 1), (1, 3), (1, 5)]).held_since, None, "one case is one");
        assert_eq!(after(&[(1, 1), (2, 3), (3, 9)]).held_since, None, "the first is too old");
    }

    #[test]
    fn t18_a_cluster_is_said_once_and_the_next_one_again() {
        let held = after(&[(1, 1), (2, 2), (3, 3), (4, 4)]);
        assert_eq!(held.held_since, Some(Micros(3 * DAY)), "the fourth says nothing new");
        let later = after(&[(1, 1), (2, 2), (3, 3), (5, 20), (6, 21), (7, 22)]);
        assert_eq!(later.held_since, Some(Micros(22 * DAY)));
    }
}
