//! `/token`, `/introspect` and `/revoke`: what a client does without a browser.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use domain::openid::grant::{self, ACCESS_LIFE, Presented, Worth};
use domain::time::{Micros, SECOND};
use ring::digest::{SHA256, digest};
use serde_json::json;
use store::{Applied, Changes, Document, DocumentKind, Put};

use super::authorize::{Code, ISSUED, REDEEMED};
use super::clients::{Client, ClientKind, hash};
use super::params::Params;
use super::refusal::{Refusal, unkept};
use super::tokens::{Family, Given, Kept, id_claims, sub};
use crate::http::House;
use crate::http::problem::Problem;
use crate::id;

/// How often a lost race is judged again.
const RACES_MAX: usize = 5;

/// `POST /token`.
pub(super) async fn token(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (headers, params) = Params::strict(request).await?;
    let client = house.calling_client(&headers, &params).await?;
    let (kept, given) = match params.need("grant_type")? {
        "authorization_code" => redeem(&house, &client, &params).await?,
        "refresh_token" => refresh(&house, &client, &params).await?,
        _ => {
            let why = "authorization_code or refresh_token";
            return Err(Refusal::Told(StatusCode::BAD_REQUEST, "unsupported_grant_type", why));
        }
    };
    let keys = house.openid.keys.of(&house).await?;
    let mut claims = id_claims(&house, &client, &kept.family, house.world.now());
    if let Some(members) = claims.as_object_mut() {
        members.insert("at_hash".to_owned(), at_hash(&given.access).into());
    }
    let algorithm = client.registration.id_token_signed_response_alg;
    let mut answer = json!({
        "access_token": given.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE / SECOND,
        "scope": kept.family.scopes.join(" "),
        "id_token": keys.sign(algorithm, "JWT", &claims)?,
    });
    if let (Some(token), Some(members)) = (given.refresh, answer.as_object_mut()) {
        members.insert("refresh_token".to_owned(), token.into());
    }
    Ok(unkept(StatusCode::OK, &answer))
}

/// Left half of the token's SHA-256 (`OpenID` Connect Core §3.1.3.6).
fn at_hash(token: &str) -> String {
    let hash = digest(&SHA256, token.as_bytes());
    BASE64URL.encode(hash.as_ref().get(..16).unwrap_or_default())
}

async fn redeem(house: &House, client: &Client, params: &Params) -> Result<(Kept, Given), Refusal> {
    let text = params.need("code")?;
    let verifier = params.need("code_verifier")?;
    let number = hash(&house.hasher, "code", text);
    for _ in 0..RACES_MAX {
        let found = house.store.document(DocumentKind::Grant, number).await?;
        let Some(found) = found.filter(|found| found.state != super::authorize::WAITING) else {
            return Err(Refusal::invalid_grant());
        };
        let code: Code =
            serde_json::from_slice(&found.body).map_err(|error| Problem::internal(&error))?;
        let now = house.world.now();
        let presented = Presented {
            redeemed: found.state == REDEEMED,
            of_client: code.asked.client == client.number,
            same_redirect: params.get("redirect_uri") == Some(&code.asked.redirect_uri),
            verified: is_verifier(verifier) && challenge(verifier) == code.asked.challenge,
            issued_at: code.issued_at,
        };
        match grant::code(presented, now) {
            Worth::Tokens => {}
            Worth::Nothing => return Err(Refusal::invalid_grant()),
            Worth::TakenBack => {
                take_back(house, code.family).await?;
                return Err(Refusal::invalid_grant());
            }
        }
        if !house.session_lives(&code.session).await? {
            return Err(Refusal::invalid_grant());
        }
        let account = code.session.account.clone();
        let mut kept = begun(client, code, now);
        let offline = kept.family.scopes.iter().any(|scope| scope == "offline_access");
        let given = kept.give(house, offline, now);
        let puts = vec![redeemed(found, account), kept.put(house)];
        if apply(house, puts, now).await? {
            return Ok((kept, given));
        }
    }
    Err(Refusal::invalid_grant())
}

fn begun(client: &Client, code: Code, now: Micros) -> Kept {
    let family = Family {
        client: client.number,
        session: code.session,
        scopes: code.asked.scopes,
        nonce: code.asked.nonce,
        current: None,
        past: Vec::new(),
        access: Vec::new(),
        revoked: false,
        started_at: now,
        used_at: now,
    };
    Kept { id: code.family, version: None, family }
}

/// The code's document, used.
fn redeemed(found: Document, account: String) -> Put {
    debug_assert_eq!(found.state, ISSUED, "only an unused code is redeemed");
    Put {
        kind: DocumentKind::Grant,
        id: found.id,
        account: found.account.map(|key| (key, account)),
        seen: Some(found.version),
        state: REDEEMED,
        rank: found.rank,
        due_at: None,
        expires_at: found.expires_at,
        body: found.body,
        names: None,
    }
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(fits)
}

fn challenge(verifier: &str) -> String {
    BASE64URL.encode(digest(&SHA256, verifier.as_bytes()))
}

async fn refresh(
    house: &House,
    client: &Client,
    params: &Params,
) -> Result<(Kept, Given), Refusal> {
    let token = params.need("refresh_token")?;
    for _ in 0..RACES_MAX {
        let now = house.world.now();
        let Some(mut kept) = house.family_of("rt", token).await? else {
            return Err(Refusal::invalid_grant());
        };
        let family = grant::Family {
            current: kept.family.current,
            past: &kept.family.past,
            revoked: kept.family.revoked,
            started_at: kept.family.started_at,
            used_at: kept.family.used_at,
        };
        let of_client = kept.family.client == client.number;
        let shown = hash(&house.hasher, "refresh", token);
        match grant::refresh(family, of_client, shown, now) {
            Worth::Tokens => {}
            Worth::Nothing => return Err(Refusal::invalid_grant()),
            Worth::TakenBack => {
                take_back(house, kept.id).await?;
                return Err(Refusal::invalid_grant());
            }
        }
        if !house.session_lives(&kept.family.session).await? {
            return Err(Refusal::invalid_grant());
        }
        if let Some(wanted) = params.get("scope")
            && !wanted.split(' ').all(|scope| kept.family.scopes.iter().any(|own| own == scope))
        {
            let why = "wider than what was given";
            return Err(Refusal::Told(StatusCode::BAD_REQUEST, "invalid_scope", why));
        }
        let given = kept.give(house, true, now);
        if apply(house, vec![kept.put(house)], now).await? {
            return Ok((kept, given));
        }
    }
    Err(Refusal::invalid_grant())
}

async fn apply(house: &House, puts: Vec<Put>, now: Micros) -> Result<bool, Refusal> {
    let changes = Changes { puts, ..Changes::default() };
    Ok(house.store.apply(&changes, now).await? == Applied::Done)
}

/// Takes everything of a family back; whoever is faster has done it, or is judged again.
async fn take_back(house: &House, family: u128) -> Result<(), Refusal> {
    for _ in 0..RACES_MAX {
        let Some(found) = house.store.document(DocumentKind::RefreshToken, family).await? else {
            return Ok(());
        };
        let mut kept = Kept::read(&found)?;
        if kept.family.revoked {
            return Ok(());
        }
        kept.revoke();
        if apply(house, vec![kept.put(house)], house.world.now()).await? {
            tracing::warn!(
                client = id::show("client", kept.family.client),
                "a code or refresh token was used twice; its tokens were taken back"
            );
            return Ok(());
        }
    }
    Err(Problem::new(crate::http::problem::Kind::Unavailable, "try again").into())
}

/// `POST /introspect` (RFC 7662): a client that keeps a secret asks about its own tokens.
pub(super) async fn introspect(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (headers, params) = Params::strict(request).await?;
    let client = house.calling_client(&headers, &params).await?;
    if client.registration.kind != ClientKind::Confidential {
        return Err(Refusal::invalid_client());
    }
    let now = house.world.now();
    let opened = house.opened_by(params.need("token")?, now).await?;
    let answer = match opened {
        Some((kept, owner, closes_at)) if owner.number == client.number => json!({
            "active": true,
            "iss": house.issuer(),
            "client_id": client.id(),
            "sub": sub(&house, &client, &kept.family.session.account),
            "scope": kept.family.scopes.join(" "),
            "token_type": "Bearer",
            "iat": kept.family.used_at.0.div_euclid(SECOND),
            "exp": closes_at.0.div_euclid(SECOND),
            "auth_time": kept.family.session.auth_time.0.div_euclid(SECOND),
            "acr": kept.family.session.strength.acr(),
        }),
        _ => json!({ "active": false }),
    };
    Ok(unkept(StatusCode::OK, &answer))
}

/// `POST /revoke` (RFC 7009): either token takes all of its family back. What is unknown is as good
/// as revoked.
pub(super) async fn revoke(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (headers, params) = Params::strict(request).await?;
    let client = house.calling_client(&headers, &params).await?;
    let token = params.need("token")?;
    for (kind, purpose) in [("at", "access"), ("rt", "refresh")] {
        let Some(kept) = house.family_of(kind, token).await? else { continue };
        let shown = hash(&house.hasher, purpose, token);
        let family = &kept.family;
        let is_known = family.current == Some(shown)
            || family.past.contains(&shown)
            || family.access.iter().any(|(hash, _)| *hash == shown);
        if is_known && family.client == client.number {
            take_back(&house, kept.id).await?;
        }
    }
    Ok(StatusCode::OK.into_response())
}
