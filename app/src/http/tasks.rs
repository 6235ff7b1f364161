//! What persons have to do, in all cases: what is due first first. Scope `desk`. A task is taken and
//! done by a step of its restitution.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use domain::time::Micros;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::SMALL_MAX;
use super::page::{PageQuery, show_spot};
use super::problem::Problem;
use super::restitution::views::TaskView;
use super::{Answer, House};
use crate::keys::Scope;
use crate::openapi::schema;
use crate::restitution::across::OpenTask;
use crate::text::Language;

/// A page of tasks.
#[derive(Serialize, ToSchema)]
#[schema(as = DeskTasks)]
pub(super) struct TasksView {
    /// What is due first first.
    items: Vec<DeskTask>,
    /// For the next page; `null` on the last.
    next_cursor: Option<String>,
}

/// A task with its case.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct DeskTask {
    #[serde(flatten)]
    pub(crate) task: TaskView,
    /// It should have been done.
    pub(crate) overdue: bool,
    /// `rst_…`, to which the step is sent.
    pub(crate) restitution_id: String,
    /// `cas_…`
    pub(crate) case_id: String,
    /// The case's number, as people say it.
    pub(crate) case_number: String,
    /// Who works on the case.
    pub(crate) case_agent: Option<String>,
    /// Your id of the order.
    pub(crate) order_id: String,
    /// Of a parcel's task: who carries it.
    pub(crate) carrier: Option<String>,
    /// And under what number.
    pub(crate) tracking_number: Option<String>,
}

impl DeskTask {
    /// A task as agents look at it.
    pub(crate) fn of(house: &House, open: &OpenTask, language: Language, now: Micros) -> Self {
        let restitution = &open.one.kept.restitution;
        let parcel = restitution.parcels.iter().find(|one| one.facts.id == open.task.about);
        Self {
            task: TaskView::of(house, open.place, &open.task, language),
            overdue: open.task.due_at() < now,
            restitution_id: crate::id::show("rst", open.one.id),
            case_id: crate::id::show("cas", open.case.id),
            case_number: open.case.kept.number.clone(),
            case_agent: open.case.kept.case.agent.clone(),
            order_id: restitution.order.clone(),
            carrier: parcel.and_then(|parcel| parcel.facts.carrier.clone()),
            tracking_number: parcel.and_then(|parcel| parcel.facts.tracking_number.clone()),
        }
    }
}

/// Open tasks of all cases: a carrier to be called, a seller who is silent, money that cannot go back
/// by itself. Take and finish one by a step of its restitution.
#[utoipa::path(
    get, path = "/v1/tasks", tag = "restitutions", operation_id = "list_tasks", params(PageQuery),
    responses((status = 200, description = "What is due first first", body = TasksView),
              schema::Refusals),
    security(("key" = ["desk"]))
)]
pub(super) async fn list(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Answer, Problem> {
    let asked = house.admit(request, Scope::Desk, SMALL_MAX).await?;
    let page = PageQuery::of(&asked.uri)?;
    let found = house.open_tasks(page.spot()?, page.limit()).await?;
    let view = |open: &OpenTask| DeskTask::of(&house, open, asked.language, asked.received_at);
    let items = found.items.iter().map(view).collect();
    let next_cursor = found.next.map(show_spot);
    Answer::json(StatusCode::OK, &TasksView { items, next_cursor })
}
