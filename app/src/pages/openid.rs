//! What the `OpenID` provider asks of the sign-in: whose session it is, whether it lives, who it is.

use std::sync::{Arc, Weak};

use axum::http::HeaderMap;
use domain::member::Contact;
use domain::session::{Ended, Limits};
use store::Changes;

use super::cookies::Name;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;
use crate::members::sessions::Live;
use crate::openid::{self, Later, Person, SignIn, SignedIn};

/// The sign-in of our own pages.
pub(crate) struct OwnSignIn(Weak<House>);

impl OwnSignIn {
    /// Of this house, without holding it.
    pub(crate) fn of(house: &Arc<House>) -> Arc<Self> {
        Arc::new(Self(Arc::downgrade(house)))
    }

    fn house(&self) -> Result<Arc<House>, Problem> {
        self.0.upgrade().ok_or_else(|| Problem::unavailable(1))
    }
}

impl SignIn for OwnSignIn {
    fn signed_in<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Option<SignedIn>> {
        Box::pin(async move {
            let house = self.house()?;
            let Some(token) = Name::Session.read(headers, house.secure()) else { return Ok(None) };
            let live = house.members.session_of(&token).await?;
            Ok(live.map(|live| SignedIn::of(&live.kept.account, live.id, &live.kept.session)))
        })
    }

    fn lives<'a>(&'a self, account: &'a str, session: u128) -> Later<'a, bool> {
        Box::pin(async move {
            let house = self.house()?;
            let living = house.members.sessions_of(house.account_key(account)).await?;
            let now = house.world.now();
            let is_it = |live: &Live| {
                live.id == session && live.kept.session.ended_at(Limits::BROWSING, now).is_none()
            };
            Ok(living.iter().any(is_it))
        })
    }

    fn person<'a>(&'a self, account: &'a str) -> Later<'a, Option<Person>> {
        Box::pin(async move {
            let house = self.house()?;
            let found = house.members.of(house.account_key(account)).await?;
            Ok(found.map(|Found { member, .. }| {
                let (mail, phone) = (member.mails.first(), member.phones.first());
                // A contact is a member's once it has answered a code; an imported one may not have.
                let is_proven = |contact: &Contact| member.is_proven(contact);
                Person {
                    email: mail.map(|mail| mail.value.clone()),
                    email_verified: mail.is_some_and(is_proven),
                    phone_number: phone.map(|phone| phone.value.clone()),
                    phone_verified: phone.is_some_and(is_proven),
                }
            }))
        })
    }

    fn end<'a>(&'a self, account: &'a str, session: u128) -> Later<'a, ()> {
        Box::pin(async move {
            let house = self.house()?;
            let living = house.members.sessions_of(house.account_key(account)).await?;
            let ended: Vec<Live> = living.into_iter().filter(|live| live.id == session).collect();
            let puts = house.members.end_sessions(&ended, Ended::SignedOut);
            house.store.apply(&Changes { puts, ..Changes::default() }, house.world.now()).await?;
            house.sessions_ended(&ended).await
        })
    }
}

impl House {
    /// Tells the stores of sessions that have ended (back-channel logout).
    pub(crate) async fn sessions_ended(&self, ended: &[Live]) -> Result<(), Problem> {
        for live in ended {
            openid::session_ended(self, &live.kept.account, live.id).await?;
        }
        Ok(())
    }
}
