//! Cases as agents look at them. Personal data is masked; what compares is said as match or no match.

use domain::case::{Advice, Hold, Mark, Step};
use domain::time::Micros;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::House;
use super::super::problem::Problem;
use super::claims::ClaimsView;
pub(crate) use super::due::{AppealView, BreachView, ReminderView};
use super::then_now::ThenNow;
use crate::audit::{actor, word};
use crate::cases::contain::Item;
use crate::cases::history::{History, OrderSeen, standing_name};
use crate::cases::{Numbered, name_of};
use crate::pages::hidden;
use crate::time::show;

/// The queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseQueue)]
pub(in super::super) struct QueueView {
    /// The most urgent first.
    pub(super) items: Vec<SummaryView>,
    /// For the next page; `null` on the last.
    pub(super) next_cursor: Option<String>,
}

/// A case in short.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CaseSummary)]
pub(crate) struct SummaryView {
    /// `cas_…`
    pub(crate) id: String,
    /// Its number, as people say it.
    pub(crate) number: String,
    /// Where it stands (§4.2).
    #[schema(example = "submitted")]
    pub(crate) state: String,
    /// `P1`, `P2`, `P3`.
    pub(crate) priority: String,
    /// Your id of the account, once it is known.
    pub(crate) account_id: Option<String>,
    /// As the reporter says.
    pub(crate) taken_over: bool,
    /// What was proven of the reporter: `V0` … `V4` (§2.3).
    pub(crate) level: &'static str,
    /// Who works on it.
    pub(crate) agent: Option<String>,
    /// When it was opened.
    pub(crate) opened_at: String,
    /// When somebody has to do something.
    pub(crate) due_at: Option<String>,
    /// That time is over.
    pub(crate) overdue: bool,
    /// Further reports that went into it.
    pub(crate) reports: u32,
    /// What the desk was reminded of, and is not done.
    pub(crate) reminders: Vec<ReminderView>,
}

impl SummaryView {
    pub(crate) fn of(one: &Numbered, now: Micros) -> Self {
        let case = &one.kept.case;
        Self {
            id: crate::id::show("cas", one.id),
            number: one.kept.number.clone(),
            state: word(&case.state),
            priority: word(&case.priority),
            account_id: one.kept.account_name.clone(),
            taken_over: case.taken_over,
            level: name_of(case.level()),
            agent: case.agent.clone(),
            opened_at: show(case.opened_at),
            due_at: case.due_at.map(show),
            overdue: case.is_overdue(now),
            reports: one.kept.reports,
            reminders: ReminderView::of(case, now),
        }
    }
}

/// A case with everything that an agent looks at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub(crate) struct CaseView {
    #[serde(flatten)]
    pub(crate) summary: SummaryView,
    /// What was reported, masked.
    pub(crate) report: ReportView,
    /// What was unmasked by this step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unmasked: Option<String>,
    /// Since when nothing of it may go, and who asked (X12); `null` without a legal hold.
    pub(crate) hold: Option<HoldView>,
    /// Until when its files are kept; `null` while that is open.
    pub(crate) files_until: Option<String>,
    /// Files that were given.
    pub(crate) evidence: Vec<crate::evidence::kept::Item>,
    /// What would help, and is missing (R14).
    #[schema(value_type = Vec<String>)]
    pub(crate) missing: Vec<&'static str>,
    /// How the claims compare; `null` before there is an account.
    pub(crate) claims: Option<ClaimsView>,
    /// How the account stands, where its sign-in is kept here.
    #[schema(value_type = Option<String>)]
    pub(crate) account_state: Option<&'static str>,
    /// The takeover window; `null` before there is an account.
    pub(crate) window: Option<WindowView>,
    /// The profile before it began and now (R27); nothing where its sign-in is not kept here.
    pub(crate) profile: Vec<ThenNow>,
    /// The account's orders of the window and those that the reporter marked.
    pub(crate) orders: Vec<OrderView>,
    /// What containing did, item by item (X3).
    pub(crate) contained: Vec<Item>,
    /// The handover note of a decided case, line by line (R37): `refunds-coming`, `police` …
    #[schema(value_type = Vec<String>)]
    pub(crate) handover: Vec<&'static str>,
    /// Until when a breach that has to be reported is reported (個人情報保護法 §26); whether it has to
    /// be is for your counsel.
    pub(crate) breach_report: Option<BreachView>,
    /// What was said.
    pub(crate) messages: Vec<MessageView>,
    /// Every step, oldest first.
    pub(crate) steps: Vec<StepView>,
}

/// A report, masked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseReport)]
pub(crate) struct ReportView {
    #[schema(value_type = String)]
    pub(crate) topic: &'static str,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) card_last4: String,
    pub(crate) new_contact: String,
    pub(crate) what: String,
    pub(crate) statement: String,
    pub(crate) told_issuer: bool,
}

/// The takeover window: everything of the same hands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TakeoverWindow)]
pub(crate) struct WindowView {
    /// When it is taken to have begun.
    pub(crate) start: String,
    /// Why there: `first_sign_in`, `first_act`, `as_told`.
    pub(crate) why: String,
    /// Sessions of these hands.
    pub(crate) sessions: usize,
    /// Devices of these hands.
    pub(crate) devices: usize,
    /// What they did, oldest first.
    pub(crate) events: Vec<WindowEvent>,
}

/// One thing that these hands did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WindowEvent {
    /// When.
    pub(crate) at: String,
    /// What.
    pub(crate) r#type: String,
    /// The decision on it.
    pub(crate) decision_id: String,
    /// Probability, at the time, that this was not the owner.
    pub(crate) score: f64,
}

/// An order of a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseOrder)]
pub(crate) struct OrderView {
    /// What is known of it; `null` where the account has no such order.
    #[schema(value_type = Option<Object>)]
    pub(crate) order: Option<OrderSeen>,
    /// Your id of it.
    pub(crate) order_id: String,
    /// The same hands placed it.
    pub(crate) in_window: bool,
    /// `mine`, `not_mine`; `null` where nothing was said.
    pub(crate) mark: Option<String>,
    /// What was ruled.
    #[schema(value_type = Option<Object>)]
    pub(crate) ruling: Option<domain::case::Ruled>,
    /// What its owner says against the ruling.
    pub(crate) appeal: Option<AppealView>,
}

/// A word in the thread.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseMessage)]
pub(crate) struct MessageView {
    /// When.
    pub(crate) at: String,
    /// Which agent; `null` for the reporter.
    pub(crate) agent: Option<String>,
    /// What.
    pub(crate) text: String,
}

/// A legal hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseHold)]
pub(crate) struct HoldView {
    /// Since when.
    pub(crate) since: String,
    /// The agent.
    pub(crate) by: String,
}

impl HoldView {
    fn of(hold: &Hold) -> Self {
        Self { since: show(hold.since), by: hold.by.clone() }
    }
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseHistoryStep)]
pub(crate) struct StepView {
    /// When.
    pub(crate) at: String,
    /// `reporter`, `system`, or the agent's name.
    pub(crate) by: String,
    /// What was done.
    pub(crate) did: String,
    /// Where it stood since.
    pub(crate) to: String,
    /// Why.
    pub(crate) reason: Option<String>,
}

impl StepView {
    fn of(step: &Step) -> Self {
        let by = actor(&step.by).to_owned();
        let (did, to, reason) = (word(&step.did), word(&step.to), step.reason.clone());
        Self { at: show(step.at), by, did, to, reason }
    }
}

impl House {
    /// A case with everything that an agent looks at.
    pub(crate) async fn case_view(
        &self,
        case: &Numbered,
        now: Micros,
    ) -> Result<CaseView, Problem> {
        let kept = &case.kept;
        let report = &kept.report;
        let made = self.restitutions(case).await?;
        let made: Vec<_> = made.iter().map(|one| &one.kept.restitution).collect();
        let mut view = CaseView {
            summary: SummaryView::of(case, now),
            report: ReportView {
                topic: report.topic.name(),
                login: masked(&report.login),
                name: masked(&report.name),
                address: masked(&report.address),
                card_last4: report.card_last4.clone(),
                new_contact: masked(&report.new_contact),
                what: report.what.clone(),
                statement: report.statement.clone(),
                told_issuer: report.told_issuer,
            },
            unmasked: None,
            hold: kept.case.hold.as_ref().map(HoldView::of),
            files_until: kept.case.files_until().map(show),
            evidence: kept.evidence.clone(),
            missing: report
                .missing(kept.case.taken_over, kept.case.marks.len())
                .into_iter()
                .map(crate::cases::report::Missing::name)
                .collect(),
            claims: None,
            account_state: None,
            window: None,
            profile: Vec::new(),
            orders: Vec::new(),
            contained: kept.contained.clone(),
            handover: kept.case.handover(&made, now).into_iter().map(Advice::name).collect(),
            breach_report: BreachView::of(&kept.case),
            messages: kept.messages.iter().map(message).collect(),
            steps: kept.case.steps.iter().map(StepView::of).collect(),
        };
        let Some(account) = kept.case.account else { return Ok(view) };
        let member = self.members.of(account).await?;
        let history = self.history(account).await?;
        let (window, start) = self.window_of(case, &history);
        let claims = self.compared(case, &history, member.as_ref().map(|one| &one.member), start);
        view.claims = Some(ClaimsView::of(&claims));
        if let Some(found) = member {
            view.account_state = Some(standing_name(found.member.standing.state));
            let changes = self.members.changes_of(account).await?;
            let changes: Vec<_> = changes.into_iter().map(|(_, change)| change).collect();
            view.profile = ThenNow::of(&found.member, &changes, start, now);
        }
        let postcodes = history.told(|heard| &heard.order.ship_to.postcode);
        view.profile.extend(ThenNow::of_postcodes(&postcodes, start));
        let event = |place: &usize| history.0.get(*place).map(event_of);
        view.window = Some(WindowView {
            start: show(start),
            why: word(&window.why),
            sessions: window.sessions.len(),
            devices: window.devices.len(),
            events: window.events.iter().filter_map(event).collect(),
        });
        view.orders = orders_of(case, &history, &window.events);
        Ok(view)
    }
}

fn orders_of(case: &Numbered, history: &History, theirs: &[usize]) -> Vec<OrderView> {
    let (marks, rulings) = (&case.kept.case.marks, &case.kept.case.rulings);
    let name = |mark: &Mark| word(mark);
    let mut views = Vec::new();
    let orders = history.orders();
    for order in &orders {
        let in_window = theirs.binary_search(&order.place).is_ok();
        if in_window || marks.contains_key(&order.id) {
            views.push(OrderView {
                order_id: order.id.clone(),
                in_window,
                mark: marks.get(&order.id).map(name),
                ruling: rulings.get(&order.id).cloned(),
                appeal: case.kept.case.appeals.get(&order.id).map(AppealView::of),
                order: Some(order.clone()),
            });
        }
    }
    let unknown = marks.iter().filter(|(id, _)| !orders.iter().any(|order| order.id == **id));
    views.extend(unknown.map(|(id, mark)| OrderView {
        order: None,
        order_id: id.clone(),
        in_window: false,
        mark: Some(name(mark)),
        ruling: None,
        appeal: None,
    }));
    views
}

fn event_of(seen: &crate::cases::history::Seen) -> WindowEvent {
    WindowEvent {
        at: show(seen.happened.at),
        r#type: word(&seen.happened.kind),
        decision_id: crate::id::show("dec", seen.decision),
        score: seen.happened.score,
    }
}

fn message(message: &crate::cases::Message) -> MessageView {
    MessageView { at: show(message.at), agent: message.agent.clone(), text: message.text.clone() }
}

/// The first sign and no more, or a contact as it is hidden elsewhere.
fn masked(text: &str) -> String {
    if text.is_empty() || text.contains('@') {
        return if text.is_empty() { String::new() } else { hidden(text) };
    }
    text.chars().take(1).chain("•••".chars()).collect()
}
