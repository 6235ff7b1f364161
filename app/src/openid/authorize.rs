//! `/authorize`: what a store asks for its customer, and where the answer goes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::openid::prompt::{Next, Present, Wish, next};
use domain::session::Strength;
use domain::time::{DAY, HOUR, Micros};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, DocumentKind, Put};

use super::clients::{Client, hash, random};
use super::params::Params;
use super::sign_in::SignedIn;
use super::tokens::account_key;
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::id;

/// Scopes that mean something; others are passed over (RFC 6749 §3.3).
pub(super) const SCOPES: [&str; 4] = ["openid", "email", "phone", "offline_access"];
const STATE_MAX: usize = 2_000;
/// How long somebody may take to sign in.
const WAITS: i64 = HOUR;
pub(super) const WAITING: i64 = 0;
pub(super) const ISSUED: i64 = 1;
pub(super) const REDEEMED: i64 = 2;

/// What was asked, once client and redirect are known to be right.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) client: u128,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
    silent: bool,
    page: bool,
    max_age: Option<i64>,
    strength: Option<Strength>,
    login_hint: Option<String>,
    ui_locales: Option<String>,
    received_at: Micros,
}

/// A code as it is kept, under the hash of itself.
#[derive(Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) asked: Asked,
    pub(super) session: SignedIn,
    pub(super) family: u128,
    pub(super) issued_at: Micros,
}

/// A request that waits for somebody to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Name of the client that asks.
    pub client_name: String,
    /// Only a proof given from here on counts.
    pub asked_at: Micros,
    /// A session that lives is not enough: sign in anew.
    pub anew: bool,
    /// The strength that the client wishes for.
    pub strength: Option<Strength>,
    /// Whom the client expects; to be shown in the form, never believed.
    pub login_hint: Option<String>,
    /// Languages that the client wishes for, best first.
    pub ui_locales: Option<String>,
}

/// The request `areq_…` that waits; `None` for one that is unknown, answered or too old.
pub async fn waiting(house: &House, request: &str) -> Result<Option<Waiting>, Problem> {
    let Some((asked, _)) = stored(house, request).await? else { return Ok(None) };
    let client = house.clients().find(&id::show("client", asked.client)).await?;
    Ok(client.map(|client| Waiting {
        client_name: client.registration.name,
        asked_at: asked.received_at,
        anew: asked.page || asked.max_age == Some(0),
        strength: asked.strength,
        login_hint: asked.login_hint,
        ui_locales: asked.ui_locales,
    }))
}

/// Where a browser goes after signing in for the request `areq_…`.
pub fn resume_path(request: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("request", request);
    format!("/authorize/continue?{}", query.finish())
}

/// `GET|POST /authorize`.
pub(super) async fn authorize(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (headers, params) = Params::read(request).await?;
    // Until client and redirect are right nothing is sent anywhere (RFC 6749 §4.1.2.1).
    let (client, redirect_uri) = addressed(&house, &params).await?;
    let now = house.world.now();
    let asked = match understand(&client, redirect_uri, &params, now) {
        Ok(asked) => asked,
        Err((error, why)) => {
            let mut answer = vec![("error", error), ("error_description", why)];
            answer.extend(params.get("state").map(|state| ("state", state)));
            return send(&house, redirect_uri, &answer);
        }
    };
    go_on(&house, &headers, &asked, None, now).await
}

/// `GET /authorize/continue`: after signing in.
pub(super) async fn resume(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (headers, params) = Params::read(request).await?;
    let request = params.get("request").unwrap_or_default();
    let Some((asked, version)) = stored(&house, request).await? else {
        return Err(Problem::not_found("request that waits"));
    };
    let now = house.world.now();
    go_on(&house, &headers, &asked, Some((request, version)), now).await
}

async fn addressed<'a>(house: &House, params: &'a Params) -> Result<(Client, &'a str), Problem> {
    let bad = |detail: &str| Problem::new(Kind::BadRequest, detail);
    if matches!(params.twice.as_deref(), Some("client_id" | "redirect_uri")) {
        return Err(bad("client_id and redirect_uri: once each"));
    }
    let client = house.clients().find(params.get("client_id").unwrap_or_default()).await?;
    let client = client.ok_or_else(|| bad("client_id: no such client"))?;
    let uri = params.get("redirect_uri").ok_or_else(|| bad("redirect_uri: missing"))?;
    if !client.registration.allows(uri) {
        return Err(bad("redirect_uri: not one that is registered for this client"));
    }
    Ok((client, uri))
}

type Told = (&'static str, &'static str);

fn understand(
    client: &Client,
    redirect_uri: &str,
    params: &Params,
    now: Micros,
) -> Result<Asked, Told> {
    let invalid = |why| Err(("invalid_request", why));
    if params.twice.is_some() {
        return invalid("a parameter was sent twice");
    }
    if params.get("request").is_some() {
        return Err(("request_not_supported", "send parameters"));
    }
    if params.get("request_uri").is_some() {
        return Err(("request_uri_not_supported", "send parameters"));
    }
    match params.get("response_type") {
        None => return invalid("response_type is missing"),
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "only code")),
    }
    if params.get("response_mode").is_some_and(|mode| mode != "query") {
        return invalid("response_mode: only query");
    }
    let challenge = params.get("code_challenge").unwrap_or_default();
    if params.get("code_challenge_method") != Some("S256") || !is_challenge(challenge) {
        return invalid("PKCE with S256 is required");
    }
    let fits = |name| params.get(name).is_none_or(|value| value.len() <= STATE_MAX);
    if !["state", "nonce", "login_hint", "ui_locales"].into_iter().all(fits) {
        return invalid("state, nonce, login_hint and ui_locales: 2000 bytes at most");
    }
    let scopes = scopes(client, params.get("scope").unwrap_or_default())?;
    let (silent, page) = prompt(params.get("prompt").unwrap_or_default())?;
    let max_age = match params.get("max_age").map(str::parse::<u32>) {
        Some(Err(_)) => return invalid("max_age: seconds"),
        Some(Ok(seconds)) => Some(i64::from(seconds)),
        None => None,
    };
    let own = |name| params.get(name).map(str::to_owned);
    Ok(Asked {
        client: client.number,
        redirect_uri: redirect_uri.to_owned(),
        scopes,
        state: own("state"),
        nonce: own("nonce"),
        challenge: challenge.to_owned(),
        silent,
        page,
        max_age,
        strength: strength(params.get("acr_values").unwrap_or_default()),
        login_hint: own("login_hint"),
        ui_locales: own("ui_locales"),
        received_at: now,
    })
}

/// Base64url of a SHA-256 (RFC 7636 §4.2).
fn is_challenge(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() == 43 && text.bytes().all(fits)
}

fn scopes(client: &Client, text: &str) -> Result<Vec<String>, Told> {
    let asked: Vec<&str> = text.split(' ').collect();
    if !asked.contains(&"openid") {
        return Err(("invalid_scope", "openid is missing"));
    }
    let given = SCOPES.into_iter().filter(|scope| {
        asked.contains(scope) && (*scope != "offline_access" || client.registration.refresh)
    });
    Ok(given.map(str::to_owned).collect())
}

/// Whether no page may be shown, and whether one must be.
fn prompt(text: &str) -> Result<(bool, bool), Told> {
    let (mut silent, mut page) = (false, false);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => silent = true,
            "login" | "consent" | "select_account" => page = true,
            _ => return Err(("invalid_request", "prompt: none, login, consent, select_account")),
        }
    }
    if silent && page {
        return Err(("invalid_request", "prompt: none stands alone"));
    }
    Ok((silent, page))
}

/// The weakest of the values that we know; unknown ones are passed over.
fn strength(text: &str) -> Option<Strength> {
    let all = [Strength::Single, Strength::Multi, Strength::PhishingResistant];
    all.into_iter().find(|strength| text.split(' ').any(|value| value == strength.acr()))
}

async fn go_on(
    house: &House,
    headers: &HeaderMap,
    asked: &Asked,
    waits: Option<(&str, u64)>,
    now: Micros,
) -> Result<Response, Problem> {
    let session = match house.openid.sign_in() {
        Some(source) => source.signed_in(headers).await?,
        None => None,
    };
    let wish = Wish {
        silent: asked.silent,
        page: asked.page,
        max_age: asked.max_age,
        strength: asked.strength,
        asked_at: asked.received_at,
    };
    let present = session
        .as_ref()
        .map(|session| Present { auth_time: session.auth_time, strength: session.strength });
    let step = match (next(wish, present, now), session) {
        (Next::Answer, Some(session)) => return answer(house, asked, session, waits, now).await,
        (Next::StepUp, _) => "&step=up",
        (Next::LoginRequired, _) => {
            let told = ("login_required", "nobody is signed in as this request wants");
            return send(
                house,
                &asked.redirect_uri,
                &with_state(asked, &[("error", told.0), ("error_description", told.1)]),
            );
        }
        (Next::SignIn | Next::Answer, _) => "",
    };
    let request = match waits {
        Some((request, _)) => request.to_owned(),
        None => keep(house, asked, now).await?,
    };
    see_other(&format!("/sign-in?request={request}{step}"))
}

async fn keep(house: &House, asked: &Asked, now: Micros) -> Result<String, Problem> {
    let mut bytes = [0; 16];
    house.world.random(&mut bytes);
    let number = u128::from_be_bytes(bytes);
    let put = Put {
        kind: DocumentKind::Grant,
        id: number,
        account: None,
        seen: None,
        state: WAITING,
        rank: now.0,
        due_at: None,
        expires_at: Some(now.plus(WAITS)),
        body: serde_json::to_vec(asked).map_err(|error| Problem::internal(&error))?,
        names: None,
    };
    house.store.apply(&Changes { puts: vec![put], ..Changes::default() }, now).await?;
    Ok(id::show("areq", number))
}

async fn stored(house: &House, request: &str) -> Result<Option<(Asked, u64)>, Problem> {
    let Some(number) = id::read("areq", request) else { return Ok(None) };
    let found = house.store.document(DocumentKind::Grant, number).await?;
    let lives = |at: Option<Micros>| at.is_some_and(|at| at > house.world.now());
    let found = found.filter(|found| found.state == WAITING && lives(found.expires_at));
    let read = |body: &[u8]| serde_json::from_slice(body);
    let asked = found.map(|found| read(&found.body).map(|asked| (asked, found.version)));
    asked.transpose().map_err(|error| Problem::internal(&error))
}

/// Gives a code, and forgets the request that waited: one answer each.
async fn answer(
    house: &House,
    asked: &Asked,
    session: SignedIn,
    waits: Option<(&str, u64)>,
    now: Micros,
) -> Result<Response, Problem> {
    let text = random(&house.world);
    let account = session.account.clone();
    let code = Code { asked: asked.clone(), session, family: house.world.uuid(), issued_at: now };
    let put = Put {
        kind: DocumentKind::Grant,
        id: hash(&house.hasher, "code", &text),
        account: Some((account_key(house, &account), account)),
        seen: None,
        state: ISSUED,
        rank: now.0,
        due_at: None,
        // Long after it can be redeemed, so that a second use is recognised.
        expires_at: Some(now.plus(DAY)),
        body: serde_json::to_vec(&code).map_err(|error| Problem::internal(&error))?,
        names: None,
    };
    let removals = waits.and_then(|(request, version)| {
        Some((DocumentKind::Grant, id::read("areq", request)?, Some(version)))
    });
    let changes =
        Changes { puts: vec![put], removals: removals.into_iter().collect(), ..Changes::default() };
    if house.store.apply(&changes, now).await? != Applied::Done {
        return Err(Problem::not_found("request that waits"));
    }
    send(house, &asked.redirect_uri, &with_state(asked, &[("code", &text)]))
}

fn with_state<'a>(asked: &'a Asked, answer: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let state = asked.state.as_deref().map(|state| ("state", state));
    answer.iter().copied().chain(state).collect()
}

/// Sends the browser back with an answer and who gives it (RFC 9207).
fn send(house: &House, redirect_uri: &str, answer: &[(&str, &str)]) -> Result<Response, Problem> {
    let issuer = house.issuer();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(answer).append_pair("iss", &issuer);
    let mark = if redirect_uri.contains('?') { '&' } else { '?' };
    see_other(&format!("{redirect_uri}{mark}{}", query.finish()))
}

/// 303, so that no browser posts what it was told to get (RFC 9700 §4.12).
pub(super) fn see_other(to: &str) -> Result<Response, Problem> {
    let to = HeaderValue::try_from(to).map_err(|error| Problem::internal(&error))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, to);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}
