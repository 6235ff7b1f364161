//! What clients read: the configuration, the keys, and who somebody is.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::authorize::SCOPES;
use super::refusal::{Refusal, unkept};
use super::tokens::sub;
use crate::http::House;
use crate::http::problem::Problem;

/// `GET /.well-known/openid-configuration` (`OpenID` Connect Discovery §4).
pub(super) async fn configuration(State(house): State<Arc<House>>) -> Response {
    let issuer = house.issuer();
    let at = |path: &str| format!("{issuer}{path}");
    let methods = ["client_secret_basic", "client_secret_post", "none"];
    let configuration = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/.well-known/jwks.json"),
        "introspection_endpoint": at("/introspect"),
        "revocation_endpoint": at("/revoke"),
        "end_session_endpoint": at("/end-session"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": ["urn:sekisho:acr:single", "urn:sekisho:acr:multi", "phr"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr",
            "sid", "at_hash", "email", "email_verified", "phone_number", "phone_number_verified"],
        "ui_locales_supported": ["ja", "en"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    public(&configuration)
}

/// `GET /.well-known/jwks.json` (RFC 7517).
pub(super) async fn jwks(State(house): State<Arc<House>>) -> Result<Response, Problem> {
    Ok(public(&house.openid.keys.of(&house).await?.set()))
}

/// JSON that may be kept for five minutes, and read from any page.
fn public(body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (StatusCode::OK, headers, body.to_string()).into_response()
}

/// `GET|POST /userinfo` (`OpenID` Connect Core §5.3). A token is taken from the header alone: in a
/// URL it would end in logs.
pub(super) async fn userinfo(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Refusal> {
    debug_assert!([Method::GET, Method::POST].contains(request.method()), "routed");
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(bearer);
    let token = bearer.ok_or_else(Refusal::invalid_token)?;
    let opened = house.opened_by(token, house.world.now()).await?;
    let (kept, client, _) = opened.ok_or_else(Refusal::invalid_token)?;
    let session = &kept.family.session;
    let person = match house.openid.sign_in() {
        Some(source) => source.person(&session.account).await?,
        None => None,
    };
    let person = person.ok_or_else(Refusal::invalid_token)?;
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), sub(&house, &client, &session.account).into());
    let has = |scope: &str| kept.family.scopes.iter().any(|own| own == scope);
    if let Some(email) = person.email.filter(|_| has("email")) {
        claims.insert("email".to_owned(), email.into());
        claims.insert("email_verified".to_owned(), person.email_verified.into());
    }
    if let Some(number) = person.phone_number.filter(|_| has("phone")) {
        claims.insert("phone_number".to_owned(), number.into());
        claims.insert("phone_number_verified".to_owned(), person.phone_verified.into());
    }
    Ok(unkept(StatusCode::OK, &Value::Object(claims)))
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
