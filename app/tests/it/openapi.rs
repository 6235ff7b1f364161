//! The committed description is the one the server serves, and says the truth about keys.

use std::collections::BTreeSet;

use reqwest::Method;
use sekisho::keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/generated/openapi.json");

#[test]
fn the_committed_description_is_the_one_served() {
    let served = sekisho::openapi::json();
    if sekisho::world::environment("SEKISHO_WRITE_GENERATED").is_some() {
        std::fs::write(COMMITTED, served).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap();
    assert!(committed == served, "run the tests once with SEKISHO_WRITE_GENERATED=1");
}

/// Method, path and scope of every route that is described.
fn routes() -> Vec<(Method, String, Option<String>)> {
    let description: Value = serde_json::from_str(sekisho::openapi::json()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let scope = operation["security"][0]["key"][0].as_str().map(str::to_owned);
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            routes.push((method, path.clone(), scope));
        }
    }
    routes
}

#[tokio::test]
async fn every_route_opens_to_the_scope_it_names_and_to_no_other() {
    let mut server = Server::start().await;
    let mut keys = Vec::new();
    for scope in Scope::ALL {
        keys.push((scope.name(), server.key(&[scope], false).await));
    }
    let mut matrix = String::new();
    for (method, path, named) in routes() {
        let at = path.replace("{id}", "nobody").replace("{name}", "nothing");
        let mut line = format!("{method:<6} {path}:");
        for (scope, key) in &keys {
            let request = server.as_key(key).request(method.clone(), &at).json(&json!({}));
            let opens = Answer::of(request).await.status != 403;
            assert_eq!(
                opens,
                named.as_deref().is_none_or(|named| named == *scope),
                "{line} {scope}"
            );
            if opens {
                line += &format!(" {scope}");
            }
        }
        let request = server.as_key("").request(method.clone(), &at).json(&json!({}));
        if Answer::of(request).await.status != 401 {
            line += " everybody";
        }
        matrix += &format!("{line}\n");
    }
    insta::assert_snapshot!("access_matrix", matrix);
}

#[test]
fn no_operation_is_described_twice() {
    let described = routes();
    let unique: BTreeSet<_> =
        described.iter().map(|(method, path, _)| (method.as_str(), path.as_str())).collect();
    assert_eq!(unique.len(), described.len());
}
