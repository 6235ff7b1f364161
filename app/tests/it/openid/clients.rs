//! Two clients nobody here wrote: `openid-client` and Authlib, with what `clients/` locks.

use std::path::Path;

use serde_json::json;

use super::{Shop, person};

async fn runs(program: &str, script: &str, algorithm: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../clients");
    let shop = Shop::open_as(json!({
        "name": "Shop", "redirect_uris": [super::BACK], "refresh": true,
        "id_token_signed_response_alg": algorithm,
    }))
    .await;
    let output = tokio::process::Command::new(program)
        .current_dir(&folder)
        .arg(script)
        .env("ISSUER", &shop.server.url)
        .env("CLIENT_ID", &shop.id)
        .env("CLIENT_SECRET", &shop.secret)
        .env("REDIRECT_URI", super::BACK)
        .env("COOKIE", person::COOKIE)
        .output()
        .await
        .unwrap_or_else(|error| panic!("{program} in clients/: {error}; see clients/README.md"));
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("all held"), "{said}");
}

#[tokio::test]
#[ignore = "wants clients/ installed: cargo xtask test --only clients"]
async fn openid_client_signs_in_and_refuses_what_is_forged() {
    runs("node", "openid-client.mjs", "RS256").await;
}

#[tokio::test]
#[ignore = "wants clients/ installed: cargo xtask test --only clients"]
async fn authlib_signs_in_and_refuses_what_is_forged() {
    runs(".venv/bin/python", "authlib_client.py", "ES256").await;
}
