//! The description of the API, generated from its routes: OpenAPI 3.1.

pub mod restitution;
pub mod schema;

use std::sync::LazyLock;

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi as _};

static JSON: LazyLock<String> = LazyLock::new(|| {
    let mut json = crate::http::Description::openapi().to_pretty_json().unwrap_or_default();
    json.push('\n');
    json
});

/// The description as it is served, printed and committed.
pub fn json() -> &'static str {
    &JSON
}

/// Says how callers show who they are.
pub(crate) struct BearerKeys;

impl Modify for BearerKeys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("sk_live_… or sk_test_…")
            .description(Some("A key of `sekisho keys create`; each route names its scope."))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}
