//! `/security/passkeys`: passkeys are listed, added, named and removed (R41, R47).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::challenge::Method;
use domain::member::{Command, FACTORS_MAX, Passkey};
use domain::sign_in::Counts;
use factors::passkey::{self, Backup, NAME_CHARS_MAX, Refused};
use serde::Serialize;
use store::{Applied, Changes};

use super::super::Page;
use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::owner::{Owner, own_path};
use super::super::passkeys::{ceremony_of, read};
use super::change::prove_first;
use super::when;
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::members::passkeys::Purpose;
use crate::text::Language;

const PATH: &str = "/security/passkeys";
/// What a passkey is called whose device says nothing of itself.
const NAMELESS: &str = "Passkey";

/// `/security/passkeys`
#[derive(Serialize)]
pub(in super::super) struct Passkeys {
    kept: Vec<Item>,
    may_add: bool,
    chars_max: usize,
    problem: Option<&'static str>,
}

#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    since: String,
    last_used: Option<String>,
    /// Text key of where else it is.
    backup: &'static str,
}

pub(super) const NOT_ADDED: &str = "passkey-not-added";
pub(super) const BACKUPS: [&str; 3] =
    ["passkey-device-bound", "passkey-eligible", "passkey-backed-up"];

impl Page for Passkeys {
    const TEMPLATE: &'static str = "passkeys.html";

    fn samples() -> Vec<Self> {
        let item = |(number, backup): (usize, &'static str)| Item {
            id: format!("key_{number}"),
            name: "هاتفي 📱 <1>".to_owned(),
            since: "2026年6月3日 21時04分".to_owned(),
            last_used: (number > 0).then(|| "2026年6月4日 7時10分".to_owned()),
            backup,
        };
        let sample =
            |kept, may_add, problem| Self { kept, may_add, chars_max: NAME_CHARS_MAX, problem };
        let some = BACKUPS.into_iter().enumerate().map(item).collect();
        vec![sample(Vec::new(), true, Some(NOT_ADDED)), sample(some, false, None)]
    }
}

/// Its routes.
pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route(PATH, get(show).post(add))
        .route("/security/passkeys/options", post(begin_adding))
        .route("/security/passkeys/name", post(rename))
        .route("/security/passkeys/remove", post(remove))
        .route("/security/prove/passkey", post(prove))
}

async fn show(State(house): State<Arc<House>>, owner: Owner) -> Result<Response, Problem> {
    house.site()?;
    if !owner.live.kept.session.is_fresh(house.world.now()) {
        return Ok(prove_first(&house, &owner, PATH));
    }
    Ok(house.page(&owner.visitor, StatusCode::OK, &page_of(&owner, None)))
}

fn page_of(owner: &Owner, problem: Option<&'static str>) -> Passkeys {
    let passkeys = &owner.found.member.passkeys;
    let item = |passkey| item(owner.visitor.language, passkey);
    Passkeys {
        kept: passkeys.iter().map(item).collect(),
        may_add: passkeys.len() < FACTORS_MAX,
        chars_max: NAME_CHARS_MAX,
        problem,
    }
}

fn item(language: Language, passkey: &Passkey) -> Item {
    let backup = crate::members::passkeys::read(passkey).map(|key| key.backup());
    Item {
        id: crate::id::show("key", passkey.id),
        name: passkey.name.clone(),
        since: when(language, passkey.since),
        last_used: passkey.last_used.map(|at| when(language, at)),
        backup: match backup {
            Some(Backup::BackedUp) => BACKUPS[2],
            Some(Backup::Eligible) => BACKUPS[1],
            Some(Backup::DeviceBound) | None => BACKUPS[0],
        },
    }
}

/// The options of a new passkey: only for a session that has just proven itself (R46), so that no
/// device keeps one that is refused afterwards.
async fn begin_adding(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    if !owner.live.kept.session.is_fresh(house.world.now()) {
        return Err(Problem::new(Kind::Held, "prove yourself again"));
    }
    let bound = (owner.live.id, owner.visitor.guest_number(&house.hasher));
    let ceremony = house.members.begin_adding(house.site()?, &owner.found, bound);
    house.begin(&owner.visitor, ceremony).await
}

async fn add(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    match house.new_passkey(&form, &owner).await? {
        Ok(made) => {
            let command = Command::AddPasskey(made);
            house.change_member(&owner, command, Changes::default(), Flash::PasskeyAdded).await
        }
        Err(refused) => {
            tracing::info!(%refused, "a passkey was not added");
            let page = page_of(&owner, Some(NOT_ADDED));
            Ok(house.page(&owner.visitor, StatusCode::OK, &page))
        }
    }
}

impl House {
    async fn new_passkey(
        &self,
        form: &Form,
        owner: &Owner,
    ) -> Result<Result<Passkey, Refused>, Problem> {
        let visitor = &owner.visitor;
        let Some(id) = ceremony_of(form) else { return Ok(Err(Refused::Challenge)) };
        let (guest, purpose) = (visitor.guest_number(&self.hasher), Purpose::Add(owner.live.id));
        let state = self.members.registration(id, guest, purpose).await?;
        let Some((answer, state)) = read(form).zip(state) else {
            return Ok(Err(Refused::Challenge));
        };
        let name = passkey::name(form.text("name"));
        let name = name.or_else(|| visitor.visit.device_in_words());
        let name = name.unwrap_or_else(|| NAMELESS.to_owned());
        let made = match self.members.new_passkey(self.site()?, (&answer, &state), name) {
            Ok(made) => made,
            Err(refused) => return Ok(Err(refused)),
        };
        // Ours was asked for already: this one is somebody else's (WebAuthn §7.1, step 26).
        let is_taken = self.members.by_passkey(made.id).await?.is_some();
        Ok(if is_taken { Err(Refused::Unknown) } else { Ok(made) })
    }
}

/// A name changes nothing about who may sign in: no proof, no letter.
async fn rename(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let mut member = owner.found.member.clone();
    let id = crate::id::read("key", form.text("passkey"));
    let passkey = member.passkeys.iter_mut().find(|passkey| Some(passkey.id) == id);
    let passkey = passkey.ok_or_else(|| Problem::not_found("passkey"))?;
    let Some(name) = passkey::name(form.text("name")) else {
        return Ok(house.go(&owner.visitor, PATH, Some(Flash::NothingChanged)));
    };
    passkey.name = name;
    let puts = vec![house.members.change(&owner.found, &member)];
    let changes = Changes { puts, ..Changes::default() };
    if house.store.apply(&changes, house.world.now()).await? != Applied::Done {
        return Err(Problem::unavailable(1));
    }
    Ok(house.go(&owner.visitor, PATH, Some(Flash::Saved)))
}

async fn remove(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let id = crate::id::read("key", form.text("passkey"));
    let id = id.ok_or_else(|| Problem::not_found("passkey"))?;
    let command = Command::RemovePasskey(id);
    house.change_member(&owner, command, Changes::default(), Flash::PasskeyRemoved).await
}

/// Proves a session again by a passkey alone: it is two factors in one.
async fn prove(State(house): State<Arc<House>>, request: Request) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let (then, session) = (own_path(form.text("then")), owner.live.id);
    let by_passkey = (Counts::All, |method| method == Method::Passkey);
    house.prove_further(&owner, session, then, by_passkey).await
}
