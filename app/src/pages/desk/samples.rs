//! Cases as pages are tried with.

use domain::case::{Advice, Outcome, Reminder, Ruled, Ruling};
use domain::ledger::Bearer;
use domain::time::Micros;

use crate::callbacks::Known;
use crate::cases::contain::{Item, What};
use crate::cases::history::{OrderSeen, Parcel, ParcelState};
use crate::http::callbacks::views::CallbackView;
use crate::http::cases::claims::{ClaimsView, Comparison};
use crate::http::cases::then_now::ThenNow;
use crate::http::cases::views::{
    AppealView, BreachView, CaseView, HoldView, MessageView, OrderView, ReminderView, ReportView,
    StepView, SummaryView, WindowEvent, WindowView,
};
use crate::http::ledger::LedgerLine;
use crate::http::restitution::views::{ParcelView, RefundView, RestitutionView, TaskView};
use crate::http::tasks::DeskTask;
use crate::pack::{For, Item as Pack, ItemView};

pub(super) const AT: &str = "2026-06-03T12:04:05Z";

/// A case in short.
pub(super) fn summary(priority: &str) -> SummaryView {
    SummaryView {
        id: "cas_0".to_owned(),
        number: "K7QM2F9A".to_owned(),
        state: if priority == "P1" { "submitted" } else { "need_info" }.to_owned(),
        priority: priority.to_owned(),
        account_id: (priority == "P1").then(|| "u-<1>".to_owned()),
        taken_over: priority == "P1",
        level: "V1",
        agent: (priority == "P3").then(|| "sato@shop.example".to_owned()),
        opened_at: AT.to_owned(),
        due_at: (priority == "P1").then(|| AT.to_owned()),
        overdue: priority == "P1",
        reports: u32::from(priority == "P1"),
        reminders: if priority == "P1" {
            let reminder = |what: Reminder| ReminderView { what: what.name(), by: AT.to_owned() };
            Reminder::ALL.map(reminder).into()
        } else {
            Vec::new()
        },
    }
}

fn comparison(result: &'static str) -> Comparison {
    Comparison { result, until: (result == "match").then(|| AT.to_owned()) }
}

fn order(id: &str, ruling: Option<Ruled>) -> OrderView {
    let seen = OrderSeen {
        id: id.to_owned(),
        placed_at: Micros(1_780_488_245_000_000),
        amount: 420_000,
        currency: "JPY".to_owned(),
        is_digital: false,
        cancelled: false,
        dispute_open: false,
        parcels: vec![Parcel { id: "p-1".to_owned(), state: ParcelState::InTransit }],
        place: 0,
        address: None,
    };
    OrderView {
        order: (id != "o-unknown").then_some(seen),
        order_id: id.to_owned(),
        in_window: id == "o-1",
        mark: (id != "o-1").then(|| "not_mine".to_owned()),
        appeal: ruling.is_some().then(|| AppealView {
            at: AT.to_owned(),
            why: "<b>not me</b>".to_owned(),
            not_by: vec!["mori@shop.example".to_owned()],
            answered_by: None,
        }),
        ruling,
    }
}

/// Orders that are made whole: one under way, one over.
pub(super) fn restitutions() -> Vec<RestitutionView> {
    let parcel = |id: &str, stage: &str, end: Option<&str>| ParcelView {
        id: id.to_owned(),
        state: "in_transit".to_owned(),
        stage: stage.to_owned(),
        end: end.map(str::to_owned),
        first_act: "intercept".to_owned(),
        follow_ups: vec!["check_receipt".to_owned()],
        owner: "carrier".to_owned(),
        due_at: end.is_none().then(|| AT.to_owned()),
        intercept: None,
        seller_return: None,
        code: None,
        receivable: if end.is_some() { 1_540 } else { 0 },
    };
    let refund = |state: &str| RefundView {
        id: "rfd_0".to_owned(),
        line_id: "<l-1>".to_owned(),
        component: "item".to_owned(),
        shipment_id: "s-1".to_owned(),
        amount: 48_000,
        state: state.to_owned(),
        path: "card-statement".to_owned(),
        seen_within_days: 21,
        notice: "<within three weeks>".to_owned(),
        reference: None,
    };
    let task = TaskView {
        task: 0,
        kind: "call-carrier".to_owned(),
        about: "s-1".to_owned(),
        since: AT.to_owned(),
        due_at: AT.to_owned(),
        taken_by: None,
        done: false,
        script: "<call the carrier>".to_owned(),
    };
    let restitution = |over: bool| RestitutionView {
        id: if over { "rst_1" } else { "rst_0" }.to_owned(),
        case_id: "cas_0".to_owned(),
        order_id: "o-<1>".to_owned(),
        currency: "JPY".to_owned(),
        total: 48_000,
        victims_share: 0,
        approved_by: if over { vec!["sato".to_owned()] } else { Vec::new() },
        approved: over,
        over,
        parcels: vec![if over {
            parcel("s-1", "resolved", Some("goods_back"))
        } else {
            parcel("s-1", "intercepting", None)
        }],
        refunds: vec![refund(if over { "succeeded" } else { "proposed" })],
        tasks: if over { Vec::new() } else { vec![task.clone()] },
        balances: std::collections::BTreeMap::new(),
        steps: Vec::new(),
    };
    vec![restitution(false), restitution(true)]
}

/// A task that nobody does yet, and one that is overdue.
pub(super) fn tasks() -> Vec<DeskTask> {
    let task = |kind: &str, taken_by: Option<&str>| DeskTask {
        task: TaskView {
            task: 0,
            kind: kind.to_owned(),
            about: "s-<1>".to_owned(),
            since: AT.to_owned(),
            due_at: AT.to_owned(),
            taken_by: taken_by.map(str::to_owned),
            done: false,
            script: "Call <the carrier>".to_owned(),
        },
        overdue: taken_by.is_none(),
        restitution_id: "rst_0".to_owned(),
        case_id: "cas_0".to_owned(),
        case_number: "K7QM2F9A".to_owned(),
        case_agent: taken_by.map(str::to_owned),
        order_id: "o-<1>".to_owned(),
        carrier: taken_by.is_none().then(|| "yamato".to_owned()),
        tracking_number: taken_by.is_none().then(|| "4000".to_owned()),
    };
    vec![
        task("call-carrier", None),
        task("seller-silent", Some("sato@shop.example")),
        task("refund-by-hand", Some("mori@shop.example")),
    ]
}

/// Both sides of a posting, and one that sets another right.
pub(super) fn ledger_lines() -> Vec<LedgerLine> {
    let line = |account: &str, amount, reverses: Option<&str>| LedgerLine {
        at: AT.to_owned(),
        case_id: "cas_0".to_owned(),
        order_id: "o-<1>".to_owned(),
        key: "cas_0:o-1:l-1:item".to_owned(),
        reverses: reverses.map(str::to_owned),
        account: account.to_owned(),
        amount,
        currency: "JPY".to_owned(),
    };
    vec![
        line("customer_refund_payable", 3_000, None),
        line("psp_clearing", -3_000, None),
        line("write_off", 1_540, Some("cas_0:o-1:fee")),
    ]
}

fn changed_mail() -> ThenNow {
    ThenNow {
        what: "mails",
        then: vec!["h•••@example.jp".to_owned()],
        now: vec!["<x>•••@example.net".to_owned()],
        changed: true,
    }
}

fn breach() -> BreachView {
    BreachView {
        preliminary_by: AT.to_owned(),
        final_by: AT.to_owned(),
        settled: vec!["preliminary".to_owned()],
    }
}

/// A case with everything.
pub(super) fn case() -> CaseView {
    let outcome = Outcome::Refund { amount: 420_000, borne_by: Bearer::Store };
    let ruling = Ruling { outcome, wants_second: true, table: "2026-11-27".to_owned() };
    let ruled = Ruled { ruling, by: "sato@shop.example".to_owned(), approved_by: None };
    let failed =
        |what| Item { what, done: false, count: 2, failed: Some("no_endpoint".to_owned()) };
    let step = |did: &str| StepView {
        at: AT.to_owned(),
        by: "sato@shop.example".to_owned(),
        did: did.to_owned(),
        to: "triage".to_owned(),
        reason: Some("<reason>".to_owned()),
    };
    CaseView {
        summary: summary("P1"),
        report: ReportView {
            topic: "taken-over",
            login: "h•••@example.jp".to_owned(),
            name: "山•••".to_owned(),
            address: "東•••".to_owned(),
            card_last4: "4242".to_owned(),
            new_contact: "0•••".to_owned(),
            what: "夜中に <b>9件</b>".to_owned(),
            statement: "6/3 ¥420,000".to_owned(),
            told_issuer: true,
        },
        unmasked: Some("hanako@example.jp".to_owned()),
        hold: Some(HoldView { since: AT.to_owned(), by: "sato".to_owned() }),
        files_until: None,
        evidence: vec![crate::evidence::kept::Item {
            id: 0,
            kind: crate::evidence::Kind::Png,
            bytes: 1_234,
            sha256_original: "00".to_owned(),
            sha256: "01".to_owned(),
            at: Micros(1_780_488_245_000_000),
        }],
        missing: vec!["orders"],
        claims: Some(ClaimsView {
            login: comparison("match"),
            former_password: comparison("no_match"),
            name: comparison("not_available"),
            address: comparison("not_available"),
            birth_date: comparison("not_available"),
            card_last4: comparison("match"),
            orders: comparison("match"),
        }),
        account_state: Some("locked"),
        window: Some(WindowView {
            start: AT.to_owned(),
            why: "first_sign_in".to_owned(),
            sessions: 1,
            devices: 1,
            events: vec![WindowEvent {
                at: AT.to_owned(),
                r#type: "login".to_owned(),
                decision_id: "dec_0".to_owned(),
                score: 0.83,
            }],
        }),
        orders: vec![order("o-1", None), order("o-2", Some(ruled)), order("o-unknown", None)],
        profile: vec![changed_mail()],
        handover: Advice::ALL.map(Advice::name).into(),
        breach_report: Some(breach()),
        contained: vec![
            Item { what: What::SessionsEnded, done: true, count: 3, failed: None },
            failed(What::OrdersHeld),
        ],
        messages: vec![MessageView { at: AT.to_owned(), agent: None, text: "<script>".to_owned() }],
        steps: ["opened", "submitted", "taken"].map(step).into(),
    }
}

/// A call-back in each look.
pub(super) fn calls() -> Vec<CallbackView> {
    let call = |state, number_is: Known, overdue| CallbackView {
        id: "cbk_0".to_owned(),
        case_id: "cas_0".to_owned(),
        case_number: "K7QM2F9A".to_owned(),
        state,
        wish: if overdue { "follow_up" } else { "now" },
        asked_at: AT.to_owned(),
        promised_at: AT.to_owned(),
        overdue,
        rings: 1,
        first_ring_ms: Some(1_200),
        agent: Some("sato@shop.example".to_owned()),
        number: "•••• 5678".to_owned(),
        number_is,
        information_only: number_is.is_information_only(),
        phrase: "あさひ くじら みかん やなぎ".to_owned(),
        reason: overdue.then(|| "<reason>".to_owned()),
        follows: None,
        steps: Vec::new(),
    };
    vec![
        call("queued", Known::Unknown, true),
        call("dialling", Known::ComeSince, false),
        call("connected", Known::FromBefore, false),
        call("resolved", Known::FromBefore, false),
    ]
}

/// A pack for the police.
pub(in super::super) fn pack() -> ItemView {
    ItemView::from(&Pack { id: 7, whom: For::Police, at: Micros(0), sha256: "0".repeat(64) })
}
