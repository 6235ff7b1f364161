//! What is due: timers of parcels, and refunds that were agreed to. The dispute state is read just
//! before money moves (C13), the submission is written before the provider is asked, and a submission
//! without an answer is asked about again under the same key, so that a crash at any point pays once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::case::Actor;
use domain::parcel::{Parcel, State};
use domain::refund::{self, Refund, Settled};
use domain::restitution::Command;
use domain::time::{MINUTE, Micros};
use store::{Changes, DocumentKind};

use super::Numbered;
use crate::cases::history::ParcelState;
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::payments::{Order, Paid};
use crate::world::pause;

/// How often it is looked what is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Restitutions in one look.
const AT_ONCE: u32 = 50;

impl House {
    /// Does what is due, again and again.
    pub async fn make_whole(house: Arc<Self>) {
        loop {
            pause(LOOK_EVERY).await;
            let now = house.world.now();
            match house.store.documents_due(DocumentKind::Restitution, now, AT_ONCE).await {
                Ok(due) => {
                    for document in due {
                        if let Err(problem) = house.look_after_restitution(document.id).await {
                            tracing::warn!(kind = ?problem.kind, "a restitution waits");
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot learn which restitutions are due"),
            }
        }
    }

    /// A provider was told, and its answer is awaited.
    pub(super) fn is_under_way(&self, refund: &Refund) -> bool {
        matches!(refund.state, refund::State::Submitted { .. })
            && self.direct(&refund.payment).is_some()
    }

    async fn look_after_restitution(&self, id: u128) -> Result<(), Problem> {
        let one = self.restitute(id, &Command::Tick, &Actor::System).await?;
        let one = self.hear_of_parcels(one).await?;
        let now = self.world.now();
        let mut tried = BTreeSet::new();
        for refund in &one.kept.restitution.refunds {
            if self.is_under_way(refund) {
                self.ask_again(&one, refund).await?;
            } else if is_payable(refund, now) {
                tried.insert(refund.key.as_str());
                self.pay(&one, refund).await?;
            }
        }
        self.put_off(id, &tried).await
    }

    /// Moves parcels to where the store's `shipment.*` events have them; what a parcel's stage does
    /// not take is left to the desk.
    async fn hear_of_parcels(&self, mut one: Numbered) -> Result<Numbered, Problem> {
        if !one.kept.restitution.parcels.iter().any(Parcel::is_open) {
            return Ok(one);
        }
        let history = self.history(one.account).await?;
        let orders = history.orders();
        let order = orders.iter().find(|order| order.id == one.kept.restitution.order);
        for seen in order.iter().flat_map(|order| &order.parcels) {
            let Some(place) = place(seen.state) else { continue };
            let mut parcels = one.kept.restitution.parcels.iter().filter(|one| one.is_open());
            if !parcels.any(|one| one.facts.id == seen.id && one.facts.state != place) {
                continue;
            }
            let command = Command::Seen(seen.id.clone(), place);
            match self.restitute(one.id, &command, &Actor::System).await {
                Ok(moved) => one = moved,
                Err(problem) if problem.kind == Kind::Conflict => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(one)
    }

    /// Reads the dispute state, submits, and asks the provider.
    async fn pay(&self, one: &Numbered, refund: &Refund) -> Result<(), Problem> {
        let disputed = match self.is_disputed(one, refund).await? {
            Ok(disputed) => disputed,
            Err(why) => {
                tracing::warn!("a refund waits: {why}");
                return Ok(());
            }
        };
        let again = refund.tries > 0;
        let submit = Command::Submit { refund: refund.key.clone(), disputed };
        let after = self.restitute(one.id, &submit, &Actor::System).await?;
        let after = after.kept.restitution.refunds.into_iter().find(|one| one.key == refund.key);
        match after {
            Some(after) if self.is_under_way(&after) => self.carry(one.id, &after, again).await,
            _ => Ok(()),
        }
    }

    async fn ask_again(&self, one: &Numbered, refund: &Refund) -> Result<(), Problem> {
        let Some(provider) = self.direct(&refund.payment) else { return Ok(()) };
        match &refund.reference {
            Some(reference) => {
                let paid = provider.look_up(reference).await;
                self.settle_paid(one.id, refund, paid).await
            }
            None => self.carry(one.id, refund, true).await,
        }
    }

    async fn carry(&self, id: u128, refund: &Refund, again: bool) -> Result<(), Problem> {
        let Some(provider) = self.direct(&refund.payment) else { return Ok(()) };
        let (key, payment) = (refund.key.clone(), refund.payment.clone());
        let order = Order { key, payment, amount: refund.amount, again };
        let paid = provider.refund(&order).await;
        self.settle_paid(id, refund, paid).await
    }

    /// What the provider said, written down. What is not known yet is asked about again.
    async fn settle_paid(&self, id: u128, refund: &Refund, paid: Paid) -> Result<(), Problem> {
        let key = refund.key.clone();
        let settle =
            |settled, reference| Command::Settle { refund: key.clone(), settled, reference };
        let command = match paid {
            Paid::There(reference) => settle(Settled::Succeeded, Some(reference)),
            Paid::Disputed => settle(Settled::SettledByIssuer, None),
            Paid::Begun(reference) => Command::Refer { refund: key.clone(), reference },
            Paid::Never(why) => {
                tracing::warn!("a refund cannot be paid by its way: {why}");
                settle(Settled::FailedFinal, None)
            }
            Paid::NotNow(why) => {
                tracing::info!("a refund is not paid yet: {why}");
                return Ok(());
            }
        };
        self.restitute(id, &command, &Actor::System).await.map(drop)
    }

    /// By the provider's word where it pays directly; by the store's facts and events in any case.
    /// The inner error says why nobody knows now.
    async fn is_disputed(
        &self,
        one: &Numbered,
        refund: &Refund,
    ) -> Result<Result<bool, &'static str>, Problem> {
        let restitution = &one.kept.restitution;
        let told = restitution.payments.iter();
        if told.filter(|payment| payment.id == refund.payment).any(|payment| payment.disputed) {
            return Ok(Ok(true));
        }
        let history = self.history(one.account).await?;
        let orders = history.orders();
        let order = orders.iter().find(|order| order.id == restitution.order);
        if order.is_some_and(|order| order.dispute_open) {
            return Ok(Ok(true));
        }
        match self.direct(&refund.payment) {
            Some(provider) => Ok(provider.disputed(&refund.payment).await),
            None => Ok(Ok(false)),
        }
    }

    /// What could not be done now is looked at again in a minute, not at once.
    async fn put_off(&self, id: u128, tried: &BTreeSet<&str>) -> Result<(), Problem> {
        let one = self.restitution(id).await?;
        let now = self.world.now();
        let due_at = self.next_look(&one.kept.restitution, now);
        let agreed_since =
            |refund: &Refund| is_payable(refund, now) && !tried.contains(refund.key.as_str());
        if due_at.is_none_or(|due| due > now)
            || one.kept.restitution.refunds.iter().any(agreed_since)
        {
            return Ok(());
        }
        let due_at = due_at.map(|due| due.max(now.plus(MINUTE)));
        let changes = Changes { puts: vec![one.put(self, due_at)], ..Changes::default() };
        // Whoever was faster has said when to look.
        self.store.apply(&changes, now).await?;
        Ok(())
    }
}

/// An event that says no more than that it has not left says nothing new.
const fn place(seen: ParcelState) -> Option<State> {
    match seen {
        ParcelState::Unshipped => None,
        ParcelState::InTransit => Some(State::InTransit),
        ParcelState::Delivered => Some(State::Delivered),
        ParcelState::Returned => Some(State::Returned),
        ParcelState::Lost => Some(State::Lost),
    }
}

fn is_payable(refund: &Refund, now: Micros) -> bool {
    match refund.state {
        refund::State::Approved => true,
        refund::State::FailedRetryable { again_at } => again_at <= now,
        _ => false,
    }
}
