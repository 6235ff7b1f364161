//! Campaigns of mails that pose as the store: reports of customers, and the desk's list of them (R63).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::routing::{get, post};
use domain::keyed::Field;
use mail::Options;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, BODY_MAX, SMALL_MAX};
use super::problem::Problem;
use super::{Answer, House};
use crate::campaigns::{Campaign, Doing, Step, Told, Warning, indicators};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::time::show;

/// Campaigns on one answer.
const LIMIT: u32 = 500;

/// Its routes.
pub(super) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/v1/mail/reports", post(report))
        .route("/v1/campaigns", get(list))
        .route("/v1/campaigns/{id}/steps", post(step))
        .route("/v1/campaign-indicators", get(export))
        .route("/v1/campaign-warning", get(warning))
}

/// A mail that a customer reports.
#[derive(Deserialize, ToSchema)]
#[schema(as = MailReportBody)]
pub(super) struct ReportBody {
    /// The whole mail as it was received, headers first. It is read and not kept.
    raw: String,
    /// What they did with it.
    #[serde(flatten)]
    told: Told,
    /// Your id of the account of who reports: reported twice by one is counted once. An account that
    /// signs in here and opened something, or gave something away, is watched.
    #[serde(default)]
    account_id: Option<String>,
}

/// A campaign as the desk looks at it.
#[derive(Serialize, ToSchema)]
#[schema(as = Campaign)]
pub(crate) struct CampaignView {
    /// `cpn_…`
    pub(crate) id: String,
    /// How far the desk has come.
    pub(crate) state: crate::campaigns::State,
    /// What was said of the first mail: `forged`, `suspicious` or `unclear`.
    #[schema(value_type = String, example = "forged")]
    pub(crate) verdict: mail::Verdict,
    /// Codes of why, strongest first.
    pub(crate) reasons: Vec<String>,
    /// The subject, digits as `#`.
    pub(crate) subject: String,
    /// Domains that the mails say they come from.
    pub(crate) senders: Vec<String>,
    /// Domains that their links lead to.
    pub(crate) hosts: Vec<String>,
    /// How many reported it.
    pub(crate) reports: u32,
    /// How many of them opened something.
    pub(crate) clicked: u32,
    /// How many entered a password.
    pub(crate) gave_password: u32,
    /// How many entered a card.
    pub(crate) gave_card: u32,
    /// When it was first reported.
    pub(crate) first_reported_at: String,
    /// When it was last reported.
    pub(crate) last_reported_at: String,
    /// What the desk did, oldest first.
    pub(crate) steps: Vec<Step>,
}

impl CampaignView {
    pub(crate) fn of(campaign: &Campaign) -> Self {
        let kept = &campaign.kept;
        Self {
            id: crate::id::show("cpn", campaign.id),
            state: kept.state,
            verdict: kept.verdict,
            reasons: kept.reasons.clone(),
            subject: kept.traits.subject.clone(),
            senders: kept.senders.iter().cloned().collect(),
            hosts: kept.traits.hosts.clone(),
            reports: kept.reports,
            clicked: kept.clicked,
            gave_password: kept.gave_password,
            gave_card: kept.gave_card,
            first_reported_at: show(kept.first_at),
            last_reported_at: show(kept.last_at),
            steps: kept.steps.clone(),
        }
    }
}

/// Campaigns, the last reported first.
#[derive(Serialize, ToSchema)]
#[schema(as = Campaigns)]
pub(super) struct CampaignsView {
    /// At most 500.
    items: Vec<CampaignView>,
}

/// Report a mail that poses as the store: it goes into the campaign of its hand, or begins one. The
/// mail itself is not kept. A genuine mail is refused (409).
#[utoipa::path(
    post, path = "/v1/mail/reports", tag = "mail", operation_id = "report_mail",
    params(schema::IdempotencyKey), request_body = ReportBody,
    responses((status = 201, description = "Its campaign", body = CampaignView), schema::Refusals),
    security(("key" = ["decide"]))
)]
pub(super) async fn report(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Decide, BODY_MAX).await?;
    house.pace(&asked, 1)?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let told: ReportBody = body::json(&asked.body)?;
                if told.raw.trim().is_empty() {
                    return Err(Problem::invalid("/raw", "there is no mail in it"));
                }
                let checked = house.check_mail(told.raw.into(), Options::default()).await?;
                let (mut reporter, mut holder) = (None, None);
                if let Some(account) = &told.account_id {
                    reporter = Some(house.hasher.short(Field::Account, account.as_bytes()));
                    holder = house.members.of(house.account_key(account)).await?;
                }
                let campaign =
                    house.report_mail(&checked, told.told, reporter, holder.as_ref()).await?;
                Answer::json(StatusCode::CREATED, &CampaignView::of(&campaign))
            }),
        )
        .await
}

/// Campaigns that customers reported, the last reported first.
#[utoipa::path(
    get, path = "/v1/campaigns", tag = "mail", operation_id = "list_campaigns",
    responses((status = 200, description = "Campaigns", body = CampaignsView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let all = house.campaigns(&crate::campaigns::State::ALL, LIMIT).await?;
    let items = all.iter().map(CampaignView::of).collect();
    Answer::json(StatusCode::OK, &CampaignsView { items })
}

/// A step of the desk.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignStep)]
pub(super) struct StepBody {
    /// The agent who acts.
    agent: String,
    /// What is done.
    r#do: Doing,
    /// Why.
    reason: String,
}

/// Do something with a campaign. The same again changes nothing.
#[utoipa::path(
    post, path = "/v1/campaigns/{id}/steps", tag = "mail", operation_id = "step_campaign",
    params(("id" = String, Path, description = "`cpn_…`"), schema::IdempotencyKey),
    request_body = StepBody,
    responses((status = 200, description = "The campaign", body = CampaignView), schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn step(
    State(house): State<Arc<House>>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house
        .once_for_all(
            &asked,
            Box::pin(async {
                let told: StepBody = body::json(&asked.body)?;
                let by = asked.actor(&told.agent)?;
                let campaign = house.step_campaign(&id, told.r#do, &by, &told.reason).await?;
                Answer::json(StatusCode::OK, &CampaignView::of(&campaign))
            }),
        )
        .await
}

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormatQuery {
    /// `stix` (2.1, JSON; also where absent) or `csv`.
    format: Option<String>,
}

/// Indicators of confirmed campaigns, for whoever takes mails and pages down: domains of senders and
/// links, and subjects.
#[utoipa::path(
    get, path = "/v1/campaign-indicators", tag = "mail", operation_id = "campaign_indicators",
    params(FormatQuery),
    responses(
        (status = 200, description = "A STIX 2.1 bundle, or CSV", content(
            (Object = "application/stix+json;version=2.1"), (String = "text/csv")
        )),
        schema::Refusals
    ),
    security(("key" = ["desk"]))
)]
pub(super) async fn export(
    State(house): State<Arc<House>>,
    Query(query): Query<FormatQuery>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Desk, SMALL_MAX).await?;
    house.indicators(query.format.as_deref()).await
}

impl House {
    /// Indicators of confirmed campaigns as a download.
    pub(crate) async fn indicators(&self, format: Option<&str>) -> Result<Answer, Problem> {
        use crate::campaigns::State;
        let states = [State::Confirmed, State::Warned, State::Over];
        let all = self.campaigns(&states, LIMIT).await?;
        let (kind, name, bytes) = match format {
            None | Some("stix") => {
                let bundle = indicators::stix(&all, self.config.said.text("store-name"));
                let bytes =
                    serde_json::to_vec(&bundle).map_err(|error| Problem::internal(&error))?;
                let name = "attachment; filename=\"campaigns.json\"";
                ("application/stix+json;version=2.1", name, bytes)
            }
            Some("csv") => {
                let name = "attachment; filename=\"campaigns.csv\"";
                ("text/csv; charset=utf-8", name, indicators::csv(&all)?)
            }
            Some(_) => return Err(Problem::invalid("/format", "stix or csv")),
        };
        let mut answer = Answer::new(StatusCode::OK, bytes.into());
        answer.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        answer.headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
        Ok(answer)
    }
}

/// What customers are warned of.
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignWarnings)]
pub(super) struct WarningView {
    /// `null` while there is nothing.
    warning: Option<Warning>,
}

/// What customers are warned of now, for a banner on your own pages. At most two seconds old.
#[utoipa::path(
    get, path = "/v1/campaign-warning", tag = "mail", operation_id = "campaign_warning",
    responses((status = 200, description = "The warning", body = WarningView), schema::Refusals),
    security(("key" = ["read"]))
)]
pub(super) async fn warning(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    house.admit(request, Scope::Read, SMALL_MAX).await?;
    let warning = house.mail_check.warning().as_deref().cloned();
    Answer::json(StatusCode::OK, &WarningView { warning })
}
