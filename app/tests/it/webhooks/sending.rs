//! The sending side: a store of its own, a clock of its own, a courier.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::memory::Memory;
use domain::time::Micros;
use sekisho::webhooks::{Allowed, Courier, Limits, Patience, Sender, secret};
use sekisho::world::World;
use store::{
    Batch, Checkpoint, CheckpointLimits, DatabaseOptions, Endpoint, Head, MasterKey, NewRecord,
    OutboxRow, Payload, Secret, Store,
};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::receiver::{Receiver, Reply};

/// Answers slower than this are failures in tests that do not say otherwise.
const PATIENCE: Duration = Duration::from_millis(300);

pub(super) struct Sending {
    pub(super) courier: Courier,
    clock: Arc<AtomicI64>,
    secret: Secret,
    endpoint: i64,
    _folder: tempfile::TempDir,
}

impl Sending {
    /// To one receiver that answers by `script`.
    pub(super) async fn to_a_receiver(script: &[Reply]) -> (Self, Receiver) {
        let receiver = Receiver::start(script).await;
        (Self::to(&receiver.url(), &receiver.address.to_string()).await, receiver)
    }

    /// To one endpoint; `allowed` is what the operator vouches for.
    pub(super) async fn to(url: &str, allowed: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url_of_store = format!("sqlite://{}/sekisho.db", folder.path().display());
        let options = DatabaseOptions::new(url_of_store);
        let store = Store::open(&options, &MasterKey::random().unwrap()).await.unwrap();
        // The library compares with the machine's clock, so that is where ours begins.
        let clock = Arc::new(AtomicI64::new(World::real().now().0));
        let hand = Arc::clone(&clock);
        let world =
            World::of(move || Micros(hand.load(Ordering::SeqCst)), |bytes| bytes.fill(0x7f));
        let courier = Courier {
            store,
            sender: sender(allowed, PATIENCE),
            world,
            limits: Limits::default(),
            bell: Arc::new(Notify::new()),
        };
        let secret = Secret::new(vec![7; 32]);
        let mut sending = Self { courier, clock, secret, endpoint: 0, _folder: folder };
        sending.endpoint = sending.subscribe(url).await;
        sending
    }

    pub(super) fn with_patience(mut self, answer: Duration, allowed: &str) -> Self {
        self.courier.sender = sender(allowed, answer);
        self
    }

    /// One more endpoint.
    pub(super) async fn subscribe(&self, url: &str) -> i64 {
        let endpoint = Endpoint {
            number: 0,
            id: format!("whe_{}", url.replace(|sign: char| !sign.is_ascii_alphanumeric(), "-")),
            url: url.to_owned(),
            kinds: Vec::new(),
            disabled: None,
            created_at: self.now(),
            rotating_until: None,
        };
        self.courier.store.create_endpoint(&endpoint, &self.secret).await.unwrap()
    }

    pub(super) fn now(&self) -> Micros {
        self.courier.world.now()
    }

    /// Lets time pass.
    pub(super) fn later(&self, span: i64) {
        self.clock.fetch_add(span, Ordering::SeqCst);
    }

    pub(super) fn secret_text(&self) -> String {
        secret::reveal(&self.secret)
    }

    /// Rotates the secret; both sign for `span`. Gives the new one.
    pub(super) async fn rotate(&self, span: i64) -> String {
        let (endpoint, _) =
            self.courier.store.endpoint(self.endpoint, self.now()).await.unwrap().unwrap();
        let new = Secret::new(vec![8; 24]);
        let until = self.now().plus(span);
        assert!(
            self.courier.store.rotate_endpoint_secret(&endpoint.id, &new, until).await.unwrap()
        );
        secret::reveal(&new)
    }

    /// When the next message is due; `None` when none waits.
    pub(super) async fn waiting(&self) -> Option<Micros> {
        self.courier.store.next_delivery_due().await.unwrap()
    }

    /// Commits a record that these messages leave with.
    pub(super) async fn write(&self, ids: &[&str]) {
        self.write_to(self.endpoint, ids).await;
    }

    pub(super) async fn write_to(&self, endpoint: i64, ids: &[&str]) {
        let head = self.head().await;
        self.courier.store.commit(&head, self.batch(&head, endpoint, ids)).await.unwrap();
    }

    /// Tries to commit on top of a head that is no longer the log's: refused as a whole.
    pub(super) async fn write_stale(&self, ids: &[&str]) {
        let head = self.head().await;
        let stale = Head { position: head.position - 1, ..head };
        let batch = self.batch(&stale, self.endpoint, ids);
        assert!(self.courier.store.commit(&stale, batch).await.is_err());
    }

    async fn head(&self) -> Head {
        self.courier
            .store
            .recover(&mut Memory::default(), &mut Checkpoint::new(CheckpointLimits::default()))
            .await
            .unwrap()
    }

    fn batch(&self, head: &Head, endpoint: i64, ids: &[&str]) -> Batch {
        let row = |id: &&str| OutboxRow {
            endpoint,
            message: (*id).to_owned(),
            kind: "decision.created",
            body: format!(r#"{{"type":"decision.created","data":{{"n":"{id}"}}}}"#).into_bytes(),
        };
        let record = NewRecord {
            position: head.position + 1,
            payload: Payload::PolicyActivated { policy: 1 },
            received_at: self.now(),
            body: Vec::new(),
            account_name: None,
            outbox: ids.iter().map(row).collect(),
        };
        Batch { records: vec![record], ..Batch::default() }
    }

    /// Lets the courier run; the folder stays until the process ends its test.
    pub(super) fn run(self) -> (watch::Sender<bool>, JoinHandle<()>) {
        let (stop, stopped) = watch::channel(false);
        let Self { courier, _folder: folder, .. } = self;
        let running = tokio::spawn(async move {
            courier.run(stopped).await;
            drop(folder);
        });
        (stop, running)
    }
}

fn sender(allowed: &str, answer: Duration) -> Sender {
    let patience = Patience { connect: answer, answer };
    Sender::new(Allowed::read(allowed).unwrap(), patience).unwrap()
}
