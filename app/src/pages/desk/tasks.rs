//! What persons have to do, in all cases, on a page: what is due first first.
//!
//! A task names a case, an order and a parcel, and nothing of the victim: whoever is of the desk may
//! take it without having taken the case.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::restitution::Command;
use serde::Serialize;

use super::super::cookies::Flash;
use super::super::form::Form;
use super::super::{Page, Visitor};
use super::{After, PAGE};
use crate::desk::{Colleague, Role};
use crate::http::House;
use crate::http::page::{read_spot, show_spot};
use crate::http::problem::{Kind, Problem};
use crate::http::tasks::DeskTask;
use crate::text::Language;

/// `/desk/tasks`
#[derive(Serialize)]
pub(in super::super) struct TasksPage {
    me: String,
    items: Vec<DeskTask>,
    /// Where the next page begins.
    next: Option<String>,
    /// It is not the first page.
    later: bool,
    may_act: bool,
    supervises: bool,
    problem: Option<String>,
}

/// Words that the template completes keys with.
#[cfg(test)]
pub(in super::super) fn keys() -> Vec<String> {
    use domain::restitution::TaskKind;
    TaskKind::ALL.map(|kind| format!("task-{}", kind.name())).into()
}

impl Page for TasksPage {
    const TEMPLATE: &'static str = "desk_tasks.html";

    fn samples() -> Vec<Self> {
        let page = |items: Vec<DeskTask>, may_act: bool| Self {
            me: "sato@shop.example".to_owned(),
            next: may_act.then(|| "cur_2.at_3".to_owned()),
            later: may_act,
            items,
            may_act,
            supervises: false,
            problem: may_act.then(|| "<a supervisor has to do this>".to_owned()),
        };
        vec![page(super::samples::tasks(), true), page(super::samples::tasks(), false), {
            page(Vec::new(), false)
        }]
    }
}

/// The list.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    let page = house.tasks_page(&colleague, after.as_deref(), visitor.language).await?;
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// A task is taken, or is done.
pub(super) async fn act(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read(&house, request).await?;
    let (visitor, colleague) = match house.colleague(&headers, visitor).await? {
        Ok(both) => both,
        Err(response) => return Ok(response),
    };
    match house.act_on_task(&form, &colleague).await {
        Ok(()) => Ok(house.go(&visitor, "/desk/tasks", Some(Flash::Saved))),
        Err(problem) if problem.kind == Kind::Conflict || problem.kind == Kind::Forbidden => {
            let mut page = house.tasks_page(&colleague, None, visitor.language).await?;
            page.problem = Some(problem.detail);
            Ok(house.page(&visitor, StatusCode::OK, &page))
        }
        Err(problem) => Err(problem),
    }
}

impl House {
    async fn tasks_page(
        &self,
        colleague: &Colleague,
        after: Option<&str>,
        language: Language,
    ) -> Result<TasksPage, Problem> {
        let after = after.and_then(read_spot);
        let found = self.open_tasks(after, PAGE).await?;
        let now = self.world.now();
        let task = |open| DeskTask::of(self, open, language, now);
        Ok(TasksPage {
            me: colleague.name.clone(),
            items: found.items.iter().map(task).collect(),
            next: found.next.map(show_spot),
            later: after.is_some(),
            may_act: colleague.role != Role::Auditor,
            supervises: colleague.role == Role::Supervisor,
            problem: None,
        })
    }

    async fn act_on_task(&self, form: &Form, colleague: &Colleague) -> Result<(), Problem> {
        let by = colleague.actor().ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
        let missing = || Problem::not_found("task");
        let id = crate::id::read("rst", form.text("restitution")).ok_or_else(missing)?;
        let place: usize = form.text("task").parse().map_err(|_| missing())?;
        let command = match form.text("do") {
            "take" => Command::TaskTaken(place),
            "done" => {
                let one = self.restitution(id).await?;
                let task = one.kept.restitution.tasks.get(place).ok_or_else(missing)?;
                let mine = task.taken_by.as_ref() == Some(&colleague.name);
                if !mine && colleague.role != Role::Supervisor {
                    return Err(Problem::new(Kind::Conflict, "take the task first"));
                }
                Command::TaskDone(place)
            }
            _ => return Err(missing()),
        };
        self.restitute(id, &command, &by).await.map(drop)
    }
}
