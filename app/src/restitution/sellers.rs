//! Sellers in whose favour stolen accounts buy again and again (T18): the third confirmed case within
//! a week asks the store to hold their payouts, and a person to look.

use std::collections::BTreeSet;

use domain::case::Actor;
use domain::restitution::Command;
use domain::seller_watch::{SellerWatch, WITHIN};
use domain::time::{DAY, Micros};
use serde_json::json;
use store::{Changes, DocumentKind, Put};

use super::{Numbered, refusal};
use crate::http::House;
use crate::http::problem::Problem;
use crate::webhooks::Kind;

impl House {
    /// Remembers the sellers of a restitution that is about to be opened, in its own transaction, and
    /// raises a task in it for each whose payouts are to be held from now on.
    pub(super) async fn watch_sellers(
        &self,
        one: &mut Numbered,
        now: Micros,
    ) -> Result<Changes, Problem> {
        let mut changes = Changes::default();
        let sellers = one.kept.restitution.parcels.iter();
        let sellers = sellers.filter_map(|parcel| parcel.facts.seller.clone());
        for seller in sellers.collect::<BTreeSet<String>>() {
            let id = self.row_id("seller", &seller);
            let found = self.store.document(DocumentKind::SellerWatch, id).await?;
            let seen = found.as_ref().map(|document| document.version);
            let before: SellerWatch = found
                .and_then(|document| serde_json::from_slice(&document.body).ok())
                .unwrap_or_default();
            let watch = before.confirmed(one.kept.case, now);
            if watch.held_since.is_some() && watch.held_since != before.held_since {
                let command = Command::SellerWatched(seller.clone());
                let next = one.kept.restitution.next(&command, &Actor::System, now);
                one.kept.restitution = next.map_err(|refused| refusal(&refused))?.0;
                changes.outbox.extend(self.hold_payouts(&seller, &watch));
            }
            changes.puts.push(Put {
                kind: DocumentKind::SellerWatch,
                seen,
                expires_at: Some(now.plus(2 * WITHIN)),
                ..super::across::row(id, serde_json::to_vec(&watch).unwrap_or_default())
            });
        }
        Ok(changes)
    }

    fn hold_payouts(
        &self,
        seller: &str,
        watch: &SellerWatch,
    ) -> Vec<(Option<crate::notices::Holder>, store::OutboxRow)> {
        let cases = watch.cases.iter().map(|(case, _)| crate::id::show("cas", *case));
        let body = json!({
            "seller_id": seller, "holds": ["payout"], "within_days": WITHIN / DAY,
            "case_ids": cases.collect::<Vec<_>>(),
        });
        let rows = self.subscribers.told(Kind::SellerHoldRequested, &body, &self.world);
        rows.into_iter().map(|row| (None, row)).collect()
    }
}
