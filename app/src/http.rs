//! The API: one house behind many routes.
//!
//! Every route goes the same way: the frame around it, then [`House::admit`] (key, scope, body
//! under a limit), then [`House::once`] where something is done, then its handler.

pub mod body;
mod content;
mod decisions;
mod events;
mod frame;
mod health;
mod pace;
pub mod problem;
mod rehearsal;
mod repeats;
mod serving;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::keyed::KeyedHasher;
use domain::time::Micros;
use serde::Serialize;
use store::Store;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::Config;
use crate::decision::PolicyNames;
use crate::judge::Judge;
use crate::keys::{Key, KeyRing, Scope};
use crate::metrics::Metrics;
use crate::openapi::BearerKeys;
use crate::surroundings::Surroundings;
use crate::text::Language;
use crate::world::{World, pause};
use frame::RequestIds;
use pace::Pace;
use problem::{Kind, Problem};
use repeats::{Repeats, Turn};

pub use serving::serve;

/// Longest time for which a revoked key still opens.
const KEYS_STALE_MAX: Duration = Duration::from_secs(2);

/// Every so many rounds it is noted which keys were used.
const KEYS_TOUCH_ROUNDS: u32 = 30;

/// Everything behind the routes.
pub struct House {
    /// Settings in force.
    pub config: Config,
    /// Time and chance.
    pub world: World,
    /// What is remembered.
    pub store: Store,
    /// Who judges.
    pub judge: Judge,
    /// Hashes what names a person.
    pub hasher: KeyedHasher,
    /// What the world says about an event's address, mail domain and secret.
    pub surroundings: Arc<Surroundings>,
    /// Keys in force.
    pub keys: KeyRing,
    /// Names of the policy versions that have judged, by number.
    pub policies: RwLock<HashMap<i64, Arc<PolicyNames>>>,
    /// Counters.
    pub metrics: Metrics,
    request_ids: RequestIds,
    repeats: Repeats,
    key_pace: Pace,
    account_pace: Pace,
}

/// What a house is opened with.
pub struct Opening {
    /// Settings in force.
    pub config: Config,
    /// Time and chance.
    pub world: World,
    /// What is remembered.
    pub store: Store,
    /// Who judges.
    pub judge: Judge,
    /// Hashes what names a person.
    pub hasher: KeyedHasher,
    /// What the world says about an event's address, mail domain and secret.
    pub surroundings: Arc<Surroundings>,
}

impl House {
    /// Opens the house; no key is in force yet.
    pub fn open(opening: Opening) -> Self {
        let Opening { config, world, store, judge, hasher, surroundings } = opening;
        let _compiled_before_the_first_request = crate::text::text();
        Self {
            request_ids: RequestIds::new(&world),
            key_pace: Pace::new(config.key_events_per_second),
            account_pace: Pace::new(config.account_decisions_per_second),
            surroundings,
            config,
            world,
            store,
            judge,
            hasher,
            keys: KeyRing::default(),
            policies: RwLock::default(),
            metrics: Metrics::default(),
            repeats: Repeats::default(),
        }
    }

    /// Lets a request in: its key may do this, and its body is within the limit.
    async fn admit(&self, request: Request, scope: Scope, max: usize) -> Result<Asked, Problem> {
        let (parts, body) = request.into_parts();
        let key = self.caller(&parts.headers).await?;
        if !key.may(scope) {
            let detail = format!("this key lacks the scope `{}`", scope.name());
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        let body = body::read(&parts.headers, body, max).await?;
        Ok(Asked {
            key,
            language: frame::language(&parts.headers, self.config.language),
            headers: parts.headers,
            method: parts.method,
            uri: parts.uri,
            body,
            received_at: self.world.now(),
        })
    }

    async fn caller(&self, headers: &HeaderMap) -> Result<Arc<Key>, Problem> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        let key = match token {
            Some(token) => self.keys.find(token, &self.store).await?,
            None => None,
        };
        key.ok_or_else(|| {
            let detail = "send `Authorization: Bearer sk_…` with a key in force";
            Problem::new(Kind::Unauthorised, detail)
        })
    }

    /// Does what was asked, once for every `Idempotency-Key`.
    async fn once(
        &self,
        asked: &Asked,
        doing: impl Future<Output = Result<Answer, Problem>>,
    ) -> Result<Answer, Problem> {
        let Some(key) = repeats::key(&asked.headers)? else { return doing.await };
        let name = repeats::fingerprint(&[asked.key.id.as_bytes(), key.as_bytes()]);
        let path = asked.uri.path_and_query().map_or("", |path| path.as_str());
        let request =
            repeats::fingerprint(&[asked.method.as_str().as_bytes(), path.as_bytes(), &asked.body]);
        match self.repeats.turn(name, request, asked.received_at)? {
            Turn::Again(answer) => Ok(answer),
            Turn::First(ticket) => {
                let answer = doing.await?;
                if answer.status.is_success() {
                    ticket.tell(&answer);
                }
                Ok(answer)
            }
        }
    }

    /// Learns of keys made and revoked by others.
    pub async fn refresh_keys(&self) {
        match self.store.api_keys().await {
            Ok(keys) => self.keys.keep(&keys),
            Err(error) => tracing::warn!(%error, "cannot learn which keys are revoked"),
        }
    }

    /// Learns of them again and again.
    pub async fn keep_keys_fresh(house: Arc<Self>) {
        for round in 1_u32.. {
            pause(KEYS_STALE_MAX).await;
            house.refresh_keys().await;
            if round.is_multiple_of(KEYS_TOUCH_ROUNDS) {
                for id in house.keys.take_used() {
                    let _ = house.store.touch_api_key(&id, house.world.now()).await;
                }
            }
        }
    }

    /// Takes `events` from the key's bucket.
    fn pace(&self, asked: &Asked, events: usize) -> Result<(), Problem> {
        let count = u32::try_from(events).unwrap_or(u32::MAX);
        self.key_pace.take(asked.key.bucket, count, asked.received_at)
    }

    /// Names of policy version `number` and its rules.
    pub fn policy_names(&self, number: i64) -> Arc<PolicyNames> {
        let policies = self.policies.read().unwrap_or_else(PoisonError::into_inner);
        policies.get(&number).map_or_else(
            || Arc::new(PolicyNames { version: format!("pol_{number}"), rules: Vec::new() }),
            Arc::clone,
        )
    }
}

/// A request that was let in.
struct Asked {
    key: Arc<Key>,
    language: Language,
    headers: HeaderMap,
    method: Method,
    uri: Uri,
    body: Bytes,
    received_at: Micros,
}

/// An answer whose body is at hand, so that it can be kept and given again.
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn new(status: StatusCode, body: Bytes) -> Self {
        let mut headers = HeaderMap::with_capacity(2);
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
        }
        Self { status, headers, body }
    }

    fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::internal(&error))?;
        Ok(Self::new(status, body.into()))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(axum::body::Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// The description of every route.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Sekisho",
        description = "The checkpoint of an online store against account takeover: decide, \
                       step up, contain, recover.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    servers((url = "http://127.0.0.1:8470", description = "A server started with the defaults")),
    paths(
        decisions::decide,
        decisions::settle,
        events::hear,
        health::alive,
        health::ready,
        health::metrics,
        health::openapi,
    ),
    modifiers(&BearerKeys)
)]
pub(crate) struct Description;

/// Every route.
pub fn router(house: Arc<House>) -> Router {
    let mut router = Router::new()
        .route("/v1/decisions", post(decisions::decide))
        .route("/v1/decisions/{id}/outcome", post(decisions::settle))
        .route("/v1/events", post(events::hear))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/openapi.json", get(health::openapi));
    if house.config.bench_routes {
        router = router.route("/v1/noop", post(health::noop));
    }
    router
        .fallback(frame::nowhere)
        .method_not_allowed_fallback(frame::no_such_method)
        .layer(CatchPanicLayer::custom(frame::panicked))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&house), frame::around))
        .with_state(house)
}
