//! Which key signs, which are published, and when the next one is made.

use super::grant::ID_TOKEN_LIFE;
use crate::time::{DAY, HOUR, Micros};

/// How long a key signs.
pub const SIGNS_FOR: i64 = 90 * DAY;
/// How long a key is published before it signs: longer than receivers keep what they have read.
pub const PUBLISHED_BEFORE: i64 = DAY;
/// How long it stays published after it has signed for the last time: its last token has expired.
pub const PUBLISHED_AFTER: i64 = ID_TOKEN_LIFE + HOUR;

/// What the keys of one algorithm are good for at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Place of the key that signs; `None` when one must be made that signs at once.
    pub signs: Option<usize>,
    /// Places of those that are published.
    pub published: Vec<usize>,
    /// When the next key begins to sign, if it must be made now.
    pub make: Option<Micros>,
}

/// The plan at `now` for keys that begin to sign at `from`, in any order.
pub fn plan(from: &[Micros], now: Micros) -> Plan {
    let signs = (0..from.len()).filter(|at| from.get(*at).is_some_and(|from| *from <= now));
    let signs = signs.max_by_key(|at| from.get(*at));
    let ends = |begins: Micros| from.iter().filter(|other| **other > begins).min().copied();
    let is_published = |at: &usize| {
        from.get(*at)
            .is_some_and(|begins| ends(*begins).is_none_or(|end| now.since(end) < PUBLISHED_AFTER))
    };
    let published = (0..from.len()).filter(is_published).collect();
    let newest = from.iter().max().copied();
    let make = match newest {
        None => Some(now),
        Some(newest) => {
            let next = newest.plus(SIGNS_FOR);
            (now >= next.plus(-PUBLISHED_BEFORE))
                .then(|| Micros(next.0.max(now.0 + PUBLISHED_BEFORE)))
        }
    };
    Plan { signs, published, make }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_signs_was_published_a_day_and_stays_until_its_tokens_are_dead(
            steps in proptest::collection::vec(HOUR / 2..30 * DAY, 1..60)
        ) {
            let (mut now, mut keys, mut made): (_, Vec<Micros>, Vec<Micros>) =
                (Micros(0), Vec::new(), Vec::new());
            let mut signed: Vec<(usize, Micros)> = Vec::new();
            for step in steps {
                if let Some(from) = plan(&keys, now).make {
                    keys.push(from);
                    made.push(now);
                }
                let plan = plan(&keys, now);
                let signs = plan.signs;
                prop_assert!(signs.is_some_and(|at| plan.published.contains(&at)));
                let at = signs.unwrap_or_default();
                let since = made.get(at).map_or(0, |made| now.since(*made));
                prop_assert!(at == 0 || since >= PUBLISHED_BEFORE);
                signed.push((at, now));
                for (at, then) in &signed {
                    if now.since(*then) < ID_TOKEN_LIFE {
                        prop_assert!(plan.published.contains(at));
                    }
                }
                now = now.plus(step);
            }
        }
    }
}
