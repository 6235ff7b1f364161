//! Two-step in three steps: an app that answers a code, recovery codes, on (R45, R49).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::member::{Authenticator, Command, RecoveryCodes};
use factors::recovery_code;
use factors::totp::Seed;
use serde::Serialize;
use store::Changes;

use super::super::Page;
use super::super::cookies::Flash;
use super::super::owner::Owner;
use super::{seed_kept, seed_of};
use crate::http::House;
use crate::http::problem::Problem;

/// `/security/two-step`: the app.
#[derive(Serialize)]
pub(in super::super) struct SetUp {
    /// The picture to scan, as markup of ours.
    qr: String,
    /// The same to type.
    secret: String,
    /// The seed as the form carries it, sealed by a keyed hash.
    seed: String,
    problem: Option<&'static str>,
}

pub(in super::super) const WRONG: &str = "two-step-wrong";

impl Page for SetUp {
    const TEMPLATE: &'static str = "two_step.html";

    fn samples() -> Vec<Self> {
        let sample = |problem| Self {
            qr: "/security/two-step/picture".to_owned(),
            secret: "ABCD EFGH".to_owned(),
            seed: "seed".to_owned(),
            problem,
        };
        vec![sample(None), sample(Some(WRONG))]
    }
}

/// Recovery codes, shown once.
#[derive(Serialize)]
pub(in super::super) struct Codes {
    codes: Vec<String>,
    two_step: bool,
}

impl Page for Codes {
    const TEMPLATE: &'static str = "codes.html";
    const IS_SHOWN_ONCE: bool = true;

    fn samples() -> Vec<Self> {
        let codes = vec!["ABCD-EFGH-JKMN-PQRS".to_owned(); 10];
        vec![Self { codes: codes.clone(), two_step: false }, Self { codes, two_step: true }]
    }
}

fn page_of(house: &House, owner: &Owner, seed: &Seed, problem: Option<&'static str>) -> SetUp {
    let (store, name) = (house.config.said.text("store-name"), &owner.found.member.account);
    let name = owner.found.member.mails.first().map_or(name.as_str(), |mail| mail.value.as_str());
    let svg = seed.qr_svg(store, name).map(|svg| svg.expose().to_owned()).unwrap_or_default();
    let secret = seed.to_base32();
    let groups: Vec<&str> = (0..secret.expose().len())
        .step_by(4)
        .filter_map(|at| secret.expose().get(at..at + 4))
        .collect();
    SetUp { qr: data_url(&svg), secret: groups.join(" "), seed: seed_kept(seed), problem }
}

/// A picture within the page: it holds a secret, so it has no address of its own.
fn data_url(svg: &str) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(svg);
    format!("data:image/svg+xml;base64,{encoded}")
}

pub(super) async fn show(State(house): State<Arc<House>>, owner: Owner) -> Response {
    let seed = Seed::draw(&|out| house.world.random(out));
    house.page(&owner.visitor, StatusCode::OK, &page_of(&house, &owner, &seed, None))
}

/// Step one is done when the app's code is right.
pub(super) async fn confirm(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let now = house.world.now();
    let Some(bytes) = seed_of(form.text("seed")) else { return Err(Problem::not_found("seed")) };
    let seed = Seed::from_bytes(bytes);
    let Some(step) = seed.accepts(form.text("answer"), None, now) else {
        let page = page_of(&house, &owner, &seed, Some(WRONG));
        return Ok(house.page(&owner.visitor, StatusCode::OK, &page));
    };
    let name = form.filled("name").unwrap_or("app").chars().take(40).collect();
    let app = Authenticator {
        id: house.world.uuid(),
        name,
        seed: seed_kept(&seed),
        since: now,
        last_step: step,
    };
    let command = Command::AddAuthenticator(app);
    house.change_member(&owner, command, Changes::default(), Flash::AuthenticatorAdded).await
}

/// A new set of recovery codes, shown once.
pub(super) async fn codes(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let (codes, kept) =
        recovery_code::RecoveryCodes::draw(&house.members.code_key, owner.found.account, &|out| {
            house.world.random(out);
        });
    let set = RecoveryCodes {
        since: house.world.now(),
        left: kept.left(),
        kept: serde_json::to_string(&kept).unwrap_or_default(),
    };
    let command = Command::SetRecoveryCodes(set);
    let done = house.change_member(&owner, command, Changes::default(), Flash::Saved).await?;
    if done.status() != StatusCode::SEE_OTHER {
        return Ok(done);
    }
    let codes = codes.iter().map(|code| code.expose().to_owned()).collect();
    let page = Codes { codes, two_step: owner.found.member.two_step };
    Ok(house.page(&owner.visitor, StatusCode::OK, &page))
}

pub(super) async fn on(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    switch(&house, request, Command::EnableTwoStep, Flash::TwoStepOn).await
}

pub(super) async fn off(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    switch(&house, request, Command::DisableTwoStep, Flash::TwoStepOff).await
}

async fn switch(
    house: &House,
    request: Request,
    command: Command,
    flash: Flash,
) -> Result<Response, Problem> {
    match Owner::of_form(house, request).await? {
        Ok((_, owner)) => house.change_member(&owner, command, Changes::default(), flash).await,
        Err(first) => Ok(first.into_response()),
    }
}

pub(super) async fn remove(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let Some(id) = crate::id::read("app", form.text("app")) else {
        return Err(Problem::not_found("authenticator"));
    };
    let command = Command::RemoveAuthenticator(id);
    house.change_member(&owner, command, Changes::default(), Flash::AuthenticatorRemoved).await
}
