//! What customers meet: HTML written on the server.
//!
//! A page is a type with a template and samples; one test renders every page, sample and language.
//! Words come from Fluent through `t("key", name=value)`, never from a template. Nothing but
//! passkeys needs JavaScript, and the policy of content allows none that stands in a page.

mod challenge;
mod challenges;
pub mod cookies;
mod desk;
pub mod form;
mod front;
mod look;
mod mail_check;
mod mailbox;
mod onward;
mod openid;
pub(crate) mod owner;
mod passkeys;
mod prove;
mod refusal;
mod register;
pub(crate) mod report;
mod reset;
mod security;
mod shield;
mod sign_in;
mod statement_check;
pub mod visitor;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, Error, State, UndefinedBehavior};
use serde::Serialize;

use crate::campaigns::Warning;
use crate::http::House;
use crate::http::problem::Problem;
use crate::text::{Language, text};

pub(crate) use challenge::hidden;
pub use look::{BadLook, Look};
pub(crate) use openid::OwnSignIn;
pub(crate) use refusal::{Looked, show as show_problem};
pub use visitor::Visitor;

use cookies::Flash;

/// A page: what its template is given.
pub trait Page: Serialize + Sized {
    /// Name of its template in `app/templates`.
    const TEMPLATE: &'static str;

    /// It shows something once: no link leads to it in the other language.
    const IS_SHOWN_ONCE: bool = false;

    /// It is where mails that pose as the store lead people from, or to: it warns of them (R63).
    const WARNS: bool = false;

    /// At least one of each look it can have; rendered by a test in both languages.
    fn samples() -> Vec<Self>;
}

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// Every template with its text.
        pub(crate) static TEMPLATES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../templates/", $name)))),*];
    };
}

templates![
    "base.html",
    "parts.html",
    "codes.html",
    "contacts.html",
    "desk.html",
    "desk_campaigns.html",
    "desk_case.html",
    "desk_conduct.html",
    "desk_figures.html",
    "desk_ledger.html",
    "desk_nav.html",
    "desk_pages.html",
    "desk_tasks.html",
    "desk_whole.html",
    "front.html",
    "hosting.html",
    "mail_check.html",
    "mailbox.html",
    "not_me.html",
    "official_senders.html",
    "onward.html",
    "passkeys.html",
    "password.html",
    "problem.html",
    "prove.html",
    "register.html",
    "report.html",
    "report_call.html",
    "report_check.html",
    "report_details.html",
    "report_enter.html",
    "report_password.html",
    "report_status.html",
    "reset.html",
    "reset_new.html",
    "security.html",
    "sign_in.html",
    "statement_check.html",
    "two_step.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_function("t", say);
    environment.add_function("when", when);
    environment.add_function("event", event);
    for (name, text) in TEMPLATES {
        #[expect(clippy::expect_used, reason = "constant templates, each compiled in a test")]
        environment.add_template(name, text).expect("the template is sound");
    }
    environment
});

/// `t("key", name=value)`: the words of `key` in the page's language.
#[expect(clippy::needless_pass_by_value, reason = "as the template engine hands it")]
fn say(state: &State, key: &str, values: Kwargs) -> Result<String, Error> {
    let tag = state.lookup("lang").map(|tag| tag.to_string()).unwrap_or_default();
    let language = tag.parse().unwrap_or_default();
    let mut named = Vec::new();
    for name in values.args() {
        named.push((name, values.get::<minijinja::Value>(name)?.to_string()));
    }
    let named: Vec<_> = named.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(text().tell(language, key, &named))
}

/// What every template is given beside its page.
#[derive(Serialize)]
struct Frame<'a, P> {
    lang: &'static str,
    other_lang: &'static str,
    /// Path and query of this page in the other language.
    other_path: Option<&'a str>,
    store: &'a str,
    logo: Option<&'a str>,
    style: &'a str,
    /// Path of the script of passkeys; none where there can be none.
    passkeys: Option<&'a str>,
    csrf: &'a str,
    flash: Option<&'a str>,
    /// The flash says that something was not done.
    flash_warns: bool,
    signed_in: bool,
    /// Of which mails everybody is warned.
    warning: Option<&'a Warning>,
    page: &'a P,
}

fn render<P: Page>(frame: &Frame<'_, P>) -> Result<String, Error> {
    ENVIRONMENT.get_template(P::TEMPLATE)?.render(Serde(frame))
}

/// `when(text)`: an RFC 3339 time as people of the page's language read it.
fn when(state: &State, at: &str) -> String {
    let tag = state.lookup("lang").map(|tag| tag.to_string()).unwrap_or_default();
    let language = tag.parse().unwrap_or_default();
    crate::time::read(at).map_or_else(|| at.to_owned(), |at| crate::time::in_japan(language, at))
}

/// `event(type)`: an event's type in the page's language.
fn event(state: &State, kind: &str) -> String {
    let tag = state.lookup("lang").map(|tag| tag.to_string()).unwrap_or_default();
    crate::pack::print::event_words(tag.parse().unwrap_or_default(), kind)
}

impl House {
    /// Shows `page` to `visitor`.
    pub(crate) fn page<P: Page>(
        &self,
        visitor: &Visitor,
        status: StatusCode,
        page: &P,
    ) -> Response {
        let warning = self.mail_check.warning();
        let csrf = visitor.csrf_token(&self.hasher);
        let other_path = visitor.path_in(visitor.language.other());
        let frame = Frame {
            lang: visitor.language.tag(),
            other_lang: visitor.language.other().tag(),
            other_path: (!P::IS_SHOWN_ONCE).then_some(other_path.as_str()),
            store: self.config.said.text("store-name"),
            logo: self.look.logo(),
            style: self.look.style_path(),
            passkeys: self.members.site.as_ref().map(|_| self.look.passkeys_path()),
            csrf: &csrf,
            flash: visitor.flash.map(Flash::key),
            flash_warns: visitor.flash.is_some_and(Flash::is_refusal),
            signed_in: visitor.signed_in,
            warning: warning.as_deref().filter(|_| P::WARNS),
            page,
        };
        match render(&frame) {
            Ok(html) => {
                let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
                visitor.keep_cookies((status, kind, html).into_response(), self.secure())
            }
            Err(error) => Problem::internal(&error).into_response(),
        }
    }

    /// Sends `visitor` on to `path` after something was done, with a word about it.
    ///
    /// On the way back to a store there is a page between: a browser that keeps to `form-action`
    /// follows no redirect from a form of ours to another site.
    pub(crate) fn go(&self, visitor: &Visitor, path: &str, flash: Option<Flash>) -> Response {
        if path.starts_with("/authorize/continue?") {
            return self.page(visitor, StatusCode::OK, &onward::Onward { to: path.to_owned() });
        }
        let response = (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response();
        let mut response = visitor.keep_cookies(response, self.secure());
        if let Some(flash) = flash {
            cookies::set(&mut response, &flash.cookie(self.secure()));
        }
        response
    }

    /// What a stranger may ask for that leaves something behind: so many a second from one source.
    pub(crate) fn take_turn(&self, visitor: &Visitor) -> Result<(), Problem> {
        let source = visitor.visit.ip.map(|ip| ip.to_string()).unwrap_or_default();
        let name = self.hasher.short(domain::keyed::Field::Ip, source.as_bytes());
        self.code_pace.take(name, 1, self.world.now())
    }

    /// Browsers reach us by TLS.
    pub(crate) fn secure(&self) -> bool {
        self.config.said.text("public-url").starts_with("https://")
    }
}

/// Every page.
pub(crate) fn router() -> Router<Arc<House>> {
    Router::new()
        .route("/", get(front::front))
        .route("/official-senders", get(front::official_senders))
        .route("/assets/{name}", get(look::asset))
        .route("/register", get(register::show).post(register::register))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/prove/{id}", get(prove::show).post(prove::answer))
        .route("/prove/{id}/send", get(prove::show_instead).post(prove::send))
        .route("/mail-check", get(mail_check::show).post(mail_check::check))
        .route("/mail-check/report", get(mail_check::show).post(mail_check::report))
        .route(
            "/statement-check",
            get(statement_check::show).post(statement_check::check_statement),
        )
        .route("/mailbox", get(mailbox::show))
        .merge(security::router())
        .merge(challenges::router())
        .merge(passkeys::router())
        .merge(reset::router())
        .merge(report::router())
        .merge(desk::router())
        .layer(axum::middleware::map_response(shield::shield))
}

impl Language {
    /// The other one.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Japanese => Self::English,
            Self::English => Self::Japanese,
        }
    }
}
