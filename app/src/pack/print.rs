//! A pack on paper: the lines of it, in the reader's language.

mod pdf;

use serde_json::Value;
use statement::{Currency, Money};

#[cfg(test)]
use super::For;
use super::Pack;
use crate::statement_check::money;
use crate::text::{Language, text};
use crate::time::in_japan;

/// A line as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    Title(String),
    Heading(String),
    Text(String),
    /// What belongs to the line above.
    Indented(String),
}

/// A pack as a PDF.
pub fn pdf(pack: &Pack, language: Language) -> Vec<u8> {
    let printed = Printed { content: &pack.content, language };
    let mut lines = printed.about();
    lines.extend(printed.orders());
    lines.extend(printed.timeline());
    lines.extend(printed.profile());
    lines.extend(printed.evidence());
    lines.extend(printed.steps());
    lines.extend(printed.books());
    lines.extend(printed.next());
    lines.extend(printed.proof(pack));
    let digest: String = pack.proof.sha256.chars().take(16).collect();
    let case = string(&pack.content, "/case/number");
    let foot = format!("{case} · {} · SHA-256 {digest}…", string(&pack.content, "/id"));
    pdf::write(&lines, &printed.say("pack-title"), &foot)
}

/// Events that have words.
const EVENTS: [&str; 35] = [
    "login",
    "registration",
    "credential.password_changed",
    "credential.passkey_added",
    "credential.passkey_removed",
    "credential.totp_added",
    "credential.totp_removed",
    "credential.two_step_enabled",
    "credential.two_step_disabled",
    "credential.reset_requested",
    "profile.email_changed",
    "profile.phone_changed",
    "profile.name_changed",
    "profile.address_added",
    "profile.address_changed",
    "profile.address_removed",
    "payment_method.added",
    "payment_method.removed",
    "order.placed",
    "order.changed",
    "order.cancelled",
    "payment.authorised",
    "payment.captured",
    "payment.refunded",
    "payment.disputed",
    "shipment.created",
    "shipment.handed_over",
    "shipment.in_transit",
    "shipment.delivered",
    "shipment.returned",
    "shipment.lost",
    "payout.requested",
    "payout.account_changed",
    "session.ended",
    "custom",
];

/// An event in words: `order.placed` has the key `event-order-placed`.
pub fn event_words(language: Language, kind: &str) -> String {
    if EVENTS.contains(&kind) { text().say(language, &event_key(kind)) } else { kind.to_owned() }
}

fn event_key(kind: &str) -> String {
    format!("event-{}", kind.replace(['.', '_'], "-"))
}

/// The keys that this page completes with names.
#[cfg(test)]
pub fn keys() -> Vec<String> {
    let of = |prefix: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("{prefix}-{name}")).collect()
    };
    let mut keys = of("pack-for", &For::ALL.map(For::name));
    keys.extend(of("pack-at", &TIMES));
    keys.extend(EVENTS.map(event_key));
    keys.extend(of("pack", &WORDS));
    keys
}

/// Words that stand on paper alone.
#[cfg(test)]
const WORDS: [&str; 11] = [
    "account",
    "desk",
    "made",
    "proof",
    "proof-check",
    "proof-lead",
    "proof-trail",
    "refund",
    "sent-to",
    "store",
    "why",
];

/// Times of a case, in their order.
const TIMES: [&str; 6] = ["opened", "began", "contained", "recovered", "decided", "closed"];

struct Printed<'a> {
    content: &'a Value,
    language: Language,
}

fn string<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// What there is of it, with something between.
fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

impl Printed<'_> {
    fn say(&self, key: &str) -> String {
        text().say(self.language, key)
    }

    /// `label: value`, where there is a value.
    fn field(&self, key: &str, value: &str) -> Option<Line> {
        (!value.is_empty()).then(|| Line::Text(self.labelled(&self.say(key), value)))
    }

    fn labelled(&self, label: &str, value: &str) -> String {
        let between = match self.language {
            Language::Japanese => "：",
            Language::English => ": ",
        };
        format!("{label}{between}{value}")
    }

    /// The words for a name that the desk's pages have too; nothing for no name.
    fn named(&self, prefix: &str, name: &str) -> String {
        if name.is_empty() { String::new() } else { self.say(&format!("{prefix}-{name}")) }
    }

    fn at(&self, value: &Value, pointer: &str) -> String {
        let at = crate::time::read(string(value, pointer));
        at.map(|at| in_japan(self.language, at)).unwrap_or_default()
    }

    fn sum(&self, amount: Option<i64>, currency: &str) -> String {
        match (amount, Currency::of(currency)) {
            (Some(amount), Some(currency)) => money(self.language, Money { amount, currency }),
            _ => String::new(),
        }
    }

    fn section(&self, key: &str, lines: Vec<Line>) -> Vec<Line> {
        if lines.is_empty() {
            return lines;
        }
        std::iter::once(Line::Heading(self.say(key))).chain(lines).collect()
    }

    fn about(&self) -> Vec<Line> {
        let content = self.content;
        let mut lines = vec![
            Line::Title(self.say("pack-title")),
            Line::Text(self.named("pack-for", string(content, "/for"))),
        ];
        lines.extend(self.field("pack-store", string(content, "/store")));
        lines.extend(self.field("pack-made", &self.at(content, "/made_at")));
        lines.extend(self.field("report-number", string(content, "/case/number")));
        lines.extend(self.field("pack-account", string(content, "/account_id")));
        let state = self.named("desk-state", string(content, "/case/state"));
        lines.extend(self.field("desk-state", &state));
        lines.extend(self.field("desk-level", string(content, "/case/level")));
        for name in TIMES {
            let at = self.at(content, &format!("/case/{name}_at"));
            lines.extend(self.field(&format!("pack-at-{name}"), &at));
        }
        let why = self.named("desk-why", string(content, "/case/began_why"));
        lines.extend(self.field("pack-why", &why));
        let cause = self.named("desk-cause", string(content, "/case/cause"));
        lines.extend(self.field("desk-cause", &cause));
        lines
    }

    fn orders(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for order in list(self.content, "/orders") {
            let currency = string(order, "/currency");
            let amount = order.pointer("/amount").and_then(Value::as_i64);
            let outcome = self.named("desk-ruling", string(order, "/ruling/outcome"));
            lines.push(Line::Text(joined(&[
                string(order, "/order_id").to_owned(),
                self.sum(amount, currency),
                self.at(order, "/placed_at"),
                self.named("desk-mark", string(order, "/mark")),
                outcome,
            ])));
            for line in list(order, "/lines") {
                let count = line.pointer("/quantity").and_then(Value::as_u64).unwrap_or(1);
                let title = string(line, "/title").to_owned();
                let count = if title.is_empty() { String::new() } else { format!("× {count}") };
                lines.push(Line::Indented(joined(&[
                    title,
                    count,
                    string(line, "/seller_id").to_owned(),
                ])));
            }
            let to = ["country", "region", "postcode", "address_id"]
                .map(|part| string(order, &format!("/ship_to/{part}")));
            let to = joined(&to.map(str::to_owned));
            if !to.is_empty() {
                lines.push(Line::Indented(self.labelled(&self.say("pack-sent-to"), &to)));
            }
            for parcel in list(order, "/parcels") {
                let state = self.named("whole-place", string(parcel, "/state"));
                lines.push(Line::Indented(joined(&[string(parcel, "/id").to_owned(), state])));
            }
            for refund in list(order, "/refunds") {
                let amount = self.sum(refund.pointer("/amount").and_then(Value::as_i64), currency);
                let state = self.named("whole-refund", string(refund, "/state"));
                lines.push(Line::Indented(joined(&[self.say("pack-refund"), amount, state])));
            }
        }
        lines.retain(|line| *line != Line::Indented(String::new()));
        self.section("desk-orders", lines)
    }

    fn timeline(&self) -> Vec<Line> {
        let event = |event: &Value| {
            let asn = event.pointer("/asn").and_then(Value::as_u64);
            let score = event.pointer("/score_percent").and_then(Value::as_u64).unwrap_or_default();
            Line::Text(joined(&[
                self.at(event, "/at"),
                event_words(self.language, string(event, "/type")),
                string(event, "/order_id").to_owned(),
                string(event, "/country").to_owned(),
                asn.map(|asn| format!("AS{asn}")).unwrap_or_default(),
                string(event, "/told/context/ip").to_owned(),
                format!("{score}%"),
            ]))
        };
        let events = list(self.content, "/timeline").iter().map(event).collect();
        self.section("desk-window", events)
    }

    fn profile(&self) -> Vec<Line> {
        let side = |row: &Value, pointer: &str| {
            let values: Vec<&str> = list(row, pointer).iter().filter_map(Value::as_str).collect();
            if values.is_empty() { "–".to_owned() } else { values.join(", ") }
        };
        let changed = |row: &&Value| row.pointer("/changed") == Some(&Value::Bool(true));
        let row = |row: &Value| {
            let what = self.named("desk-profile", string(row, "/what"));
            let sides = format!("{} → {}", side(row, "/then"), side(row, "/now"));
            Line::Text(self.labelled(&what, &sides))
        };
        let rows = list(self.content, "/profile").iter().filter(changed).map(row).collect();
        self.section("desk-profile", rows)
    }

    fn evidence(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for file in list(self.content, "/evidence") {
            let kind = string(file, "/kind").to_uppercase();
            let id = string(file, "/id").to_owned();
            lines.push(Line::Text(joined(&[id, kind, self.at(file, "/at")])));
            lines.push(Line::Indented(format!("SHA-256 {}", string(file, "/sha256"))));
        }
        self.section("evidence-title", lines)
    }

    fn steps(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for step in list(self.content, "/steps") {
            let by = match string(step, "/by") {
                by @ ("reporter" | "system") => self.named("desk-by", by),
                "desk" => self.say("pack-desk"),
                name => name.to_owned(),
            };
            let did = self.named("desk-did", string(step, "/did"));
            lines.push(Line::Text(joined(&[self.at(step, "/at"), by, did])));
            let reason = string(step, "/reason");
            if !reason.is_empty() {
                lines.push(Line::Indented(reason.to_owned()));
            }
        }
        self.section("desk-steps", lines)
    }

    fn books(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for posting in list(self.content, "/books/postings") {
            let currency = string(posting, "/currency");
            lines.push(Line::Text(string(posting, "/key").to_owned()));
            for side in list(posting, "/lines") {
                let amount = self.sum(side.pointer("/amount").and_then(Value::as_i64), currency);
                let account = self.named("whole-account", string(side, "/account"));
                lines.push(Line::Indented(joined(&[account, amount])));
            }
        }
        self.section("whole-books", lines)
    }

    fn next(&self) -> Vec<Line> {
        let advice = list(self.content, "/what_next").iter().filter_map(Value::as_str);
        let lines = advice.map(|name| Line::Text(self.named("handover", name))).collect();
        self.section("handover-title", lines)
    }

    fn proof(&self, pack: &Pack) -> Vec<Line> {
        let mut lines = vec![
            Line::Text(self.say("pack-proof-lead")),
            Line::Indented(format!("SHA-256 {}", pack.proof.sha256)),
        ];
        if let Some(row) = pack.proof.trail.last() {
            let values = [("position", row.position.to_string()), ("link", row.link.clone())];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            lines.push(Line::Text(text().tell(self.language, "pack-proof-trail", &values)));
        }
        lines.push(Line::Text(self.say("pack-proof-check")));
        self.section("pack-proof", lines)
    }
}
