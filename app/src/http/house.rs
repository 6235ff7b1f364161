//! What stands behind the routes, and how a request is let in.

use std::collections::HashMap;
use std::future::Future;
use std::num::NonZero;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::keyed::KeyedHasher;
use domain::policy::Policy;
use domain::time::{DAY, Micros};
use ipnet::IpNet;
use serde::Serialize;
use store::{Remembered, Store, StoreError};
use tokio::sync::{Notify, Semaphore};

use super::body;
use super::frame::{self, RequestIds};
use super::pace::{CHECKS_PER_SECOND, CODES_PER_SECOND, Pace};
use super::problem::{Kind, Problem};
use super::repeats::{self, Repeats, Turn};
use crate::callbacks::Calling;
use crate::clock::Clock;
use crate::config::Config;
use crate::decision::PolicyNames;
use crate::desk::Staff;
use crate::judge::Judge;
use crate::keys::{Key, KeyRing, Scope};
use crate::mail_check::MailCheck;
use crate::members::Members;
use crate::metrics::Metrics;
use crate::notices::Notices;
use crate::openid::Provider;
use crate::pages::Look;
use crate::restitution::MakingWhole;
use crate::surroundings::Surroundings;
use crate::text::Language;
use crate::webhooks::{Allowed, Subscribers};
use crate::world::World;

/// Versions of the policy whose rules are known by name; older ones are told by number.
const POLICIES_NAMED_MAX: u32 = 1_000;

/// Everything behind the routes.
pub struct House {
    /// Settings in force.
    pub config: Config,
    /// Time and chance.
    pub world: World,
    /// The clock of `world`, where development may put it forward.
    pub clock: Option<Clock>,
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
    /// Who wants to hear of decisions.
    pub subscribers: Subscribers,
    /// Rung when there is something new to send.
    pub bell: Arc<Notify>,
    /// The `OpenID` provider.
    pub openid: Provider,
    /// How pages look.
    pub look: Look,
    /// Proxies whose word about the caller is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Who works at the desk.
    pub staff: Staff,
    /// Who pays refunds directly, and which carriers can be asked by a program.
    pub making_whole: MakingWhole,
    /// Who makes call-backs, and when the desk is staffed.
    pub calling: Calling,
    /// Whose sign-in is kept here.
    pub members: Members,
    /// How owners are told.
    pub notices: Notices,
    /// Rung when there is a new letter.
    pub letters: Arc<Notify>,
    /// What mails are checked with.
    pub mail_check: MailCheck,
    pub(super) webhooks_allowed: Allowed,
    pub(super) request_ids: RequestIds,
    repeats: Repeats,
    key_pace: Pace,
    pub(super) account_pace: Pace,
    /// Codes of letters tried, by anybody.
    pub(crate) code_pace: Pace,
    /// Checks that cost time, by network.
    pub(crate) check_pace: Pace,
    /// One a processor.
    hands: Semaphore,
    /// Reports take their places one after another (T7).
    pub(crate) placing: tokio::sync::Mutex<()>,
}

/// What a house is opened with.
pub struct Opening {
    /// Settings in force.
    pub config: Config,
    /// Time and chance.
    pub world: World,
    /// The clock of `world`, where development may put it forward.
    pub clock: Option<Clock>,
    /// What is remembered.
    pub store: Store,
    /// Who judges.
    pub judge: Judge,
    /// Hashes what names a person.
    pub hasher: KeyedHasher,
    /// What the world says about an event's address, mail domain and secret.
    pub surroundings: Arc<Surroundings>,
    /// Who wants to hear of decisions.
    pub subscribers: Subscribers,
    /// Rung when there is something new to send.
    pub bell: Arc<Notify>,
    /// Targets of webhooks that the operator vouches for.
    pub webhooks_allowed: Allowed,
    /// How pages look.
    pub look: Look,
    /// Proxies whose word about the caller is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Who works at the desk.
    pub staff: Staff,
    /// Who pays refunds directly, and which carriers can be asked by a program.
    pub making_whole: MakingWhole,
    /// Who makes call-backs, and when the desk is staffed.
    pub calling: Calling,
    /// Whose sign-in is kept here.
    pub members: Members,
    /// How owners are told.
    pub notices: Notices,
    /// Rung when there is a new letter.
    pub letters: Arc<Notify>,
    /// What mails are checked with.
    pub mail_check: MailCheck,
}

impl House {
    /// Opens the house; no key is in force yet.
    pub fn open(opening: Opening) -> Self {
        let Opening {
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
        } = opening;
        let _compiled_before_the_first_request = crate::text::text();
        Self {
            request_ids: RequestIds::new(&world),
            key_pace: Pace::new(config.key_events_per_second),
            account_pace: Pace::new(config.account_decisions_per_second),
            code_pace: Pace::new(CODES_PER_SECOND),
            check_pace: Pace::new(CHECKS_PER_SECOND),
            hands: Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)),
            placing: tokio::sync::Mutex::default(),
            config,
            world,
            clock,
            store,
            judge,
            hasher,
            surroundings,
            subscribers,
            bell,
            look,
            trusted_proxies,
            staff,
            making_whole,
            calling,
            members,
            notices,
            letters,
            mail_check,
            webhooks_allowed,
            keys: KeyRing::default(),
            policies: RwLock::default(),
            metrics: Metrics::default(),
            openid: Provider::default(),
            repeats: Repeats::default(),
        }
    }

    /// Lets a request in: its key may do this, and its body is within the limit.
    pub(super) async fn admit(
        &self,
        request: Request,
        scope: Scope,
        max: usize,
    ) -> Result<Asked, Problem> {
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

    /// Does what was asked, once for every `Idempotency-Key`. For what carries an `event_id`, by
    /// which a repetition is also recognised after a restart.
    pub(super) async fn once(
        &self,
        asked: &Asked,
        doing: impl Future<Output = Result<Answer, Problem>>,
    ) -> Result<Answer, Problem> {
        let Some(key) = repeats::key(&asked.headers)? else { return doing.await };
        let name = repeats::fingerprint(&[asked.key.id.as_bytes(), key.as_bytes()]);
        match self.repeats.turn(name, asked.fingerprint(), asked.received_at)? {
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

    /// The same, and the answer is also kept through a restart.
    pub(super) async fn once_for_all(
        &self,
        asked: &Asked,
        doing: impl Future<Output = Result<Answer, Problem>>,
    ) -> Result<Answer, Problem> {
        let Some(key) = repeats::key(&asked.headers)? else { return doing.await };
        let (caller, now) = (asked.key.id.as_str(), asked.received_at);
        let kept = async {
            let digest = asked.fingerprint().to_vec();
            if let Some(kept) = self.store.remembered_answer(caller, key, now).await? {
                return repeats::again(kept, &digest);
            }
            let answer = doing.await?;
            let kept = Remembered {
                digest,
                status: answer.status.as_u16(),
                response: answer.body.to_vec(),
                expires_at: now.plus(DAY),
            };
            // The thing is done: an answer that cannot be kept is given all the same.
            if let Err(error) = self.store.remember_answer(caller, key, &kept, now).await {
                tracing::warn!(%error, "cannot keep an answer for its Idempotency-Key");
            }
            Ok(answer)
        };
        self.once(asked, kept).await
    }

    /// Does what takes a while beside the threads that answer; one thing a processor at a time, since
    /// more at once would be no faster and only keep more in memory.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let hand = self.hands.acquire().await.map_err(|error| Problem::internal(&error))?;
        let done = tokio::task::spawn_blocking(work).await;
        drop(hand);
        done.map_err(|error| Problem::internal(&error))
    }

    /// Takes `events` from the key's bucket.
    pub(super) fn pace(&self, asked: &Asked, events: usize) -> Result<(), Problem> {
        let count = u32::try_from(events).unwrap_or(u32::MAX);
        self.key_pace.take(asked.key.bucket, count, asked.received_at)
    }

    /// From now on policy version `number` is called `version`.
    pub fn name_policy(&self, number: i64, version: &str, policy: &Policy) {
        let names = Arc::new(PolicyNames::of(version, policy));
        let mut policies = self.policies.write().unwrap_or_else(PoisonError::into_inner);
        policies.insert(number, names);
    }

    /// Learns what every version is called that may have judged.
    pub async fn name_policies(&self) -> Result<(), StoreError> {
        for version in self.store.policies(POLICIES_NAMED_MAX, None).await? {
            if let Ok(policy) = Policy::compile(&version.proposed.text) {
                self.name_policy(version.number, &version.proposed.id, &policy);
            }
        }
        Ok(())
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

impl Asked {
    /// What makes two requests the same.
    fn fingerprint(&self) -> [u8; 32] {
        let path = self.uri.path_and_query().map_or("", |path| path.as_str());
        repeats::fingerprint(&[self.method.as_str().as_bytes(), path.as_bytes(), &self.body])
    }
}

/// A request that was let in.
pub(super) struct Asked {
    pub(super) key: Arc<Key>,
    pub(super) language: Language,
    pub(super) headers: HeaderMap,
    method: Method,
    pub(super) uri: Uri,
    pub(super) body: Bytes,
    pub(super) received_at: Micros,
}

/// An answer whose body is at hand, so that it can be kept and given again.
pub struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn new(status: StatusCode, body: Bytes) -> Self {
        let mut headers = HeaderMap::with_capacity(2);
        if !body.is_empty() {
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
        }
        Self { status, headers, body }
    }

    /// Done, and nothing to say.
    pub(super) fn empty() -> Self {
        Self::new(StatusCode::NO_CONTENT, Bytes::new())
    }

    pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
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
