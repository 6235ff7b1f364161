//! What the owner says of what was told; and the page for the code in a letter.

use std::sync::Arc;

use axum::extract::{self, Path, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::account::{Command, Level, Locker, State};
use domain::member::{Change, Member, Telling, Topic, restore};
use domain::notice::Reply;
use domain::session::Ended;
use serde::Serialize;
use store::{Applied, Changes};

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::owner::{Owner, Tale};
use super::super::{Page, Visitor};
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;

/// `/not-me`
#[derive(Serialize)]
pub(in super::super) struct NotMe {
    problem: bool,
    /// Text key of what was done.
    done: Option<&'static str>,
    /// There is no password any more: the owner sets a new one.
    sets_password: bool,
}

impl NotMe {
    const fn ask(problem: bool) -> Self {
        Self { problem, done: None, sets_password: false }
    }
}

pub(in super::super) const DONE: [&str; 2] = ["not-me-restored", "not-me-locked"];

impl Page for NotMe {
    const TEMPLATE: &'static str = "not_me.html";

    fn samples() -> Vec<Self> {
        let done = |(done, sets_password)| Self { problem: false, done: Some(done), sets_password };
        let done = [(DONE[0], true), (DONE[0], false), (DONE[1], false)].map(done);
        [Self::ask(false), Self::ask(true)].into_iter().chain(done).collect()
    }
}

pub(super) async fn show(
    extract::State(house): extract::State<Arc<House>>,
    visitor: Visitor,
) -> Response {
    house.page(&visitor, StatusCode::OK, &NotMe::ask(false))
}

/// これは私です / 心当たりがない
pub(super) async fn reply(
    extract::State(house): extract::State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    let account = owner.found.account;
    let number = crate::id::read("ntc", &id).unwrap_or_default();
    let Some(one) = house.notices.one(account, number).await? else {
        return Err(Problem::not_found("notice"));
    };
    let reply = if form.text("reply") == "not-mine" { Reply::NotMine } else { Reply::Mine };
    let mut changes =
        Changes { puts: vec![house.notices.answered(one, Some(reply))], ..Changes::default() };
    let mut others = Vec::new();
    if reply == Reply::NotMine {
        others = house.members.sessions_of(account).await?;
        others.retain(|live| live.id != owner.live.id);
        changes.puts.extend(house.members.end_sessions(&others, Ended::EndedElsewhere));
    }
    house.store.apply(&changes, house.world.now()).await?;
    house.sessions_ended(&others).await?;
    let (path, flash) = match reply {
        Reply::Mine => ("/security", Flash::Thanks),
        Reply::NotMine => ("/security/password", Flash::NotMine),
    };
    Ok(house.go(&owner.visitor, path, Some(flash)))
}

/// The code of a letter: undoes the change it was about and everything since, or locks the account
/// where there is nothing to undo. Whoever has it was reached by a contact from before (V2).
pub(super) async fn enter(
    extract::State(house): extract::State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, visitor) = Form::read(&house, request).await?;
    let now = house.world.now();
    house.code_pace.take(0, 1, now)?;
    let Some(notice) = house.notices.of_code(form.text("code")).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &NotMe::ask(true)));
    };
    let Some(found) = house.members.of(notice.account).await? else {
        return Ok(house.page(&visitor, StatusCode::OK, &NotMe::ask(true)));
    };
    let restored = match notice.kept.change {
        Some(change) => house.undo(&found, change).await?,
        None => None,
    };
    if restored.is_none() {
        house.lock(&found).await?;
    }
    let answered = house.notices.answered(notice, Some(Reply::NotMine));
    house.store.apply(&Changes { puts: vec![answered], ..Changes::default() }, now).await?;
    let done = if restored.is_some() { DONE[0] } else { DONE[1] };
    let sets_password = restored.is_some_and(|member| member.password.is_none());
    let page = NotMe { problem: false, done: Some(done), sets_password };
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

impl House {
    /// Puts back a change and everything since: the member afterwards; none where it is too late.
    async fn undo(&self, found: &Found, change: u128) -> Result<Option<Member>, Problem> {
        let now = self.world.now();
        let kept = self.members.changes_of(found.account).await?;
        let place = kept.iter().position(|(document, _)| document.id == change);
        let changes: Vec<Change> = kept.iter().map(|(_, change)| change.clone()).collect();
        let restored = place.map(|place| restore(&found.member, &changes, place, now));
        let Some(Ok(restored)) = restored else { return Ok(None) };
        let puts = self.members.put_back(found, &kept, &restored);
        let writes = Changes { puts, ..Changes::default() };
        // What the intruder sat at is no known device of the owner's (T16).
        let theirs = self.members.devices_of_changes(&restored).await?;
        let signal = Command::Signal { risk: domain::account::Risk::High, is_authenticated: true };
        let standing = restored.member.standing.next(signal, now);
        let standing = standing.and_then(|(standing, _)| standing.next(signal, now));
        let standing = standing.map_or(restored.member.standing, |(standing, _)| standing);
        let mut member = Member { standing, ..restored.member };
        member.devices.retain(|device| !theirs.contains(&device.hash));
        self.write_rescue(found, &member, Topic::Restored, writes).await?;
        Ok(Some(member))
    }

    /// Locks the account: nobody signs in, sessions are dead.
    async fn lock(&self, found: &Found) -> Result<(), Problem> {
        // While somebody is given the account back, a contact from before objects: two claim it (X6).
        let standing = found.member.standing;
        let command = match standing.state {
            State::Recovering { .. } => Command::Contest { level: Level::V2 },
            _ => Command::Lock { by: Locker::Owner { level: Level::V2 } },
        };
        let locked = standing.next(command, self.world.now());
        let Ok((standing, _)) = locked else { return Ok(()) };
        let member = Member { standing, ..found.member.clone() };
        self.write_rescue(found, &member, Topic::Locked, Changes::default()).await
    }

    async fn write_rescue(
        &self,
        found: &Found,
        member: &Member,
        topic: Topic,
        mut writes: Changes,
    ) -> Result<(), Problem> {
        let now = self.world.now();
        writes.puts.push(self.members.change(found, member));
        let sessions = self.members.sessions_of(found.account).await?;
        writes.puts.extend(self.members.end_sessions(&sessions, Ended::AccountLocked));
        let to = member.contacts_to_tell(now);
        let telling = Telling { topic, undo_to: Vec::new(), to };
        self.tell(&mut writes, found, Tale::plain(telling));
        if self.store.apply(&writes, now).await? != Applied::Done {
            return Err(Problem::unavailable(1));
        }
        self.letters.notify_one();
        self.sessions_ended(&sessions).await
    }
}
