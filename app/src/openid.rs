//! The `OpenID` Connect provider: code flow with PKCE, for the store's own clients.
//!
//! What may be given is decided in `domain::openid`; here is what it takes to ask: documents, keys,
//! HTTP. Every answer hangs on a session of [`SignIn`]: when that ends, so do its tokens, and the
//! stores hear of it ([`session_ended`]).

mod authorize;
pub mod clients;
mod discovery;
mod keys;
mod logout;
mod params;
mod refusal;
mod sign_in;
mod token;
mod tokens;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::Notify;

use crate::http::House;
use crate::http::problem::Problem;

pub use authorize::{Waiting, resume_path, waiting};
pub use keys::{Algorithm, SigningKeys};
pub use logout::{Connected, carry, connected, disconnect, session_ended};
pub use sign_in::{Later, Person, SignIn, SignedIn};

/// What the provider holds beside the house.
#[derive(Default)]
pub struct Provider {
    /// Keys that sign, as they were last read.
    pub keys: SigningKeys,
    /// Rung when a logout token waits.
    pub bell: Notify,
    sign_in: OnceLock<Arc<dyn SignIn>>,
}

impl Provider {
    /// From now on sessions come from `source`; the first one stays.
    pub fn sign_in_with(&self, source: Arc<dyn SignIn>) {
        let _ = self.sign_in.set(source);
    }

    pub(crate) fn sign_in(&self) -> Option<&dyn SignIn> {
        self.sign_in.get().map(AsRef::as_ref)
    }
}

impl House {
    /// Claims, signed by a key of ours as a token of the type `typ`.
    pub(crate) async fn signed(
        &self,
        typ: &str,
        claims: &serde_json::Value,
    ) -> Result<String, Problem> {
        self.openid.keys.of(self).await?.sign(Algorithm::default(), typ, claims)
    }

    /// The issuer: the public URL without a slash at its end.
    pub(crate) fn issuer(&self) -> String {
        match self.config.said.text("public-url").trim_end_matches('/') {
            "" => format!("http://{}", self.config.listen),
            url => url.to_owned(),
        }
    }
}

/// The routes of the provider.
pub(crate) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/.well-known/jwks.json", get(discovery::jwks))
        .route("/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/authorize/continue", get(authorize::resume))
        .route("/token", post(token::token))
        .route("/introspect", post(token::introspect))
        .route("/revoke", post(token::revoke))
        .route("/userinfo", get(discovery::userinfo).post(discovery::userinfo))
        .route("/end-session", get(logout::end_session).post(logout::end_session))
}
