//! Takes what is due from the queue and sends it, until it is asked to stop.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::time::{Micros, SECOND};
use store::{Delivery, Endpoint, Secret, Settlement, Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use super::schedule::after_failure;
use super::send::{Answer, Sender};
use crate::world::{World, pause};

/// How much at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Tries under way to one endpoint: a slow receiver holds no more than these.
    pub per_endpoint: u32,
    /// How long a claimed message is ours; longer than a try may take.
    pub lease: i64,
    /// How often to look when nobody wakes us.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_endpoint: 8, lease: 60 * SECOND, idle: Duration::from_millis(500) }
    }
}

/// Carries messages from the outbox to their receivers.
pub struct Courier {
    /// Where messages wait.
    pub store: Store,
    /// How they are sent.
    pub sender: Sender,
    /// Time and chance.
    pub world: World,
    /// How much at a time.
    pub limits: Limits,
    /// Rung when there is something new.
    pub bell: Arc<Notify>,
}

/// Tries under way.
#[derive(Default)]
struct UnderWay {
    tries: JoinSet<i64>,
    by_endpoint: BTreeMap<i64, u32>,
}

impl UnderWay {
    fn to(&self, endpoint: i64) -> u32 {
        self.by_endpoint.get(&endpoint).copied().unwrap_or_default()
    }

    /// Waits for one to end.
    async fn one_ends(&mut self) {
        if let Some(Ok(endpoint)) = self.tries.join_next().await
            && let Some(count) = self.by_endpoint.get_mut(&endpoint)
        {
            *count = count.saturating_sub(1);
        }
    }
}

impl Courier {
    /// Carries until `stop` says true; then begins nothing new and waits for what is under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut under_way = UnderWay::default();
        while !*stop.borrow_and_update() {
            if let Err(error) = self.begin(&mut under_way).await {
                warn!(%error, "the outbox cannot be read; trying again");
            }
            tokio::select! {
                () = under_way.one_ends(), if !under_way.tries.is_empty() => {}
                () = self.bell.notified() => {}
                () = pause(self.limits.idle) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
        while under_way.tries.join_next().await.is_some() {}
    }

    /// Sends once what is due now, as far as the limits go, and waits for the answers. Gives how
    /// many tries that were.
    pub async fn pass(&self) -> Result<usize, StoreError> {
        let mut under_way = UnderWay::default();
        self.begin(&mut under_way).await?;
        let begun = under_way.tries.len();
        while under_way.tries.join_next().await.is_some() {}
        Ok(begun)
    }

    /// Begins what is due and has room.
    async fn begin(&self, under_way: &mut UnderWay) -> Result<(), StoreError> {
        for endpoint in self.store.endpoints_due(self.world.now()).await? {
            let room = self.limits.per_endpoint.saturating_sub(under_way.to(endpoint));
            if room > 0 {
                self.begin_for(endpoint, room, under_way).await?;
            }
        }
        Ok(())
    }

    async fn begin_for(
        &self,
        endpoint: i64,
        room: u32,
        under_way: &mut UnderWay,
    ) -> Result<(), StoreError> {
        let now = self.world.now();
        let Some((endpoint, secrets)) = self.store.endpoint(endpoint, now).await? else {
            return Ok(());
        };
        let receiver = Arc::new((endpoint, secrets));
        let number = receiver.0.number;
        let lease_until = now.plus(self.limits.lease);
        for delivery in self.store.claim_deliveries_for(number, now, lease_until, room).await? {
            *under_way.by_endpoint.entry(number).or_default() += 1;
            under_way.tries.spawn(self.one_try(Arc::clone(&receiver), delivery));
        }
        Ok(())
    }

    fn one_try(
        &self,
        receiver: Arc<(Endpoint, Vec<Secret>)>,
        delivery: Delivery,
    ) -> impl Future<Output = i64> + Send + 'static {
        let (store, sender, world) = (self.store.clone(), self.sender.clone(), self.world.clone());
        async move {
            let (endpoint, secrets) = &*receiver;
            let answer = sender.send(&endpoint.url, secrets, &delivery, world.now()).await;
            if let Err(error) = settle(&store, &delivery, answer, &world).await {
                // The lease runs out and the message is sent again: at least once.
                warn!(%error, message = delivery.message, "a try could not be written down");
            }
            endpoint.number
        }
    }
}

async fn settle(
    store: &Store,
    delivery: &Delivery,
    answer: Answer,
    world: &World,
) -> Result<(), StoreError> {
    let (now, status) = (world.now(), answer.status());
    let mut chance = [0; 2];
    world.random(&mut chance);
    let settlement = settled_by(answer, delivery.tries, now, u16::from_le_bytes(chance));
    match answer {
        Answer::Taken(_) => {}
        Answer::Gone => {
            info!(endpoint = delivery.endpoint, "the receiver is gone (410): disabled");
            store.disable_endpoint(delivery.endpoint, "the receiver answered 410 Gone").await?;
        }
        Answer::NotTaken { .. } | Answer::Unanswered(_) => {
            let why = if let Answer::Unanswered(why) = answer { why } else { "not taken" };
            let (message, tries) = (&delivery.message, delivery.tries);
            let dead = settlement == Settlement::Dead;
            info!(message, tries, status, dead, "a webhook was not delivered: {why}");
        }
    }
    store.settle_delivery(delivery, settlement, status, now).await.map(drop)
}

/// What becomes of a message after an answer: pure.
fn settled_by(answer: Answer, tries: i64, now: Micros, chance: u16) -> Settlement {
    let asked = match answer {
        Answer::Taken(_) => return Settlement::Delivered,
        Answer::Gone => return Settlement::Dead,
        Answer::NotTaken { retry_after, .. } => retry_after,
        Answer::Unanswered(_) => None,
    };
    after_failure(tries, now, asked, chance).map_or(Settlement::Dead, Settlement::Retry)
}
