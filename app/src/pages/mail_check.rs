//! `/mail-check`: is the mail I was sent genuine? For everybody, without a sign-in (R58–R63).
//!
//! Nothing of a mail is kept, nothing it leads to is fetched, and its links are shown as text (T12).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::account;
use domain::keyed::Field;
use mail::{Mail, Options, ShownLink, Verdict};
use serde::Serialize;

use super::form::Form;
use super::owner::{Anybody, Owner};
use super::{Page, Visitor};
use crate::campaigns::Told as Reported;
use crate::http::House;
use crate::http::body::BODY_MAX;
use crate::http::problem::{Kind, Problem};
use crate::mail_check::{self, Checked, is_unauthenticated, reason_key, shown, shown_reasons};
use crate::sent_mail::{Receiver, Sent};

/// Whose `Authentication-Results` a customer may ask to have believed: what Gmail's own source view
/// shows was written by Gmail (C3).
const GMAIL: &str = "mx.google.com";
/// Links shown, and characters of a target, a sender and a subject.
const LINKS_MAX: usize = 30;
const TARGET_MAX: usize = 300;
const HEADER_MAX: usize = 200;

/// `/mail-check`
#[derive(Serialize, Default)]
pub(super) struct MailCheck {
    /// What was pasted, so that it can be mended.
    source: String,
    sender: String,
    by_gmail: bool,
    /// Text key.
    problem: Option<&'static str>,
    result: Option<Told>,
    /// Where the store wants suspicious mail forwarded; it may name no address.
    forward_to: Option<String>,
    /// The mail in base64, to be reported by one more press; it is kept nowhere else.
    raw: Option<String>,
    /// It was reported.
    thanks: Option<Thanks>,
}

/// What whoever reported does now.
#[derive(Serialize)]
struct Thanks {
    told: Reported,
    /// Their account is under watch.
    watched: bool,
}

/// What is said of a mail.
#[derive(Serialize)]
struct Told {
    /// `error`, `warn`, `good` or nothing: the look of the verdict.
    look: &'static str,
    /// Text key.
    verdict: &'static str,
    is_finding: bool,
    reasons: Vec<Why>,
    unauthenticated: bool,
    /// Only words were pasted, no mail as it was received.
    words_alone: bool,
    sender: String,
    subject: String,
    links: Vec<Link>,
    links_more: usize,
    /// Text key of what the ledger of sent mail says.
    sent: Option<&'static str>,
    /// Text key of how the account of who asks really stands (R59); none for a stranger.
    account: Option<&'static str>,
}

#[derive(Serialize)]
struct Why {
    /// Text key.
    key: String,
    facts: Vec<String>,
}

/// A link, as text.
#[derive(Serialize)]
struct Link {
    text: String,
    host: String,
    target: String,
}

const NOTHING: &str = "mail-check-nothing";
const NOT_REPORTED: &str = "mail-check-not-reported";
/// Bytes of a mail that a report is made of.
const REPORTED_MAX: usize = 256 << 10;
/// Text keys of what the ledger says.
const SENT: [&str; 5] = [
    "mail-check-sent-ours",
    "mail-check-sent-to-another",
    "mail-check-sent-other-content",
    "mail-check-sent-content-unknown",
    "mail-check-sent-not-found",
];
/// Text keys of how an account stands.
const ACCOUNTS: [&str; 2] = ["mail-check-account-open", "mail-check-account-held"];

/// Text keys that this page hands to its template.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    ACCOUNTS.into_iter().chain(SENT).chain([NOTHING, NOT_REPORTED])
}

impl Page for MailCheck {
    const WARNS: bool = true;
    const TEMPLATE: &'static str = "mail_check.html";

    fn samples() -> Vec<Self> {
        let told = |look, verdict, is_finding, account: Option<&'static str>| Told {
            look,
            verdict,
            is_finding,
            reasons: vec![Why {
                key: reason_key("who.brand_foreign_domain"),
                facts: vec!["amazon".to_owned(), "service.co.jp".to_owned()],
            }],
            unauthenticated: !is_finding,
            words_alone: is_finding,
            sender: "Amazon@service.co.jp <b>".to_owned(),
            subject: "件名 <i>".to_owned(),
            links: vec![Link {
                text: "ログイン".to_owned(),
                host: "evil.example".to_owned(),
                target: "https://evil.example/<script>".to_owned(),
            }],
            links_more: usize::from(is_finding),
            sent: account.map(|_| if is_finding { SENT[2] } else { SENT[0] }),
            account,
        };
        let sample = |result| Self {
            source: "From: <textarea>".to_owned(),
            result,
            forward_to: Some("phishing@shop.example".to_owned()),
            raw: Some("RnJvbTogeA==".to_owned()),
            ..Self::default()
        };
        let thanked = |given, watched| {
            let told = Reported { clicked: given, gave_password: given, gave_card: given };
            Self { thanks: Some(Thanks { told, watched }), ..Self::default() }
        };
        vec![
            Self::default(),
            Self { problem: Some(NOTHING), ..Self::default() },
            sample(Some(told("error", "mail-verdict-forged", true, Some(ACCOUNTS[0])))),
            sample(Some(told("", "mail-verdict-unclear", false, Some(ACCOUNTS[1])))),
            sample(Some(told("good", "mail-verdict-genuine", false, None))),
            thanked(false, false),
            thanked(true, true),
        ]
    }
}

pub(super) async fn show(State(house): State<Arc<House>>, anybody: Anybody) -> Response {
    house.page(&anybody.visitor, StatusCode::OK, &house.mail_check_page())
}

pub(super) async fn check(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read_with_files(&house, request, BODY_MAX).await?;
    let Anybody { visitor, owner } = Anybody::of(&house, &headers, visitor).await?;
    let mut page = MailCheck {
        source: form.text("source").to_owned(),
        sender: form.text("sender").to_owned(),
        by_gmail: !form.text("gmail").is_empty(),
        ..house.mail_check_page()
    };
    let Some(given) = Given::of(&form) else {
        page.problem = Some(NOTHING);
        return Ok(house.page(&visitor, StatusCode::OK, &page));
    };
    house.pace_of_checks(&visitor)?;
    let trusted_receiver = page.by_gmail.then(|| GMAIL.to_owned());
    let words_alone = given.words_alone;
    let options = Options { trusted_receiver, ..Options::default() };
    let checked = house.check_mail(given.raw.clone(), options).await?;
    let sent = if words_alone {
        // Without its Message-ID nobody can look it up.
        None
    } else {
        let asking = asking(owner.as_ref());
        house.did_we_send(&given.raw, &checked, asking.as_deref()).await?
    };
    let is_finding = mail_check::is_finding(checked.report.verdict);
    page.raw = is_finding.then(|| {
        let raw = given.raw.get(..given.raw.len().min(REPORTED_MAX)).unwrap_or_default();
        data_encoding::BASE64.encode(raw)
    });
    page.result = Some(Told::of(&checked, sent, words_alone, owner.as_ref()));
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// The mail that was just checked is reported: what it has in common with others is kept, and it is not.
pub(super) async fn report(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let (form, visitor) = Form::read_with_files(&house, request, BODY_MAX).await?;
    let Anybody { visitor, owner } = Anybody::of(&house, &headers, visitor).await?;
    house.pace_of_checks(&visitor)?;
    let raw = data_encoding::BASE64.decode(form.text("raw").trim().as_bytes());
    let Some(raw) = raw.ok().filter(|raw| !raw.is_empty()) else {
        let page = MailCheck { problem: Some(NOTHING), ..house.mail_check_page() };
        return Ok(house.page(&visitor, StatusCode::OK, &page));
    };
    let said = |name| !form.text(name).is_empty();
    let told = Reported {
        clicked: said("clicked"),
        gave_password: said("gave_password"),
        gave_card: said("gave_card"),
    };
    let checked = house.check_mail(raw.into(), Options::default()).await?;
    let holder = owner.as_ref().map(|owner| &owner.found);
    let reporter = holder.map_or_else(
        || visitor.network_number(&house.hasher),
        |found| house.hasher.short(Field::Account, found.member.account.as_bytes()),
    );
    let page = match house.report_mail(&checked, told, Some(reporter), holder).await {
        Ok(_) => {
            let watched = holder.is_some() && told != Reported::default();
            MailCheck { thanks: Some(Thanks { told, watched }), ..house.mail_check_page() }
        }
        Err(problem) if matches!(problem.kind, Kind::Conflict | Kind::Invalid) => {
            MailCheck { problem: Some(NOT_REPORTED), ..house.mail_check_page() }
        }
        Err(problem) => return Err(problem),
    };
    Ok(house.page(&visitor, StatusCode::OK, &page))
}

/// The addresses of who asks, where they have signed in.
fn asking(owner: Option<&Owner>) -> Option<Vec<Receiver>> {
    let mails = owner?.found.member.mails.iter();
    Some(mails.filter_map(|mail| Receiver::at(&mail.value)).collect())
}

impl House {
    fn mail_check_page(&self) -> MailCheck {
        let forward_to = self.config.said.optional("phishing-mail").map(str::to_owned);
        MailCheck { forward_to, ..MailCheck::default() }
    }

    /// Takes one check from what the visitor's network may have done a second.
    pub(super) fn pace_of_checks(&self, visitor: &Visitor) -> Result<(), Problem> {
        let network = visitor.network_number(&self.hasher);
        self.check_pace.take(network, 1, self.world.now())
    }
}

/// What was handed in.
struct Given {
    raw: Bytes,
    words_alone: bool,
}

impl Given {
    /// The file, else what was pasted; `None` for neither.
    fn of(form: &Form) -> Option<Self> {
        if let Some(file) = form.files("file").next() {
            return Some(Self { raw: file.bytes.clone(), words_alone: false });
        }
        let source = form.filled("source")?;
        if starts_with_a_header(source) {
            return Some(Self { raw: source.to_owned().into(), words_alone: false });
        }
        // Words of a mail, as a phone lets one copy them: no line of theirs is taken for a header.
        let sender = form.filled("sender").and_then(|sender| sender.split(['\r', '\n']).next());
        let from = sender.map(|sender| format!("From: {sender}\r\n")).unwrap_or_default();
        let raw = format!("{from}Content-Type: text/plain; charset=utf-8\r\n\r\n{source}");
        Some(Self { raw: raw.into(), words_alone: true })
    }
}

/// Two lines that look like headers of a mail (RFC 5322 §2.2), or that go on from one.
fn starts_with_a_header(source: &str) -> bool {
    let is_header = |line: &str| {
        let name = line.split_once(':').map_or("", |(name, _)| name);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !name.is_empty() && name.len() <= 76 && name.bytes().all(is_name)
    };
    let mut lines = source.lines();
    lines.next().is_some_and(|line| is_header(line) && !line.starts_with("http"))
        && lines.next().is_some_and(|line| line.starts_with([' ', '\t']) || is_header(line))
}

impl Told {
    fn of(checked: &Checked, sent: Option<Sent>, words_alone: bool, owner: Option<&Owner>) -> Self {
        let Checked { mail, report } = checked;
        let reasons = shown_reasons(report).map(|reason| Why {
            key: reason_key(reason.code),
            facts: reason
                .facts
                .iter()
                // A code for programs; the words of the reason say it.
                .filter(|fact| fact.name != "place")
                .map(|fact| start(&fact.value, TARGET_MAX))
                .collect(),
        });
        let links = distinct(mail);
        Self {
            look: match report.verdict {
                Verdict::Forged => "error",
                Verdict::Suspicious => "warn",
                Verdict::Genuine => "good",
                Verdict::Unclear if matches!(sent, Some(Sent::OtherContent | Sent::NotFound)) => {
                    "warn"
                }
                Verdict::Unclear => "",
            },
            verdict: mail_check::verdict_key(report),
            is_finding: mail_check::is_finding(report.verdict),
            reasons: reasons.collect(),
            unauthenticated: is_unauthenticated(report),
            words_alone,
            sender: start(mail.sender(), HEADER_MAX),
            subject: start(mail.subject(), HEADER_MAX),
            links_more: links.len().saturating_sub(LINKS_MAX),
            links: links.iter().take(LINKS_MAX).map(Link::of).collect(),
            sent: sent.map(|sent| match sent {
                Sent::Ours => SENT[0],
                Sent::ToAnother => SENT[1],
                Sent::OtherContent => SENT[2],
                Sent::ContentUnknown => SENT[3],
                Sent::NotFound => SENT[4],
            }),
            account: owner.map(|owner| match owner.found.member.standing.state {
                account::State::Normal | account::State::Watch => ACCOUNTS[0],
                _ => ACCOUNTS[1],
            }),
        }
    }
}

impl Link {
    fn of(link: &ShownLink<'_>) -> Self {
        Self {
            text: start(link.text, HEADER_MAX),
            host: start(link.host, HEADER_MAX),
            target: start(link.target, TARGET_MAX),
        }
    }
}

/// Each link once.
fn distinct(mail: &Mail) -> Vec<ShownLink<'_>> {
    let mut links: Vec<ShownLink<'_>> = Vec::new();
    for link in mail.links() {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

/// The beginning of what stood in a mail, harmless to look at.
fn start(text: &str, max: usize) -> String {
    let mut start: String = text.chars().take(max).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    shown(&start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_mail_are_not_taken_for_its_headers() {
        for source in ["From: a@b.example\nSubject: x\n\nhi", "Received: from a\n\tby b\nFrom: c"] {
            assert!(starts_with_a_header(source), "{source}");
        }
        for words in [
            "お客様\nカードが更新できません",
            "https://evil.example/\nFrom: x",
            "Attention: read this\nnow",
            "Attention:",
            "",
        ] {
            assert!(!starts_with_a_header(words), "{words}");
        }
    }
}
