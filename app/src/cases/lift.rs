//! What containing a case made the store hold, and when it may let go of it again.

use domain::case::{Did, Mark, Outcome};
use serde_json::json;
use store::OutboxRow;

use super::Numbered;
use crate::http::House;
use crate::notices::Holder;
use crate::webhooks::Kind as Told;

/// What the store is told to hold of a contained account.
pub(super) const HOLDS: [&str; 4] = ["sign_in", "stored_card", "payout", "security_change"];

impl House {
    /// The owner has the account back: they may sign in and see to its protection. Cards and payouts
    /// wait until the case is closed.
    pub(crate) fn owner_is_back(&self, holder: &Holder, case: u128) -> Vec<OutboxRow> {
        self.lifted(&holder.1, case, &["sign_in", "security_change"])
    }

    /// What a step of the case lets go of: an order once it is said to be the owner's, at the
    /// latest when the case is closed and nothing is paid back for it; then the account too.
    pub(super) fn let_go(&self, case: &Numbered, did: Did) -> Vec<OutboxRow> {
        let kept = &case.kept;
        let Some(account) = kept.account_name.as_deref() else { return Vec::new() };
        let (case_id, closes) = (crate::id::show("cas", case.id), did == Did::Closed);
        let frees = |id: &&String| {
            let mine = kept.case.marks.get(*id) == Some(&Mark::Mine);
            match kept.case.rulings.get(*id).map(|ruled| &ruled.ruling.outcome) {
                Some(Outcome::Refund { .. } | Outcome::SettledByIssuer) => false,
                Some(Outcome::NotConfirmed) => true,
                Some(Outcome::Review { .. }) | None => mine || closes,
            }
        };
        let order = |id: &String| {
            let data = json!({
                "order_id": id, "account_id": account, "case_id": case_id, "reasons": ["case"],
            });
            self.subscribers.told(Told::OrderReleased, &data, &self.world)
        };
        let mut rows: Vec<OutboxRow> = kept.held.iter().filter(frees).flat_map(order).collect();
        if closes && kept.case.contained_at.is_some() {
            rows.extend(self.lifted(account, case.id, &HOLDS));
        }
        rows
    }

    fn lifted(&self, account: &str, case: u128, lifted: &[&str]) -> Vec<OutboxRow> {
        let case_id = crate::id::show("cas", case);
        let data = json!({ "account_id": account, "case_id": case_id, "lifted": lifted });
        self.subscribers.told(Told::AccountReleased, &data, &self.world)
    }
}
