//! `sekisho serve`: the server with its jobs.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::policy::Policy;
use store::{CheckpointLimits, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use super::{Call, Exit, Failure, say};
use crate::callbacks::Calling;
use crate::cases::alarm::{Alarm, Asked};
use crate::challenges::return_urls;
use crate::clock::Clock;
use crate::config::{BadSetting, Config};
use crate::desk::Staff;
use crate::gateways::{Carrying, Gateways, Postman};
use crate::http::{House, Opening, router, serve};
use crate::in_force;
use crate::instance::open_store;
use crate::judge::{Bench, Judge};
use crate::mail_check::MailCheck;
use crate::members::passkeys::site_of;
use crate::members::{Members, text_budget};
use crate::notices::Notices;
use crate::openid::{self, SignIn};
use crate::pages::visitor::trusted_proxies;
use crate::pages::{Look, OwnSignIn};
use crate::restitution::MakingWhole;
use crate::sent_mail::Ledger;
use crate::surroundings::{LOOK_EVERY, Surroundings};
use crate::webhooks::{Allowed, Courier, Limits, Patience, Sender, Subscribers};
use crate::world::World;

/// No arguments of its own: everything is a setting.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Serves until asked to stop.
pub fn run(_: Args, call: &Call) -> Result<Exit, Failure> {
    start_log(&call.config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unfinished("cannot start", &error))?;
    runtime.block_on(serve_here(call))
}

async fn serve_here(call: &Call) -> Result<Exit, Failure> {
    let running = Running::start(call.config.clone(), call.world.clone()).await?;
    let address = running.address;
    tracing::info!(%address, "listening");
    if call.json {
        say(serde_json::json!({ "listening": address }).to_string())?;
    }
    running.until(asked_to_stop()).await
}

/// SIGTERM or SIGINT.
async fn asked_to_stop() {
    let hear = |kind| signal(kind).ok();
    let (mut term, mut int) = (hear(SignalKind::terminate()), hear(SignalKind::interrupt()));
    let hear = |signal: Option<_>| signal;
    match (hear(term.as_mut()), hear(int.as_mut())) {
        (Some(term), Some(int)) => {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        }
        _ => std::future::pending().await,
    }
}

/// A server that listens and has not yet accepted anybody.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    house: Arc<House>,
    listener: TcpListener,
    judging: JoinHandle<()>,
    courier: Courier,
    postman: Postman,
    cases: mpsc::Receiver<Asked>,
}

impl Running {
    /// Opens the database, rebuilds what is known, and listens.
    pub async fn start(config: Config, world: World) -> Result<Self, Failure> {
        let clock = Clock::of(&config, &world).map_err(misread)?;
        let world = clock.as_ref().map_or(world, Clock::world);
        let nowhere =
            |error| Failure::unfinished(&format!("cannot listen on {}", config.listen), &error);
        let listener = TcpListener::bind(config.listen).await.map_err(nowhere)?;
        let address = listener.local_addr().map_err(nowhere)?;
        let cannot_open = |error| Failure::unfinished("cannot open the database", &error);
        let store = open_store(&config).await.map_err(cannot_open)?;
        let hasher = store.hasher().map_err(cannot_open)?;
        let subscribers = Subscribers::default();
        subscribers.refresh(&store).await.map_err(cannot_open)?;
        let bell = Arc::new(Notify::new());
        let webhooks_allowed = listed(&config, "webhooks-allow", Allowed::read)?;
        return_urls(&config.said).map_err(misread)?;
        let look = Look::of(&config.said).map_err(misread)?;
        let staff = listed(&config, "desk-staff", Staff::read)?;
        let making_whole = MakingWhole::of(&config).map_err(misread)?;
        let calling = Calling::of(&config, &subscribers, &world).map_err(misread)?;
        let trusted_proxies = listed(&config, "trusted-proxies", trusted_proxies)?;
        let sender = Sender::new(webhooks_allowed.clone(), Patience::default())
            .map_err(|error| Failure::unfinished("cannot send webhooks", &error))?;
        let courier = Courier {
            store: store.clone(),
            sender,
            world: world.clone(),
            limits: Limits::default(),
            bell: Arc::clone(&bell),
        };
        let mail_check = MailCheck::of(&config.said)?;
        let Tellers { members, notices, postman } = Tellers::of(&config, &store, &world)?;
        let letters = Arc::clone(&postman.bell);
        let in_force = in_force::policy(&store, &config, &world).await.map_err(cannot_open)?;
        let (alarm, cases) = Alarm::new();
        let bench = bench(&config, &world, subscribers.clone(), (Arc::clone(&bell), alarm));
        let bench =
            Bench { policy_number: in_force.number, policy: Arc::clone(&in_force.policy), ..bench };
        let (judge, judging) = Judge::start(store.clone(), bench).await.map_err(cannot_open)?;
        let surroundings = Arc::new(Surroundings::of(&config, world.now()));
        let house = Arc::new(House::open(Opening {
            config,
            world,
            clock,
            store,
            judge,
            hasher,
            surroundings,
            subscribers,
            bell,
            webhooks_allowed,
            look,
            trusted_proxies,
            staff,
            making_whole,
            calling,
            members,
            notices,
            letters,
            mail_check,
        }));
        house.refresh_lists().await.map_err(cannot_open)?;
        house.name_policies().await.map_err(cannot_open)?;
        if in_force.is_new {
            let now = house.world.now();
            let activated =
                house.judge.activate_policy(in_force.number, in_force.policy, now).await;
            activated.map_err(|error| Failure::unfinished("cannot record the policy", &error))?;
        }
        Ok(Self { address, house, listener, judging, courier, postman, cases })
    }

    /// From now on sessions come from `source`; the first one stays.
    pub fn sign_in_with(&self, source: impl FnOnce(&Arc<House>) -> Arc<dyn SignIn>) {
        self.house.openid.sign_in_with(source(&self.house));
    }

    /// Serves until `stop` is done, then drains: what was accepted is answered.
    pub async fn until(self, stop: impl Future<Output = ()>) -> Result<Exit, Failure> {
        let Self { house, listener, judging, courier, postman, cases, .. } = self;
        house.openid.sign_in_with(OwnSignIn::of(&house));
        let (stopping, stopped) = watch::channel(false);
        let telling = openid::carry(Arc::clone(&house), courier.sender.clone(), stopped.clone());
        let telling = tokio::spawn(telling);
        let carrying = tokio::spawn(courier.run(stopped.clone()));
        let walking = tokio::spawn(postman.run(stopped));
        let refreshing = tokio::spawn(House::keep_fresh(Arc::clone(&house)));
        let paying = tokio::spawn(House::make_whole(Arc::clone(&house)));
        let calling = tokio::spawn(House::call_back(Arc::clone(&house)));
        let reminding = tokio::spawn(House::remind_of_cases(Arc::clone(&house)));
        let looking = Arc::clone(&house.surroundings).watch(house.world.clone(), LOOK_EVERY);
        let looking = tokio::spawn(looking);
        let opening = tokio::spawn(House::open_cases(Arc::clone(&house), cases));
        let drained = serve(listener, router(Arc::clone(&house)), &house.config, stop).await;
        refreshing.abort();
        looking.abort();
        paying.abort();
        calling.abort();
        reminding.abort();
        opening.abort();
        stopping.send_replace(true);
        house.judge.close();
        let all = async {
            judging.await.is_ok()
                && carrying.await.is_ok()
                && walking.await.is_ok()
                && telling.await.is_ok()
        };
        let ended = tokio::time::timeout(house.config.stop_timeout, all).await == Ok(true);
        house.store.close().await;
        tracing::info!(drained, ended, "stopped");
        if drained && ended {
            return Ok(Exit::Fine);
        }
        Err(Failure::Unfinished("not everything was answered before the stop timeout".to_owned()))
    }
}

/// A setting that means nothing.
#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it")]
fn misread(bad: BadSetting) -> Failure {
    Failure::BadUsage(bad.to_string())
}

/// A setting that is a list; an entry that makes no sense is named with where it was said.
fn listed<T, E: std::fmt::Display>(
    config: &Config,
    name: &'static str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Failure> {
    let misread = |entry| Failure::BadUsage(format!("{}: {entry}", config.said.place(name)));
    read(config.said.text(name)).map_err(misread)
}

/// Who keeps members, and who tells them.
struct Tellers {
    members: Members,
    notices: Notices,
    postman: Postman,
}

impl Tellers {
    fn of(config: &Config, store: &Store, world: &World) -> Result<Self, Failure> {
        let hasher = store
            .hasher()
            .map_err(|error| Failure::unfinished("cannot open the database", &error))?;
        let gateways = Gateways::of(config, store, world).map_err(misread)?;
        let site = site_of(config.said.text("public-url"), config.said.text("store-name"));
        let members = Members::new(store.clone(), hasher.clone(), world.clone(), site)
            .map_err(|error| Failure::unfinished("cannot hash passwords", &error))?;
        let members = Members { budget: text_budget(&config.said)?, ..members };
        let notices = Notices {
            store: store.clone(),
            offered: gateways.offered(),
            world: world.clone(),
            hasher: hasher.clone(),
            store_name: config.said.text("store-name").to_owned(),
        };
        let ledger = Ledger { store: store.clone(), hasher };
        let postman = Postman {
            store: store.clone(),
            gateways,
            world: world.clone(),
            ledger,
            carrying: Carrying::default(),
            bell: Arc::default(),
        };
        Ok(Self { members, notices, postman })
    }
}

fn bench(
    config: &Config,
    world: &World,
    subscribers: Subscribers,
    (bell, alarm): (Arc<Notify>, Alarm),
) -> Bench {
    let messages = world.clone();
    Bench {
        messages: Arc::new(move |judged, submission| {
            alarm.hear(judged, submission);
            let rows = subscribers.rows(judged, submission, &messages);
            if !rows.is_empty() {
                bell.notify_one();
            }
            rows
        }),
        policy_number: 0,
        policy: Arc::new(Policy::default()),
        limits: CheckpointLimits { accounts_max: config.accounts_max, ..Default::default() },
    }
}

/// The log goes to standard error: a message readable alone, then its fields.
fn start_log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).unwrap_or_default();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let _ = if config.log_json { log.json().try_init() } else { log.try_init() };
}
