//! How colleagues work with what they may see, from the audit trail (T5): who looks at much, or at
//! cases that they do nothing in. A number is a question to be asked, never an answer.

use std::collections::{BTreeMap, BTreeSet};

use domain::time::DAY;
use serde::Serialize;
use store::{AuditRow, DocumentKind};
use utoipa::ToSchema;

use super::Act;
use crate::http::House;
use crate::http::problem::Problem;

/// Days that are looked back at where nobody says otherwise.
pub const DAYS: i64 = 30;
/// Rows read at once.
const CHUNK: u32 = 1_000;
/// A number is unusual when it is at least this, and more than three times what is usual.
const UNUSUAL_FROM: u32 = 5;
const UNUSUAL_TIMES: u32 = 3;

/// What everybody at the desk did.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Conduct)]
pub struct Conduct {
    /// Days that were looked back at.
    pub days: i64,
    /// By name.
    pub colleagues: Vec<Colleague>,
}

/// What one colleague did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConductOfColleague)]
pub struct Colleague {
    /// Their name.
    pub name: String,
    /// Cases in which they took a step.
    pub cases: u32,
    /// Steps that they took.
    pub steps: u32,
    /// Times that they looked at a case, a file or a pack.
    pub looks: u32,
    /// Cases that they looked at and took no step in.
    pub only_looked: u32,
    /// Fields that they looked at unmasked.
    pub unmasked: u32,
    /// Times that they were refused a case that is not theirs.
    pub refused: u32,
    /// Evidence packs that they made.
    pub packs: u32,
    /// Of these numbers, those that are far above what is usual among colleagues: `only_looked`,
    /// `unmasked`, `refused`, `packs`.
    pub unusual: Vec<&'static str>,
}

/// What is gathered of one colleague.
#[derive(Default)]
struct Gathered {
    of: Colleague,
    acted_in: BTreeSet<u128>,
    looked_at: BTreeSet<u128>,
}

impl Gathered {
    fn take(&mut self, act: &Act, row: &AuditRow) {
        let case = (row.kind == DocumentKind::Case as i64).then_some(row.id);
        match act.did.as_str() {
            "looked" => {
                self.of.looks += 1;
                self.looked_at.extend(case);
            }
            "refused" => self.of.refused += 1,
            did => {
                self.of.steps += 1;
                self.of.unmasked += u32::from(did == "unmasked");
                self.of.packs += u32::from(did == "packed");
                // Whoever only unmasks or takes a copy has done nothing in it yet.
                if !matches!(did, "unmasked" | "packed") {
                    self.acted_in.extend(case);
                }
            }
        }
    }

    fn done(mut self) -> Colleague {
        let count = |cases: usize| u32::try_from(cases).unwrap_or(u32::MAX);
        self.of.cases = count(self.acted_in.len());
        self.of.only_looked = count(self.looked_at.difference(&self.acted_in).count());
        self.of
    }
}

/// Names what is unusual: at least five, and more than three times the median of the others.
fn mark(colleagues: &mut [Colleague]) {
    type Number = (&'static str, fn(&Colleague) -> u32);
    const NUMBERS: [Number; 4] = [
        ("only_looked", |one| one.only_looked),
        ("unmasked", |one| one.unmasked),
        ("refused", |one| one.refused),
        ("packs", |one| one.packs),
    ];
    for (name, number) in NUMBERS {
        let all: Vec<u32> = colleagues.iter().map(number).collect();
        for (at, colleague) in colleagues.iter_mut().enumerate() {
            let mut others: Vec<u32> = all.clone();
            let own = others.swap_remove(at);
            others.sort_unstable();
            let usual = others.get(others.len() / 2).copied().unwrap_or_default();
            if own >= UNUSUAL_FROM && own > usual.saturating_mul(UNUSUAL_TIMES) {
                colleague.unusual.push(name);
            }
        }
    }
}

impl House {
    /// What everybody at the desk did in the last `days`.
    ///
    /// # Errors
    /// The trail cannot be read.
    pub async fn conduct(&self, days: i64) -> Result<Conduct, Problem> {
        let since = self.world.now().plus(-days * DAY);
        let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
        let mut after = 0;
        loop {
            let rows = self.store.audit_since(since, after, CHUNK).await?;
            let Some(last) = rows.last() else { break };
            after = last.position;
            for row in &rows {
                let told = row.told.as_deref().unwrap_or_default();
                let acts: Vec<Act> = serde_json::from_slice(told).unwrap_or_default();
                for act in
                    acts.iter().filter(|act| !matches!(act.by.as_str(), "reporter" | "system"))
                {
                    gathered.entry(act.by.clone()).or_default().take(act, row);
                }
            }
        }
        let named = |(name, gathered): (String, Gathered)| Colleague { name, ..gathered.done() };
        let mut colleagues: Vec<Colleague> = gathered.into_iter().map(named).collect();
        mark(&mut colleagues);
        Ok(Conduct { days, colleagues })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colleagues(unmasked: &[u32]) -> Vec<Colleague> {
        let mut all: Vec<Colleague> = unmasked
            .iter()
            .map(|unmasked| Colleague { unmasked: *unmasked, ..Colleague::default() })
            .collect();
        mark(&mut all);
        all
    }

    fn unusual(unmasked: &[u32]) -> Vec<bool> {
        colleagues(unmasked).iter().map(|one| one.unusual == ["unmasked"]).collect()
    }

    #[test]
    fn t5_what_is_far_above_the_others_is_named() {
        assert_eq!(unusual(&[2, 3, 14, 1]), [false, false, true, false]);
        assert_eq!(unusual(&[20, 22, 25]), [false; 3], "a desk that unmasks much is no outlier");
        assert_eq!(unusual(&[0, 0, 4]), [false; 3], "few are few");
        assert_eq!(unusual(&[5]), [true], "there is nobody to compare with");
        assert_eq!(unusual(&[]), [false; 0]);
    }
}
