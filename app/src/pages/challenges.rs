//! `/challenge/{id}`: a customer of a store with its own sign-in proves one act (§4.3, R42).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::account;
use domain::challenge::State as Standing;
use domain::member::Member;
use domain::memory::Outcome;
use domain::sign_in::Counts;
use serde::Serialize;
use store::Changes;

use super::form::Form;
use super::onward::Onward;
use super::prove::Done;
use super::{Page, Visitor};
use crate::challenges::Hosted;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::Found;
use crate::members::attempts::{Attempt, Kept, Purpose};

/// `/challenge/{id}`
#[derive(Serialize)]
pub(super) struct Hosting {
    id: String,
    /// What is done; `None` where it cannot be taken up from here, and is not this visitor's to read.
    action: Option<String>,
}

impl Page for Hosting {
    const TEMPLATE: &'static str = "hosting.html";

    fn samples() -> Vec<Self> {
        let sample = |action| Self { id: "chl_0".to_owned(), action };
        vec![sample(Some("注文 <o-1001>（12,000円）".to_owned())), sample(None)]
    }
}

/// Its routes.
pub(super) fn router() -> Router<Arc<House>> {
    Router::new().route("/challenge/{id}", get(show).post(take_up))
}

async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let hosted = house.challenge_named(&id).await?;
    Ok(house.hosting(&visitor, &hosted))
}

/// Takes a challenge up: one browser does, with one attempt, whose tries are all there are.
async fn take_up(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (_, visitor) = Form::read(&house, request).await?;
    let mut hosted = house.challenge_named(&id).await?;
    let guest = visitor.guest_number(&house.hasher);
    if !house.may_take_up(&visitor, &hosted) {
        return Ok(house.hosting(&visitor, &hosted));
    }
    if let Some((_, attempt)) = hosted.kept.taken {
        return Ok(house.go(&visitor, &prove_path(attempt), None));
    }
    let account = hosted.kept.challenge.binding.account;
    let found = house.members.of(account).await?;
    let nobody = Member::default();
    let member = found.as_ref().map_or(&nobody, |found| &found.member);
    let mut attempt = Attempt::new(
        &house.members,
        Kept {
            purpose: Purpose::Challenge {
                challenge: hosted.id,
                contacts: hosted.kept.contacts.clone(),
            },
            account,
            account_name: hosted.kept.account.clone(),
            guest,
            proofs: Vec::new(),
            methods: hosted.kept.methods.clone(),
            counts: Counts::All,
            challenge: None,
            code: None,
            decision: hosted.kept.decision,
            then: hosted.path(),
        },
    );
    let mut changes = Changes::default();
    let method = hosted.kept.challenge.method;
    let letters = house.open_challenge(&mut attempt, member, method, &visitor).await;
    changes.outbox.extend(house.rows(letters.unwrap_or_default()));
    changes.puts.push(attempt.put(house.world.now()));
    hosted.kept.taken = Some((guest, attempt.id));
    house.write_challenge(&hosted, changes).await?;
    house.letters.notify_one();
    Ok(house.go(&visitor, &prove_path(attempt.id), None))
}

fn prove_path(attempt: u128) -> String {
    format!("/prove/{}", crate::id::show("att", attempt))
}

impl House {
    fn may_take_up(&self, visitor: &Visitor, hosted: &Hosted) -> bool {
        let state = hosted.kept.challenge.state_at(self.world.now());
        let guest = visitor.guest_number(&self.hasher);
        let own = hosted.kept.taken.is_none_or(|(taken, _)| taken == guest);
        own && matches!(state, Standing::Created | Standing::Sent)
    }

    fn hosting(&self, visitor: &Visitor, hosted: &Hosted) -> Response {
        let page = Hosting {
            id: hosted.name(),
            action: self.may_take_up(visitor, hosted).then(|| hosted.kept.action.clone()),
        };
        self.page(visitor, StatusCode::OK, &page)
    }

    /// The act is proven: back to the store, with a code for it alone.
    pub(super) async fn finish_challenge(
        &self,
        visitor: &Visitor,
        done: Done,
        mut changes: Changes,
    ) -> Result<Response, Problem> {
        let mut hosted = self.hosted(&done.attempt).await?;
        let Some(proven) = &done.attempt.kept.challenge else {
            return Err(Problem::not_found("challenge"));
        };
        let code = hosted.verified(self, proven, &done.attempt.kept.proofs);
        if let (Some(found), Some(member)) = (&done.found, &done.member) {
            changes.puts.push(self.members.change(found, member));
        }
        self.write_challenge(&hosted, changes).await?;
        self.settle_challenge(hosted.kept.decision, Outcome::ChallengePassed).await;
        let mut to = url::Url::parse(&hosted.kept.return_url)
            .map_err(|_| Problem::not_found("return URL"))?;
        to.query_pairs_mut().append_pair("challenge", &hosted.name()).append_pair("code", &code);
        Ok(self.page(visitor, StatusCode::OK, &Onward { to: to.into() }))
    }

    /// The last try was wrong: nothing of it can be proven any more, and a member is watched.
    pub(super) async fn give_up_challenge(
        &self,
        attempt: &Attempt,
        found: Option<&Found>,
        risk: account::Risk,
        changes: &mut Changes,
    ) -> Result<(), Problem> {
        let mut hosted = self.hosted(attempt).await?;
        if let Some(ended) = &attempt.kept.challenge {
            hosted.ended_as(ended);
        }
        changes.puts.push(hosted.put(attempt.kept.account));
        let signal = account::Command::Signal { risk, is_authenticated: false };
        if let Some(found) = found
            && let Ok((standing, _)) = found.member.standing.next(signal, self.world.now())
        {
            let member = Member { standing, ..found.member.clone() };
            changes.puts.push(self.members.change(found, &member));
        }
        Ok(())
    }

    async fn hosted(&self, attempt: &Attempt) -> Result<Hosted, Problem> {
        let Purpose::Challenge { challenge, .. } = attempt.kept.purpose else {
            return Err(Problem::not_found("challenge"));
        };
        self.challenge_named(&crate::id::show("chl", challenge)).await
    }
}
