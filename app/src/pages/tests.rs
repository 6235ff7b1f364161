//! Every page, every sample, both languages: sound HTML, and every word there is.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use super::*;

fn warning() -> Warning {
    Warning {
        campaign_id: "cpn_0".to_owned(),
        subject: "【重要】<b>お支払い".to_owned(),
        last_reported_at: "2026-06-03T12:04:05Z".to_owned(),
    }
}

/// Renders every sample of a page; says under which name.
fn render_all<P: Page>() -> Vec<(String, String)> {
    let (mut rendered, warning) = (Vec::new(), warning());
    for language in [Language::Japanese, Language::English] {
        for (number, page) in P::samples().iter().enumerate() {
            for flash in [None, Some(Flash::SignedOut), Some(Flash::TooMany)] {
                let frame = Frame {
                    lang: language.tag(),
                    other_lang: language.other().tag(),
                    other_path: (!P::IS_SHOWN_ONCE).then_some("/?lang=en&x=%3C"),
                    store: "関所 <ストア> & \"Co\"",
                    logo: (number == 0).then_some("/assets/logo-0.svg"),
                    style: "/assets/style-0.css",
                    passkeys: (number == 0).then_some("/assets/passkeys-0.js"),
                    csrf: "0123",
                    flash: flash.map(Flash::key),
                    flash_warns: flash.is_some_and(Flash::is_refusal),
                    signed_in: number == 0,
                    warning: P::WARNS.then_some(&warning),
                    page,
                };
                let html = render(&frame).unwrap_or_else(|error| panic_with::<P>(&error));
                rendered.push((format!("{} {number} {}", P::TEMPLATE, language.tag()), html));
            }
        }
        assert!(!P::samples().is_empty(), "{} has no sample", P::TEMPLATE);
    }
    rendered
}

#[expect(clippy::panic, reason = "tests")]
fn panic_with<P: Page>(error: &Error) -> String {
    panic!("{}: {error:#}", P::TEMPLATE)
}

/// Everything that is a page. A page that is not here fails
/// [`every_template_is_rendered_by_a_page`].
fn all() -> Vec<(String, String)> {
    let mut all = render_all::<front::Front>();
    all.extend(render_all::<front::OfficialSenders>());
    all.extend(render_all::<desk::Queue>());
    all.extend(render_all::<desk::CasePage>());
    all.extend(render_all::<desk::campaigns::CampaignsPage>());
    all.extend(render_all::<desk::whole::Whole>());
    all.extend(render_all::<desk::figures::FiguresPage>());
    all.extend(render_all::<desk::conduct::ConductPage>());
    all.extend(render_all::<desk::tasks::TasksPage>());
    all.extend(render_all::<desk::ledger::LedgerPage>());
    all.extend(render_all::<refusal::Refusal>());
    all.extend(render_all::<mail_check::MailCheck>());
    all.extend(render_all::<challenges::Hosting>());
    all.extend(render_all::<mailbox::Mailbox>());
    all.extend(render_all::<onward::Onward>());
    all.extend(render_all::<prove::Prove>());
    all.extend(render_all::<register::Register>());
    all.extend(render_all::<report::Begin>());
    all.extend(render_all::<report::CallPage>());
    all.extend(render_all::<report::Check>());
    all.extend(render_all::<report::Details>());
    all.extend(render_all::<report::ComeBack>());
    all.extend(render_all::<report::Enter>());
    all.extend(render_all::<report::Status>());
    all.extend(render_all::<reset::Reset>());
    all.extend(render_all::<reset::NewPassword>());
    all.extend(render_all::<security::AddContact>());
    all.extend(render_all::<security::Codes>());
    all.extend(render_all::<security::NotMe>());
    all.extend(render_all::<security::Passkeys>());
    all.extend(render_all::<security::Password>());
    all.extend(render_all::<security::Security>());
    all.extend(render_all::<security::SetUp>());
    all.extend(render_all::<sign_in::SignIn>());
    all.extend(render_all::<statement_check::StatementCheck>());
    all
}

/// Text keys that templates name, and those that pages hand to them.
pub(crate) fn text_keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (_, template) in TEMPLATES {
        for call in template.split("t(\"").skip(1) {
            let key = call.split('"').next().unwrap_or_default();
            // One that ends so is completed by a value that is listed below.
            if !key.ends_with('-') {
                keys.insert(key.to_owned());
            }
        }
    }
    keys.extend(Flash::ALL.iter().map(|flash| flash.key().to_owned()));
    keys.extend(sign_in::SignIn::PROBLEMS.map(str::to_owned));
    keys.extend(prove::PROBLEMS.map(str::to_owned));
    for method in prove::METHODS {
        let name = prove::name_of(method);
        keys.extend(["label", "lead", "use"].map(|what| format!("prove-{what}-{name}")));
    }
    keys.extend(register::WEAKNESSES.map(str::to_owned));
    keys.insert(register::BAD_MAIL.to_owned());
    keys.insert(reset::BAD_LOGIN.to_owned());
    keys.extend(report::keys());
    keys.extend(desk::keys::keys());
    keys.extend(reset::LETTER_KEYS.map(str::to_owned));
    keys.extend(statement_check::keys().map(str::to_owned));
    keys.extend(mail_check::keys().map(str::to_owned));
    keys.extend(security::keys().map(str::to_owned));
    keys.extend(challenge::LETTER_KEYS.map(str::to_owned));
    keys.extend(register::LETTER_KEYS.map(str::to_owned));
    for (_, advice) in refusal::SAYINGS {
        keys.extend([format!("refusal-{advice}"), format!("refusal-{advice}-advice")]);
    }
    keys
}

/// Start tags of `html`: name and attributes.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some((inside, _)) = piece.split_once('>') else { continue };
        if inside.starts_with(['/', '!']) {
            continue;
        }
        let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        let mut attributes = Vec::new();
        let mut rest = rest.trim();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(quoted) => quoted.split_once('"').unwrap(),
                None => ("", after),
            };
            attributes.push((key.to_owned(), value.to_owned()));
            rest = after.trim_start();
        }
        tags.push((name.to_owned(), attributes));
    }
    tags
}

#[test]
fn every_page_is_sound_html_in_both_languages() {
    const VOID: [&str; 7] = ["meta", "link", "input", "img", "br", "hr", "path"];
    for (name, html) in all() {
        let mut open = Vec::new();
        for piece in html.split('<').skip(1) {
            let (inside, _) = piece.split_once('>').unwrap();
            let tag = inside.split([' ', '\n']).next().unwrap();
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{name}: </{closed}> closes another");
            } else if !tag.starts_with('!') && !VOID.contains(&tag) {
                open.push(tag);
            }
        }
        assert!(open.is_empty(), "{name}: open at the end: {open:?}");
        let count = |what: &str| html.matches(what).count();
        assert_eq!((count("<h1>"), count("<title>"), count("<main")), (1, 1, 1), "{name}");
        assert!(html.contains("&lt;ストア&gt;") || html.contains("logo-0"), "{name} is escaped");
        assert!(!html.contains("<ストア>"), "{name} lets markup through");
        assert!(!html.contains("style=") && !html.contains("<script>"), "{name}: inline");
    }
}

#[test]
fn what_an_element_refers_to_is_on_the_page_and_ids_are_there_once() {
    for (name, html) in all() {
        let tags = tags(&html);
        let attributes = || tags.iter().flat_map(|(_, attributes)| attributes);
        let mut ids = BTreeSet::new();
        for (_, id) in attributes().filter(|(key, _)| key == "id") {
            assert!(ids.insert(id.as_str()), "{name}: id {id} twice");
        }
        for (key, value) in attributes() {
            if matches!(key.as_str(), "for" | "aria-describedby" | "aria-labelledby") {
                for id in value.split_whitespace() {
                    assert!(ids.contains(id), "{name}: {key} names {id}, which is not there");
                }
            }
        }
        for (tag, attributes) in &tags {
            let has = |wanted: &str| attributes.iter().any(|(key, _)| key == wanted);
            let kind =
                attributes.iter().find(|(key, _)| key == "type").map(|(_, kind)| kind.as_str());
            if tag == "input" && kind != Some("hidden") {
                assert!(
                    has("id") && has("autocomplete") || matches!(kind, Some("checkbox" | "radio")),
                    "{name}: {attributes:?}"
                );
            }
            assert!(tag != "img" || has("alt"), "{name}: a picture without words");
        }
        let forms = html.matches("method=\"post\"").count();
        assert_eq!(html.matches("name=\"csrf\"").count(), forms, "{name}: a form without token");
    }
}

#[test]
fn asvs_6_2_6_passwords_are_masked_and_may_be_pasted_and_filled_in() {
    let mut fields = 0;
    for (name, html) in all() {
        for (tag, attributes) in tags(&html) {
            let value = |wanted: &str| {
                let found = attributes.iter().find(|(key, _)| key == wanted);
                found.map_or("", |(_, value)| value.as_str())
            };
            if tag == "input" && value("name") == "password" {
                fields += 1;
                assert_eq!(value("type"), "password", "{name}");
                let filled = ["current-password", "new-password"];
                assert!(filled.contains(&value("autocomplete")), "{name}: {attributes:?}");
            }
        }
    }
    assert!(fields > 4, "{fields} fields were seen");
}

#[test]
fn no_page_shows_a_text_key_instead_of_words() {
    let keys = text_keys();
    for (name, html) in all() {
        for key in keys.iter().filter(|key| key.contains('-')) {
            assert!(!html.contains(&format!(">{key}<")), "{name} shows {key}");
        }
    }
}

/// What stands in other templates.
const PARTS: [&str; 4] = ["base.html", "parts.html", "desk_nav.html", "desk_pages.html"];

#[test]
fn every_template_is_rendered_by_a_page() {
    let rendered: BTreeSet<_> =
        all().iter().map(|(name, _)| name.split(' ').next().unwrap().to_owned()).collect();
    for (template, _) in TEMPLATES.iter().filter(|(name, _)| !PARTS.contains(name)) {
        assert!(rendered.contains(*template), "{template} has no page in `all`");
    }
}
