//! What became of a decision: the judge learns from it, and subscribers are told what it lifts.

use domain::memory::Outcome;
use store::DecisionId;

use crate::http::House;
use crate::http::problem::Problem;
use crate::webhooks::lifted_of;

impl House {
    /// Records what became of a decision; what it lifts is told in the same transaction.
    ///
    /// # Errors
    /// There is no such decision; the database is away, or busy.
    pub(crate) async fn settle(
        &self,
        decision: DecisionId,
        outcome: Outcome,
        source: &str,
    ) -> Result<(), Problem> {
        let now = self.world.now();
        let mut outbox = Vec::new();
        if matches!(outcome, Outcome::ConfirmedOwner | Outcome::ChallengePassed) {
            let found = self.store.decision(decision).await?;
            let found = found.ok_or_else(|| Problem::not_found("decision"))?;
            let messages = lifted_of(&found.entry, outcome, now);
            outbox = self.subscribers.rows_of(&messages, &self.world);
        }
        Ok(self.judge.settle(decision, (outcome, source.into()), outbox, now).await?)
    }
}
