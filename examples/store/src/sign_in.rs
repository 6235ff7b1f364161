//! Signing in through Sekisho: `OpenID` Connect with authorization code and PKCE, and signing out on
//! both sides.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock::token;
use crate::events;
use crate::failure::Failure;
use crate::pages::{Visitor, with_cookie};
use crate::shop::Shop;
use crate::things::{Member, Session, SigningIn};

/// Seconds by which two clocks may differ.
const LEEWAY: i64 = 60;
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

pub(crate) fn router() -> Router<Arc<Shop>> {
    Router::new()
        .route("/sign-in", get(begin))
        .route("/callback", get(come_back))
        .route("/sign-out", post(leave))
        .route("/backchannel-logout", post(told_to_end))
}

#[derive(Deserialize)]
struct Then {
    then: Option<String>,
}

/// Off to Sekisho, with what has to come back.
async fn begin(
    State(shop): State<Arc<Shop>>,
    Query(Then { then }): Query<Then>,
    mut visitor: Visitor,
) -> Result<Response, Failure> {
    // Only a path of our own is gone to afterwards.
    let then = then.filter(|path| path.starts_with('/') && !path.starts_with("//"));
    let begun = SigningIn {
        state: token(),
        nonce: token(),
        verifier: format!("{}{}", token(), token()),
        then: then.unwrap_or_else(|| "/".to_owned()),
    };
    let hash = ring::digest::digest(&ring::digest::SHA256, begun.verifier.as_bytes());
    let challenge = URL_SAFE_NO_PAD.encode(hash);
    let callback = format!("{}/callback", shop.settings.public_url);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("scope", "openid email"),
            ("client_id", &shop.settings.client_id),
            ("redirect_uri", &callback),
            ("state", &begun.state),
            ("nonce", &begun.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("ui_locales", visitor.language.tag()),
        ])
        .finish();
    visitor.session.signing_in = Some(begun);
    shop.book.put(&visitor.session).await?;
    let to = Redirect::to(&format!("{}/authorize?{query}", shop.settings.sekisho));
    Ok(with_cookie(&visitor, to.into_response()))
}

#[derive(Deserialize)]
struct Back {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

#[derive(Deserialize)]
struct IdToken {
    sub: String,
    sid: String,
    nonce: String,
    exp: i64,
}

/// Back from Sekisho: the code becomes tokens, the tokens a member.
async fn come_back(
    State(shop): State<Arc<Shop>>,
    Query(back): Query<Back>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let before = visitor.session.clone();
    let begun = before.signing_in.filter(|begun| back.state.as_deref() == Some(&begun.state));
    let begun = begun.ok_or_else(|| Failure::Bad("state: not the one we sent".to_owned()))?;
    // RFC 9207: the answer names who gave it.
    if back.iss.as_ref().is_some_and(|iss| *iss != shop.settings.sekisho) {
        return Err(Failure::Bad("iss: not from where we asked".to_owned()));
    }
    let Some(code) = back.code else {
        tracing::info!(error = back.error, "a sign-in came back without a code");
        return Ok(Redirect::to("/").into_response());
    };
    let callback = format!("{}/callback", shop.settings.public_url);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &callback),
        ("client_id", &shop.settings.client_id),
        ("client_secret", &shop.settings.client_secret),
        ("code_verifier", &begun.verifier),
    ];
    let tokens = shop.sekisho.form("/token", &form).await?;
    let text = |name: &str| tokens.get(name).and_then(Value::as_str).unwrap_or_default();
    let id_token = text("id_token").to_owned();
    let claims: IdToken = shop.verified(&id_token).await?;
    if claims.nonce != begun.nonce || claims.exp + LEEWAY < shop.clock.now().as_second() {
        return Err(Failure::Bad("id_token: not for this sign-in, or too old".to_owned()));
    }
    let person = shop.sekisho.read("/userinfo", Some(text("access_token"))).await?;
    let mail = person.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
    let now = shop.clock.now();
    let fresh = Member {
        id: claims.sub.clone(),
        mail: mail.clone(),
        since: now.as_microsecond(),
        holds: Vec::new(),
        unguarded: false,
    };
    shop.book.first(&fresh).await?;
    shop.book
        .change::<Member, ()>(&claims.sub, |member, _| {
            member.mail = mail;
            Ok(())
        })
        .await?;
    // A new session for a new standing: whatever was planted before is worth nothing.
    let mut visitor = visitor.renewed(now.as_microsecond());
    visitor.session = Session {
        member: claims.sub.clone(),
        sid: claims.sid,
        id_token,
        cart: before.cart,
        ..visitor.session
    };
    shop.book.remove::<Session>(&before.id).await?;
    let member: Member = shop.book.one(&claims.sub).await?;
    let mut writing = crate::book::Writing::default();
    writing.put(&visitor.session)?;
    writing.tell(&events::arrived(now, &member, &visitor.from()));
    shop.book.write(writing).await?;
    Ok(with_cookie(&visitor, Redirect::to(&begun.then).into_response()))
}

/// Signed out here, and then at Sekisho.
async fn leave(State(shop): State<Arc<Shop>>, visitor: Visitor) -> Result<Response, Failure> {
    shop.book.remove::<Session>(&visitor.session.id).await?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id_token_hint", &visitor.session.id_token)
        .append_pair("post_logout_redirect_uri", &format!("{}/", shop.settings.public_url))
        .finish();
    let to = format!("{}/end-session?{query}", shop.settings.sekisho);
    Ok(Redirect::to(&to).into_response())
}

#[derive(Deserialize)]
struct Told {
    logout_token: String,
}

#[derive(Deserialize)]
struct LogoutToken {
    sid: String,
    exp: i64,
    #[serde(default)]
    nonce: Option<String>,
    events: serde_json::Map<String, Value>,
}

/// A session has ended at Sekisho (Back-Channel Logout 1.0): it ends here too.
async fn told_to_end(
    State(shop): State<Arc<Shop>>,
    Form(Told { logout_token }): Form<Told>,
) -> Result<Response, Failure> {
    let claims: LogoutToken = shop.verified(&logout_token).await?;
    let is_late = claims.exp + LEEWAY < shop.clock.now().as_second();
    if claims.nonce.is_some() || is_late || !claims.events.contains_key(LOGOUT) {
        return Err(Failure::Bad("logout_token: not one".to_owned()));
    }
    for session in shop.book.all::<Session>().await? {
        if session.sid == claims.sid {
            shop.book.remove::<Session>(&session.id).await?;
        }
    }
    Ok(StatusCode::OK.into_response())
}

impl Shop {
    /// The claims of a token that Sekisho signed for us. Times are held against our own clock by
    /// whoever asks.
    async fn verified<T: DeserializeOwned>(&self, signed: &str) -> Result<T, Failure> {
        let bad = |error: jsonwebtoken::errors::Error| Failure::Bad(format!("token: {error}"));
        let header = decode_header(signed).map_err(bad)?;
        let keys = self.sekisho.read("/.well-known/jwks.json", None).await?;
        let keys: JwkSet = serde_json::from_value(keys)?;
        let key = header.kid.as_deref().and_then(|kid| keys.find(kid));
        let key = key.ok_or_else(|| Failure::Bad("token: signed by nobody we know".to_owned()))?;
        let mut wanted = Validation::new(Algorithm::RS256);
        wanted.set_audience(&[&self.settings.client_id]);
        wanted.set_issuer(&[&self.settings.sekisho]);
        wanted.set_required_spec_claims(&["iss", "aud"]);
        wanted.validate_exp = false;
        let key = DecodingKey::from_jwk(key).map_err(bad)?;
        Ok(decode::<T>(signed, &key, &wanted).map_err(bad)?.claims)
    }
}
