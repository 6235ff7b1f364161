//! Takes letters that are due from the outbox and has them carried, until it is asked to stop.

use std::sync::Arc;
use std::time::Duration;

use domain::time::{HOUR, MINUTE, Micros, SECOND};
use store::{Delivery, Settlement, Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use super::{Carried, Channel, Gateway, Gateways, Letter, endpoint_of};
use crate::sent_mail::Ledger;
use crate::world::{World, pause};

/// Waits after the first, second … try that failed: a code is of use for ten minutes, a notice is
/// worth a day.
const WAITS: [i64; 8] =
    [2 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 18 * HOUR];

/// How much at a time.
#[derive(Debug, Clone, Copy)]
pub struct Carrying {
    /// Letters of one channel under way.
    pub per_channel: u32,
    /// How long a claimed letter is ours; longer than a try may take.
    pub lease: i64,
    /// How often to look when nobody rings.
    pub idle: Duration,
}

impl Default for Carrying {
    fn default() -> Self {
        Self { per_channel: 16, lease: 60 * SECOND, idle: Duration::from_millis(500) }
    }
}

/// Carries letters from the outbox to their gateways.
pub struct Postman {
    /// Where letters wait.
    pub store: Store,
    /// Who carries them.
    pub gateways: Gateways,
    /// Time and chance.
    pub world: World,
    /// Where mails are written down before they go.
    pub ledger: Ledger,
    /// How much at a time.
    pub carrying: Carrying,
    /// Rung when there is something new.
    pub bell: Arc<Notify>,
}

impl Postman {
    /// Carries until `stop` says true; then begins nothing new and waits for what is under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow_and_update() {
            if let Err(error) = self.begin(&mut under_way).await {
                warn!(%error, "letters cannot be read; trying again");
            }
            tokio::select! {
                _ = under_way.join_next(), if !under_way.is_empty() => {}
                () = self.bell.notified() => {}
                () = pause(self.carrying.idle) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Has carried what is due now, and waits for it. Gives how many letters that were.
    pub async fn pass(&self) -> Result<usize, StoreError> {
        let mut under_way = JoinSet::new();
        self.begin(&mut under_way).await?;
        let begun = under_way.len();
        while under_way.join_next().await.is_some() {}
        Ok(begun)
    }

    async fn begin(&self, under_way: &mut JoinSet<()>) -> Result<(), StoreError> {
        let now = self.world.now();
        let most = self.carrying.per_channel as usize * Channel::ALL.len();
        let waiting = self.store.letters_due(now).await?;
        for channel in Channel::ALL.into_iter().filter(|way| waiting.contains(&endpoint_of(*way))) {
            if under_way.len() >= most {
                break;
            }
            let (lease_until, limit) = (now.plus(self.carrying.lease), self.carrying.per_channel);
            let claim =
                self.store.claim_deliveries_for(endpoint_of(channel), now, lease_until, limit);
            for delivery in claim.await? {
                under_way.spawn(self.one_try(channel, delivery));
            }
        }
        Ok(())
    }

    fn one_try(
        &self,
        channel: Channel,
        delivery: Delivery,
    ) -> impl Future<Output = ()> + Send + use<> {
        let gateway = self.gateways.get(channel).cloned();
        let (store, world, ledger) = (self.store.clone(), self.world.clone(), self.ledger.clone());
        async move {
            let carried = carry(gateway.as_deref(), &ledger, &delivery, world.now()).await;
            let now = world.now();
            let settlement = settled_by(carried, delivery.tries, now);
            if let Carried::Refused(why) | Carried::NotNow(why) = carried {
                let (message, tries) = (&delivery.message, delivery.tries);
                let dead = settlement == Settlement::Dead;
                info!(message, tries, dead, "a letter was not carried: {why}");
            }
            if let Err(error) = store.settle_delivery(&delivery, settlement, None, now).await {
                // The lease runs out and the letter is carried again: at least once.
                warn!(%error, message = delivery.message, "a try could not be written down");
            }
        }
    }
}

async fn carry(
    gateway: Option<&dyn Gateway>,
    ledger: &Ledger,
    delivery: &Delivery,
    now: Micros,
) -> Carried {
    let Some(gateway) = gateway else { return Carried::Refused("no gateway") };
    let Ok(letter) = serde_json::from_slice::<Letter>(&delivery.body) else {
        return Carried::Refused("not a letter");
    };
    if letter.not_after.is_some_and(|end| end < now) {
        return Carried::Refused("of no use any more");
    }
    if let Some(mail) = gateway.sent_as(&delivery.message, &letter, now)
        && ledger.write(&[mail], now).await.is_err()
    {
        // Whoever asks about a mail of ours must find it: it is written down first.
        return Carried::NotNow("the ledger cannot be written");
    }
    gateway.carry(&delivery.message, &letter).await
}

/// What becomes of a letter after a try: pure.
fn settled_by(carried: Carried, tries: i64, now: Micros) -> Settlement {
    match carried {
        Carried::Taken => Settlement::Delivered,
        Carried::Refused(_) => Settlement::Dead,
        Carried::NotNow(_) => {
            let place = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
            let wait = WAITS.get(place);
            wait.map_or(Settlement::Dead, |wait| Settlement::Retry(now.plus(*wait)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_for_a_day_and_a_refused_one_once() {
        let (mut now, mut tries) = (Micros(0), 1);
        while let Settlement::Retry(next) = settled_by(Carried::NotNow("busy"), tries, now) {
            now = next;
            tries += 1;
        }
        assert_eq!(tries, 9);
        assert!((24 * HOUR..27 * HOUR).contains(&now.0), "{} h", now.0 / HOUR);
        assert_eq!(settled_by(Carried::Refused("no"), 1, now), Settlement::Dead);
        assert_eq!(settled_by(Carried::Taken, 9, now), Settlement::Delivered);
    }
}
