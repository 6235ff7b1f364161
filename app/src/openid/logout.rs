//! Signing out: asked for by a store (`/end-session`), and told to the stores (back-channel).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use domain::openid::redirect;
use domain::time::{HOUR, MINUTE, Micros, SECOND};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Applied, Changes, Delivery, DocumentKind, OutboxRow, Settlement, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::authorize::see_other;
use super::clients::Client;
use super::params::Params;
use super::tokens::{Family, Kept, account_key, sid, sub};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::id;
use crate::webhooks::{Answer, Sender};
use crate::world::pause;

/// The number of logout tokens in the outbox, below those of subscribers and gateways.
const ENDPOINT: i64 = -10;
/// Families of one account that are looked at: as many as it can have had in their life.
const FAMILIES_MAX: u32 = 10_000;
/// Families that are looked at for a list: the latest.
const LISTED_MAX: u32 = 200;
const RACES_MAX: usize = 10;
/// Waits after a failed try.
const WAITS: [i64; 7] = [SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];
const LEASE: i64 = 60 * SECOND;
const IDLE: Duration = Duration::from_millis(500);
const AT_ONCE: u32 = 32;
/// How long a logout token may be taken (`OpenID` Connect Back-Channel Logout §2.4: two minutes).
const TOKEN_LIFE: i64 = 2 * MINUTE;

/// What waits in the outbox; the token is signed when it leaves, so that a late one is fresh.
#[derive(Serialize, Deserialize)]
struct Message {
    client: u128,
    sub: String,
    sid: String,
}

/// A session has ended, however: its tokens are dead when this returns, and its stores are told.
/// To be called for every session that ends, after it has ended.
pub async fn session_ended(house: &House, account: &str, session: u128) -> Result<(), Problem> {
    take_back(house, account, &|family| family.session.session == session).await
}

/// Takes back what the person's sign-ins gave to one client, and tells it (ASVS 10.4.9).
///
/// # Errors
/// There is no such client; the database fails.
pub async fn disconnect(house: &House, account: &str, client: &str) -> Result<(), Problem> {
    let number = id::read("client", client).ok_or_else(|| Problem::not_found("client"))?;
    take_back(house, account, &|family| family.client == number).await
}

/// A client that somebody is signed in at through us.
pub struct Connected {
    /// Its id.
    pub client: String,
    /// As it was registered.
    pub name: String,
    /// Since when.
    pub since: Micros,
}

/// The clients that the person is signed in at, the latest first.
pub async fn connected(house: &House, account: &str) -> Result<Vec<Connected>, Problem> {
    let key = account_key(house, account);
    let found = house.store.documents_of(key, DocumentKind::RefreshToken, LISTED_MAX).await?;
    let (mut lives, mut since) = (BTreeMap::new(), BTreeMap::new());
    for document in &found {
        let family = Kept::read(document)?.family;
        if family.revoked {
            continue;
        }
        let session = family.session.session;
        if let Entry::Vacant(unknown) = lives.entry(session) {
            unknown.insert(house.session_lives(&family.session).await?);
        }
        if lives.get(&session) == Some(&true) {
            let at = since.entry(family.client).or_insert(family.started_at);
            *at = family.started_at.max(*at);
        }
    }
    let mut all = Vec::new();
    for (number, since) in since {
        let client = house.clients().find(&id::show("client", number)).await?;
        all.extend(client.map(|client| Connected {
            client: id::show("client", number),
            name: client.registration.name,
            since,
        }));
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.since));
    Ok(all)
}

async fn take_back(
    house: &House,
    account: &str,
    goes: &(dyn Fn(&Family) -> bool + Sync),
) -> Result<(), Problem> {
    let key = account_key(house, account);
    for _ in 0..RACES_MAX {
        let found = house.store.documents_of(key, DocumentKind::RefreshToken, FAMILIES_MAX).await?;
        let (mut changes, mut told) = (Changes::default(), BTreeSet::new());
        for document in &found {
            let mut kept = Kept::read(document)?;
            if goes(&kept.family) && !kept.family.revoked {
                told.insert((kept.family.client, kept.family.session.session));
                kept.revoke();
                changes.puts.push(kept.put(house));
            }
        }
        for (number, session) in told {
            let client = house.clients().find(&id::show("client", number)).await?;
            if let Some(row) = client.and_then(|client| message(house, &client, account, session)) {
                changes.outbox.push((Some((key, account.to_owned())), row));
            }
        }
        if changes.puts.is_empty() {
            return Ok(());
        }
        if house.store.apply(&changes, house.world.now()).await? == Applied::Done {
            house.openid.bell.notify_one();
            return Ok(());
        }
    }
    Err(Problem::new(Kind::Unavailable, "the session's tokens are in use; try again"))
}

fn message(house: &House, client: &Client, account: &str, session: u128) -> Option<OutboxRow> {
    client.registration.backchannel_logout_uri.as_ref()?;
    let message = Message {
        client: client.number,
        sub: sub(house, client, account),
        sid: sid(house, session),
    };
    Some(OutboxRow {
        endpoint: ENDPOINT,
        message: id::show("msg", house.world.uuid()),
        kind: "openid.logout",
        body: serde_json::to_vec(&message).ok()?,
    })
}

/// Carries logout tokens until `stop` says true.
pub async fn carry(house: Arc<House>, sender: Sender, mut stop: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    while !*stop.borrow_and_update() {
        if let Err(error) = begin(&house, &sender, &mut under_way).await {
            tracing::warn!(%error, "logout tokens cannot be read; trying again");
        }
        tokio::select! {
            _ = under_way.join_next(), if !under_way.is_empty() => {}
            () = house.openid.bell.notified() => {}
            () = pause(IDLE) => {}
            changed = stop.changed() => if changed.is_err() { break },
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn begin(
    house: &Arc<House>,
    sender: &Sender,
    under_way: &mut JoinSet<()>,
) -> Result<(), StoreError> {
    let now = house.world.now();
    // Only reads, so that looking for work costs no turn of the writer.
    if house.store.next_delivery_due().await?.is_none_or(|due| due > now) {
        return Ok(());
    }
    let until = now.plus(LEASE);
    for delivery in house.store.claim_deliveries_for(ENDPOINT, now, until, AT_ONCE).await? {
        let (house, sender) = (Arc::clone(house), sender.clone());
        under_way.spawn(async move {
            if let Err(error) = carry_one(&house, &sender, &delivery).await {
                tracing::warn!(message = delivery.message, %error, "a logout token was not settled");
            }
        });
    }
    Ok(())
}

async fn carry_one(house: &House, sender: &Sender, delivery: &Delivery) -> Result<(), StoreError> {
    let answer = try_one(house, sender, delivery).await;
    let now = house.world.now();
    let place = usize::try_from(delivery.tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let (settlement, status) = match answer {
        // The client is gone, or wants none any more.
        None => (Settlement::Delivered, None),
        Some(answer @ Answer::Taken(_)) => (Settlement::Delivered, answer.status()),
        Some(answer) => {
            let again = WAITS.get(place).map(|wait| Settlement::Retry(now.plus(*wait)));
            (again.unwrap_or(Settlement::Dead), answer.status())
        }
    };
    if settlement != Settlement::Delivered {
        let (message, tries) = (&delivery.message, delivery.tries);
        tracing::info!(message, tries, status, "a logout token was not taken");
    }
    house.store.settle_delivery(delivery, settlement, status, now).await.map(drop)
}

async fn try_one(house: &House, sender: &Sender, delivery: &Delivery) -> Option<Answer> {
    let message: Message = serde_json::from_slice(&delivery.body).ok()?;
    let found = house.clients().find(&id::show("client", message.client)).await;
    let Ok(found) = found else { return Some(Answer::Unanswered("database away")) };
    let client = found?;
    let uri = client.registration.backchannel_logout_uri.clone()?;
    let now = house.world.now();
    let Ok(keys) = house.openid.keys.of(house).await else {
        return Some(Answer::Unanswered("no keys"));
    };
    let claims = logout_claims(house, &client, &message, &delivery.message, now);
    let algorithm = client.registration.id_token_signed_response_alg;
    let Ok(token) = keys.sign(algorithm, "logout+jwt", &claims) else {
        return Some(Answer::Unanswered("no key"));
    };
    Some(sender.post_form(&uri, &[("logout_token", &token)], now).await)
}

/// Claims of a logout token (Back-Channel Logout §2.4): no `nonce`, ever.
fn logout_claims(
    house: &House,
    client: &Client,
    message: &Message,
    jti: &str,
    now: Micros,
) -> Value {
    let seconds = now.0.div_euclid(SECOND);
    json!({
        "iss": house.issuer(),
        "sub": message.sub,
        "aud": client.id(),
        "iat": seconds,
        "exp": seconds + TOKEN_LIFE / SECOND,
        "jti": jti,
        "sid": message.sid,
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    })
}

/// `GET|POST /end-session` (RP-Initiated Logout 1.0). Without a token of ours that names the
/// session at hand nobody is signed out unasked: the person decides at `/sign-out`.
pub(super) async fn end_session(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let (headers, params) = Params::read(request).await?;
    let keys = house.openid.keys.of(&house).await?;
    let hint = params.get("id_token_hint").and_then(|token| keys.verified(token));
    let issuer = house.issuer();
    let hint = hint.filter(|hint| said(hint, "iss") == Some(&issuer));
    let client_id = hint.as_ref().and_then(|hint| said(hint, "aud")).or(params.get("client_id"));
    if params.get("client_id").is_some_and(|id| client_id != Some(id)) {
        return Err(Problem::new(Kind::BadRequest, "client_id: not the one of id_token_hint"));
    }
    let client = house.clients().find(client_id.unwrap_or_default()).await?;
    let back = back(client.as_ref(), &params)?;
    let Some(source) = house.openid.sign_in() else { return see_other("/sign-out") };
    let session = source.signed_in(&headers).await?;
    let named = hint.as_ref().and_then(|hint| said(hint, "sid"));
    match session {
        Some(session) if named == Some(&sid(&house, session.session)) => {
            source.end(&session.account, session.session).await?;
        }
        Some(_) => return see_other("/sign-out"),
        None => {}
    }
    see_other(back.as_deref().unwrap_or("/"))
}

fn said<'a>(claims: &'a Value, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// Where the browser goes afterwards, if it may.
fn back(client: Option<&Client>, params: &Params) -> Result<Option<String>, Problem> {
    let Some(uri) = params.get("post_logout_redirect_uri") else { return Ok(None) };
    let allowed = client.is_some_and(|client| {
        let registration = &client.registration;
        let native = registration.is_native();
        redirect::allows(&registration.post_logout_redirect_uris, uri, native)
    });
    if !allowed {
        let detail = "post_logout_redirect_uri: not one that is registered for this client";
        return Err(Problem::new(Kind::BadRequest, detail));
    }
    let Some(state) = params.get("state") else { return Ok(Some(uri.to_owned())) };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("state", state);
    let mark = if uri.contains('?') { '&' } else { '?' };
    Ok(Some(format!("{uri}{mark}{}", query.finish())))
}
