//! Challenges over the API: for stores that keep their own sign-in.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::challenge::{Method, State as Standing};
use domain::member::{Contact, ContactKind};
use domain::openid::redirect;
use serde::{Deserialize, Serialize};
use store::DecisionId;
use utoipa::ToSchema;

use super::body::{self, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::challenges::{ACTION_CHARS_MAX, Asked, Hosted, return_urls};
use crate::keys::Scope;
use crate::members::Login;
use crate::openapi::schema;
use crate::time::show as show_time;

/// Longest account id, as in events.
const ACCOUNT_ID_CHARS_MAX: usize = 256;

/// One proof of one act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChallenge {
    /// Your id of the account.
    account_id: String,
    /// What is done, as the customer reads it before they prove it: 1 to 200 characters in one line.
    #[schema(example = "注文 o-1001（12,000円）")]
    action: String,
    /// Where the browser goes afterwards, with `challenge` and `code` in the query: one of the setting
    /// `challenge-return-urls`, in full.
    return_url: String,
    /// An address that you have known for long, for an account that has no sign-in here.
    #[serde(default)]
    email: Option<String>,
    /// A phone number likewise.
    #[serde(default)]
    phone: Option<String>,
    /// The decision that asked for it; it is told how it ended.
    #[serde(default)]
    decision_id: Option<String>,
}

/// What the browser has brought back, and what is done on it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Spending {
    /// `code` from the query of your return URL.
    code: String,
    /// The same words as before.
    action: String,
}

/// A challenge.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Challenge)]
pub struct ChallengeView {
    /// `chl_…`.
    id: String,
    account_id: String,
    action: String,
    /// `open`, `verified`, `spent`, `exhausted`, `expired` or `cancelled`.
    status: &'static str,
    /// By what it can be proven, best first.
    #[schema(value_type = Vec<String>, example = json!(["passkey", "totp", "sms"]))]
    methods: Vec<Method>,
    /// Where the customer proves it.
    url: String,
    /// Until when it can be answered, or its proof spent.
    expires_at: String,
}

/// What was proven.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChallengeResult)]
pub(super) struct ResultView {
    /// A JWT, signed by the keys of `/.well-known/jwks.json`: `sub` is the account, `aud` your return
    /// URL, `jti` the challenge, `action` what was proven, `acr` and `amr` by what.
    result: String,
}

/// Ask for one proof of one act; send the customer to its `url`.
#[utoipa::path(
    post, path = "/v1/challenges", tag = "challenges", operation_id = "create_challenge",
    params(schema::IdempotencyKey), request_body = NewChallenge,
    responses((status = 201, description = "The challenge", body = ChallengeView), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn create(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Decide, SMALL_MAX).await?;
    house.pace(&asked, 1)?;
    house
        .once(&asked, async {
            let wanted = read(&house, body::json(&asked.body)?)?;
            let hosted = house.challenge_for(wanted).await?;
            let hosted = hosted.ok_or_else(|| {
                let why = "there is nothing to prove it with: no factor here, no contact given";
                Problem::invalid("/account_id", why)
            })?;
            Answer::json(StatusCode::CREATED, &view(&house, &hosted))
        })
        .await
}

/// How a challenge stands.
#[utoipa::path(
    get, path = "/v1/challenges/{id}", tag = "challenges", operation_id = "get_challenge",
    params(("id" = String, Path, description = "`chl_…`")),
    responses((status = 200, description = "The challenge", body = ChallengeView), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Decide, SMALL_MAX).await?;
    let hosted = house.challenge_named(&id).await?;
    Answer::json(StatusCode::OK, &view(&house, &hosted))
}

/// Spend the proof: once, within five minutes, for the act that the customer read.
#[utoipa::path(
    post, path = "/v1/challenges/{id}/spend", tag = "challenges", operation_id = "spend_challenge",
    params(("id" = String, Path, description = "`chl_…`"), schema::IdempotencyKey),
    request_body = Spending,
    responses((status = 200, description = "What was proven", body = ResultView), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn spend(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Decide, SMALL_MAX).await?;
    house
        .once(&asked, async {
            let Spending { code, action } = body::json(&asked.body)?;
            let hosted = house.challenge_named(&id).await?;
            let result = house.spend_challenge(hosted, &code, &action).await?;
            Answer::json(StatusCode::OK, &ResultView { result })
        })
        .await
}

/// A challenge that a decision carries where its verdict is `challenge`: what `POST /v1/challenges`
/// takes, without what the event says.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithDecision {
    /// What is done, as the customer reads it before they prove it: 1 to 200 characters in one line.
    #[schema(example = "注文 o-1001（12,000円）")]
    action: String,
    /// Where the browser goes afterwards: one of the setting `challenge-return-urls`, in full.
    return_url: String,
    /// An address that you have known for long, for an account that has no sign-in here.
    #[serde(default)]
    email: Option<String>,
    /// A phone number likewise.
    #[serde(default)]
    phone: Option<String>,
}

impl WithDecision {
    /// What is asked for, once there is a decision.
    pub(super) fn read(self, house: &House, account_id: String) -> Result<Asked, Problem> {
        let Self { action, return_url, email, phone } = self;
        let new = NewChallenge { account_id, action, return_url, email, phone, decision_id: None };
        read(house, new).map_err(|problem| problem.under("/challenge"))
    }
}

impl House {
    /// The challenge of a decision; nothing where there is nothing to prove it with.
    pub(super) async fn challenge_with(
        &self,
        decision: DecisionId,
        asked: Asked,
    ) -> Result<Option<ChallengeView>, Problem> {
        let id = Some(self.challenge_of(decision.0));
        let asked = Asked { decision: Some(decision.0), id, ..asked };
        Ok(self.challenge_for(asked).await?.map(|hosted| view(self, &hosted)))
    }
}

fn read(house: &House, new: NewChallenge) -> Result<Asked, Problem> {
    if !(1..=ACCOUNT_ID_CHARS_MAX).contains(&new.account_id.chars().count()) {
        return Err(Problem::invalid("/account_id", "your id of the account"));
    }
    let length = new.action.chars().count();
    if !(1..=ACTION_CHARS_MAX).contains(&length) || new.action.chars().any(char::is_control) {
        return Err(Problem::invalid("/action", "1 to 200 characters in one line"));
    }
    let allowed = return_urls(&house.config.said).unwrap_or_default();
    if !redirect::allows(&allowed, &new.return_url, false) {
        let why = "not one of the setting challenge-return-urls";
        return Err(Problem::invalid("/return_url", why));
    }
    let since = house.world.now();
    let mut contacts = Vec::new();
    if let Some(typed) = &new.email {
        let Some(Login::Mail(value, _)) = Login::read(typed) else {
            return Err(Problem::invalid("/email", "a mail address"));
        };
        contacts.push(Contact { kind: ContactKind::Mail, value, since });
    }
    if let Some(typed) = &new.phone {
        let Some(Login::Phone(value)) = Login::read(typed) else {
            return Err(Problem::invalid("/phone", "a phone number"));
        };
        contacts.push(Contact { kind: ContactKind::Phone, value, since });
    }
    let decision = new.decision_id.as_deref().map(|id| {
        crate::id::read("dec", id).ok_or_else(|| Problem::invalid("/decision_id", "`dec_…`"))
    });
    Ok(Asked {
        account: new.account_id,
        action: new.action,
        return_url: new.return_url,
        contacts,
        decision: decision.transpose()?,
        id: None,
    })
}

fn view(house: &House, hosted: &Hosted) -> ChallengeView {
    let state = hosted.kept.challenge.state_at(house.world.now());
    let is_late = hosted.expires_at() <= house.world.now();
    ChallengeView {
        id: hosted.name(),
        account_id: hosted.kept.account.clone(),
        action: hosted.kept.action.clone(),
        status: match state {
            Standing::Created | Standing::Sent => "open",
            Standing::Verified { is_spent: true, .. } => "spent",
            Standing::Verified { .. } if !is_late => "verified",
            Standing::Verified { .. } | Standing::Expired => "expired",
            Standing::Exhausted => "exhausted",
            Standing::Cancelled | Standing::Replaced => "cancelled",
        },
        methods: hosted.kept.methods.clone(),
        url: format!("{}{}", house.issuer(), hosted.path()),
        expires_at: show_time(hosted.expires_at()),
    }
}
