//! What is told to subscribers about a judged event: a pure function of the decision.
//!
//! A message carries the ids the store itself gave and what was decided, never a name, an address
//! or a card; who needs more asks the API for the decision.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use domain::decision::{Mode, Obligation, Standing, Verdict};
use domain::event::EventType;
use domain::memory::Outcome;
use domain::risk::signal_by_number;
use domain::time::Micros;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Body, Entry, Payload};

use crate::id;
use crate::judge::{Judged, Submission};

/// Kinds of message that this version sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "named as in api.md")]
pub enum Kind {
    DecisionCreated,
    AccountRestricted,
    AccountReleased,
    SessionsRevoked,
    OrderHoldRequested,
    OrderCancelRequested,
    NotificationRequested,
    IncidentOpened,
    AccountLocked,
    GiftCardRevokeRequested,
    IncidentDecided,
    IncidentClosed,
    RefundRequested,
    ShipmentInterceptRequested,
    SellerReturnRequested,
    CallbackDue,
    CallbackOverdue,
    SellerHoldRequested,
    IncidentAppealed,
    IncidentReminder,
    OrderReleased,
}

impl Kind {
    /// Every kind, in the order in which messages of one decision are written.
    pub const ALL: [Self; 21] = [
        Self::DecisionCreated,
        Self::AccountRestricted,
        Self::AccountReleased,
        Self::SessionsRevoked,
        Self::OrderHoldRequested,
        Self::OrderCancelRequested,
        Self::NotificationRequested,
        Self::IncidentOpened,
        Self::AccountLocked,
        Self::GiftCardRevokeRequested,
        Self::IncidentDecided,
        Self::IncidentClosed,
        Self::RefundRequested,
        Self::ShipmentInterceptRequested,
        Self::SellerReturnRequested,
        Self::CallbackDue,
        Self::CallbackOverdue,
        Self::SellerHoldRequested,
        Self::IncidentAppealed,
        Self::IncidentReminder,
        Self::OrderReleased,
    ];

    /// `decision.created` …
    pub const fn name(self) -> &'static str {
        match self {
            Self::DecisionCreated => "decision.created",
            Self::AccountRestricted => "account.restricted",
            Self::AccountReleased => "account.released",
            Self::SessionsRevoked => "sessions.revoked",
            Self::OrderHoldRequested => "order.hold_requested",
            Self::OrderCancelRequested => "order.cancel_requested",
            Self::NotificationRequested => "notification.requested",
            Self::IncidentOpened => "incident.opened",
            Self::AccountLocked => "account.locked",
            Self::GiftCardRevokeRequested => "gift_card.revoke_requested",
            Self::IncidentDecided => "incident.decided",
            Self::IncidentClosed => "incident.closed",
            Self::RefundRequested => "refund.requested",
            Self::ShipmentInterceptRequested => "shipment.intercept_requested",
            Self::SellerReturnRequested => "seller.return_requested",
            Self::CallbackDue => "callback.due",
            Self::CallbackOverdue => "callback.overdue",
            Self::SellerHoldRequested => "seller.hold_requested",
            Self::IncidentAppealed => "incident.appealed",
            Self::IncidentReminder => "incident.reminder",
            Self::OrderReleased => "order.released",
        }
    }

    /// The kind called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One message, the same for every subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its kind.
    pub kind: Kind,
    /// `{type, timestamp, data}` as JSON.
    pub body: Vec<u8>,
}

/// What messages speak of.
pub struct Subject<'a> {
    /// The judgement.
    pub judged: &'a Judged,
    /// A decision was asked for, rather than a fact told.
    pub asked: bool,
    /// What happened.
    pub event_type: EventType,
    /// When we heard of it: the time of the decision.
    pub decided_at: Micros,
    /// The store's id of the event.
    pub event_id: &'a str,
    /// The store's id of the account.
    pub account_id: Option<&'a str>,
    /// The event's JSON, from which the ids of order and session are read when they are needed.
    pub body: &'a [u8],
}

impl<'a> Subject<'a> {
    /// What the messages of a judged submission speak of.
    pub fn of(judged: &'a Judged, submission: &'a Submission) -> Self {
        Self {
            judged,
            asked: submission.asked,
            event_type: submission.observation.kind,
            decided_at: submission.observation.received_at,
            event_id: &submission.event_id,
            account_id: submission.account_name.as_deref(),
            body: &submission.body,
        }
    }

    /// What every message of this decision says.
    fn ids(&self) -> Value {
        json!({
            "decision_id": id::show("dec", self.judged.decision.0),
            "event_id": self.event_id,
            "event_type": self.event_type,
            "account_id": self.account_id,
        })
    }

    fn message(&self, kind: Kind, more: Value) -> Message {
        let mut data = self.ids();
        if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
            data.extend(more);
        }
        enveloped(kind, self.decided_at, &data)
    }
}

/// The messages of a judged event, of the kinds that `wanted` says somebody wants, in the order of
/// [`Kind::ALL`]. A verdict in shadow asks nobody to do anything, so it is told and no more.
pub fn messages_for(subject: &Subject<'_>, wanted: &dyn Fn(Kind) -> bool) -> Vec<Message> {
    Kind::ALL
        .into_iter()
        .filter(|kind| wanted(*kind) && is_due(*kind, subject))
        .map(|kind| subject.message(kind, particulars(kind, subject)))
        .collect()
}

/// The messages of what an outcome lifts: restrictions of the account, once the owner has confirmed
/// that it was them; the hold on an order then too, or once the challenge that it waited for is
/// passed. A verdict of review waits for a person.
fn lifted(subject: &Subject<'_>, outcome: Outcome, at: Micros) -> Vec<Message> {
    let confirmed = outcome == Outcome::ConfirmedOwner;
    let verdict = subject.judged.assessment.verdict;
    let proved = outcome == Outcome::ChallengePassed && verdict == Verdict::Challenge;
    let mut messages = Vec::new();
    let mut tell = |kind, name: &str, what: Value| {
        let mut data = subject.ids();
        if let Value::Object(data) = &mut data {
            data.insert(name.to_owned(), what);
        }
        messages.push(enveloped(kind, at, &data));
    };
    if confirmed && is_due(Kind::AccountRestricted, subject) {
        tell(Kind::AccountReleased, "lifted", json!(restrictions(subject)));
    }
    if (confirmed || proved) && is_due(Kind::OrderHoldRequested, subject) {
        tell(Kind::OrderReleased, "order_id", json!(Named::of(subject.body).order.id));
    }
    messages
}

/// Whether this decision asks for a message of this kind.
fn is_due(kind: Kind, subject: &Subject<'_>) -> bool {
    let binds = subject.judged.mode == Mode::Enforce;
    let obligations = &subject.judged.assessment.obligations;
    let asks_for = |obligation| binds && obligations.contains(&obligation);
    let account = subject.account_id.is_some();
    match kind {
        Kind::DecisionCreated => subject.asked,
        Kind::AccountRestricted => binds && account && !restrictions(subject).is_empty(),
        // Told by an outcome, by a case, or by a call-back.
        Kind::AccountReleased
        | Kind::AccountLocked
        | Kind::GiftCardRevokeRequested
        | Kind::IncidentDecided
        | Kind::IncidentClosed
        | Kind::RefundRequested
        | Kind::ShipmentInterceptRequested
        | Kind::SellerReturnRequested
        | Kind::CallbackDue
        | Kind::CallbackOverdue
        | Kind::SellerHoldRequested
        | Kind::IncidentAppealed
        | Kind::IncidentReminder
        | Kind::OrderReleased => false,
        Kind::SessionsRevoked => account && asks_for(Obligation::RevokeSessions),
        Kind::OrderHoldRequested => asks_for(Obligation::HoldFulfillment),
        Kind::OrderCancelRequested => asks_for(Obligation::CancelOrder),
        Kind::NotificationRequested => {
            account
                && (asks_for(Obligation::NotifyOwner)
                    || asks_for(Obligation::NotifyPreviousContacts))
        }
        Kind::IncidentOpened => asks_for(Obligation::OpenCase),
    }
}

/// What a message of this kind says beyond the ids.
fn particulars(kind: Kind, subject: &Subject<'_>) -> Value {
    let assessment = &subject.judged.assessment;
    match kind {
        Kind::DecisionCreated => json!({
            "verdict": assessment.verdict,
            "score": assessment.score,
            "mode": subject.judged.mode,
            "reasons": reasons(subject),
            "obligations": assessment.obligations,
            "standing": assessment.standing,
            "pattern": assessment.pattern,
        }),
        Kind::AccountRestricted => json!({
            "restrictions": restrictions(subject),
            "standing": assessment.standing,
        }),
        Kind::AccountReleased
        | Kind::AccountLocked
        | Kind::GiftCardRevokeRequested
        | Kind::IncidentDecided
        | Kind::IncidentClosed
        | Kind::RefundRequested
        | Kind::ShipmentInterceptRequested
        | Kind::SellerReturnRequested
        | Kind::CallbackDue
        | Kind::CallbackOverdue
        | Kind::SellerHoldRequested
        | Kind::IncidentAppealed
        | Kind::IncidentReminder
        | Kind::OrderReleased => Value::Null,
        Kind::SessionsRevoked => json!({ "session_id": Named::of(subject.body).session.id }),
        Kind::OrderHoldRequested | Kind::OrderCancelRequested => {
            json!({ "order_id": Named::of(subject.body).order.id, "reasons": reasons(subject) })
        }
        Kind::NotificationRequested => {
            let recipients = [
                (Obligation::NotifyOwner, "owner"),
                (Obligation::NotifyPreviousContacts, "previous_contacts"),
            ];
            let recipients = recipients.into_iter();
            let recipients = recipients.filter(|(one, _)| assessment.obligations.contains(one));
            json!({
                "recipients": recipients.map(|(_, name)| name).collect::<Vec<_>>(),
                "verdict": assessment.verdict,
                "reasons": reasons(subject),
            })
        }
        Kind::IncidentOpened => json!({
            "standing": assessment.standing,
            "taken_over": assessment.standing == Standing::TakenOver,
            "verdict": assessment.verdict,
            "score": assessment.score,
            "reasons": reasons(subject),
        }),
    }
}

fn reasons(subject: &Subject<'_>) -> Vec<&'static str> {
    let reasons = subject.judged.assessment.reasons.iter();
    reasons.filter_map(|reason| Some(signal_by_number(reason.signal)?.code)).collect()
}

fn restrictions(subject: &Subject<'_>) -> Vec<Obligation> {
    let restricting = |one: &Obligation| match one {
        Obligation::RestrictStoredCard
        | Obligation::RestrictSecurityChange
        | Obligation::RestrictNewDeviceSignIn
        | Obligation::RestrictPayout
        | Obligation::RequireCardReentry => true,
        Obligation::NotifyOwner
        | Obligation::NotifyPreviousContacts
        | Obligation::HoldFulfillment
        | Obligation::CancelOrder
        | Obligation::RevokeSessions
        | Obligation::OpenCase => false,
    };
    subject.judged.assessment.obligations.iter().copied().filter(restricting).collect()
}

/// A message of this kind with `data`.
pub(super) fn enveloped(kind: Kind, at: Micros, data: &Value) -> Message {
    let timestamp = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let body = json!({ "type": kind.name(), "timestamp": timestamp.to_string(), "data": data });
    Message { kind, body: body.to_string().into_bytes() }
}

/// The store's own ids inside an event.
#[derive(Default, Deserialize)]
struct Named<'a> {
    #[serde(default, borrow)]
    event_id: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    account: Id<'a>,
    #[serde(default, borrow)]
    order: Id<'a>,
    #[serde(default, borrow)]
    session: Id<'a>,
}

#[derive(Default, Deserialize)]
struct Id<'a> {
    #[serde(default, borrow)]
    id: Option<Cow<'a, str>>,
}

/// The messages of what `outcome` lifts of a decision read back from the log; none where its person
/// was erased.
pub fn lifted_of(entry: &Entry, outcome: Outcome, at: Micros) -> Vec<Message> {
    let Entry { payload, body: Body::Open(body), .. } = entry else { return Vec::new() };
    let Payload::Event { decision, asked, mode, observation, assessment, policy, .. } = payload
    else {
        return Vec::new();
    };
    let named = Named::of(body);
    let judged = Judged {
        decision: *decision,
        assessment: Arc::clone(assessment),
        mode: *mode,
        policy: *policy,
        repeated: true,
    };
    let subject = Subject {
        judged: &judged,
        asked: *asked,
        event_type: observation.kind,
        decided_at: entry.received_at,
        event_id: named.event_id.as_deref().unwrap_or_default(),
        account_id: named.account.id.as_deref(),
        body,
    };
    lifted(&subject, outcome, at)
}

impl<'a> Named<'a> {
    /// What stands in the event's JSON; the event was parsed before, so it can be read.
    fn of(body: &'a [u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }
}
