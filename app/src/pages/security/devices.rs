//! Devices that the account knows, and forgetting one: its cookie is worth nothing from then on.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use domain::event::{EventType, Status};
use domain::member::{Device, Refused};
use domain::session::Ended;
use domain::time::Micros;
use serde::Serialize;
use store::{Applied, Changes};

use super::super::cookies::{self, Flash, Name};
use super::super::owner::{Owner, Tale};
use super::change::prove_first;
use super::when;
use crate::happenings::Happening;
use crate::http::House;
use crate::http::problem::Problem;

/// A device as it is listed.
#[derive(Serialize)]
pub(super) struct Item {
    id: String,
    name: String,
    seen: String,
    /// It is asked for no second step until then.
    trusted_until: Option<String>,
    is_this: bool,
}

impl Item {
    pub(super) fn samples() -> Vec<Self> {
        let sample = |is_this: bool| Self {
            id: "dev_0".to_owned(),
            name: "Chrome (Windows)".to_owned(),
            seen: "2026年6月3日 21時04分".to_owned(),
            trusted_until: is_this.then(|| "2026年7月3日 21時04分".to_owned()),
            is_this,
        };
        vec![sample(true), sample(false)]
    }

    /// The devices of who looks, the one seen last first.
    pub(super) fn all(house: &House, owner: &Owner) -> Vec<Self> {
        let (language, now) = (owner.visitor.language, house.world.now());
        let own = house.known_device(&owner.visitor, &owner.found).map(|device| device.hash);
        let item = |device: &&Device| Self {
            id: crate::id::show("dev", u128::from(device.hash)),
            name: device.name.clone(),
            seen: when(language, device.last_seen),
            trusted_until: trusted(device, now).map(|until| when(language, until)),
            is_this: own == Some(device.hash),
        };
        let mut devices: Vec<&Device> = owner.found.member.devices.iter().collect();
        devices.sort_by_key(|device| std::cmp::Reverse(device.last_seen));
        devices.iter().map(item).collect()
    }
}

fn trusted(device: &Device, now: Micros) -> Option<Micros> {
    device.trusted_until.filter(|until| now < *until)
}

/// Forgets a device: it is a stranger's for every later sign-in, and its sessions are over.
pub(super) async fn forget(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (form, owner) = match Owner::of_form(&house, request).await? {
        Ok(both) => both,
        Err(first) => return Ok(first.into_response()),
    };
    house.may_change_security(&owner)?;
    let now = house.world.now();
    let wanted = crate::id::read("dev", form.text("device"));
    let wanted = wanted.and_then(|number| u64::try_from(number).ok());
    let Some(hash) = wanted else { return Err(Problem::not_found("device")) };
    let found = &owner.found;
    let (member, telling) = match found.member.without_device(hash, &owner.acting(&house), now) {
        Ok(both) => both,
        Err(Refused::ProveAgain | Refused::SecondStepMissing) => {
            return Ok(prove_first(&house, &owner, "/security"));
        }
        Err(refused) => {
            return Ok(house.go(&owner.visitor, "/security", Some(Flash::refused(refused))));
        }
    };
    let mut ended = house.members.sessions_of(found.account).await?;
    ended.retain(|live| live.kept.device_hash == Some(hash));
    let mut changes = Changes::default();
    changes.puts.push(house.members.change(found, &member));
    changes.puts.extend(house.members.end_sessions(&ended, Ended::EndedElsewhere));
    let place = owner.live.kept.place.clone();
    let device = found.member.device(hash).map(|device| device.name.clone());
    house.tell(&mut changes, found, Tale { telling, place, device, change: None });
    if house.store.apply(&changes, now).await? != Applied::Done {
        return Err(Problem::unavailable(1));
    }
    house.letters.notify_one();
    house.sessions_ended(&ended).await?;
    for live in &ended {
        let (kind, status) = (EventType::SessionEnded, Status::Succeeded);
        let happening = House::happening(kind, status, &found.member, &owner.visitor);
        house.happened(&Happening { session: Some(live.id), ..happening }).await?;
    }
    let itself = ended.iter().any(|live| live.id == owner.live.id);
    let then = if itself { "/" } else { "/security" };
    let mut response = house.go(&owner.visitor, then, Some(Flash::DeviceForgotten));
    if itself {
        cookies::set(&mut response, &Name::Session.removed(house.secure()));
    }
    Ok(response)
}
