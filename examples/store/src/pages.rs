//! The pages: who looks, what a form said, and drawing.

pub(crate) mod customer;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Form, FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use cookie::{Cookie, SameSite};
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, State as Drawing, UndefinedBehavior, context};
use serde::Serialize;

use crate::clock::{hashed, token};
use crate::failure::Failure;
use crate::shop::Shop;
use crate::things::{From, Member, Session};
use crate::words::{Language, Words};

const COOKIE: &str = "store_session";
const LANGUAGE: &str = "store_language";
/// Paths that other programs post to, which prove themselves otherwise.
const NOT_BROWSERS: [&str; 2] = ["/webhooks", "/backchannel-logout"];

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// Every template.
        pub(crate) const TEMPLATES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../templates/", $name)))),*];
    };
}
templates![
    "base.html",
    "shelf.html",
    "cart.html",
    "checkout.html",
    "orders.html",
    "order.html",
    "account.html",
    "backstage.html",
    "night.html",
];

/// Templates with their words.
pub(crate) struct Pages {
    environment: Environment<'static>,
    pub(crate) words: Arc<Words>,
}

impl Pages {
    pub(crate) fn of() -> Result<Self, Failure> {
        let words = Arc::new(Words::read()?);
        let said = Arc::clone(&words);
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, text) in TEMPLATES {
            environment.add_template(name, text)?;
        }
        environment.add_function(
            "t",
            move |drawing: &Drawing<'_, '_>, key: String, more: Kwargs| {
                let values = more.args().filter_map(|name| {
                    let value: minijinja::Value = more.get(name).ok()?;
                    Some((name.to_owned(), value.to_string()))
                });
                let values: Vec<(String, String)> = values.collect();
                said.say(language_of(drawing), &key, &values)
            },
        );
        environment.add_filter("yen", |sum: i64| yen(sum));
        environment.add_filter("time", |at: i64| time(at));
        Ok(Self { environment, words })
    }
}

fn language_of(drawing: &Drawing<'_, '_>) -> Language {
    let said = drawing.lookup("language");
    let said = said.as_ref().and_then(minijinja::Value::as_str);
    said.and_then(Language::tagged).unwrap_or(Language::Japanese)
}

pub(crate) fn yen(sum: i64) -> String {
    let digits = sum.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{}¥{text}", if sum < 0 { "−" } else { "" })
}

/// Japan's time, to the minute.
fn time(at: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
    in_japan(at).strftime("%-m/%-d %H:%M").to_string()
}

/// The day and hour in Japan (UTC+9, without summer time).
pub(crate) fn in_japan(at: jiff::Timestamp) -> jiff::ZonedDateTime {
    at.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(9)))
}

/// Who looks at a page.
pub(crate) struct Visitor {
    pub(crate) session: Session,
    /// Set as a cookie where the session is new.
    cookie: Option<String>,
    pub(crate) member: Option<Member>,
    pub(crate) language: Language,
    /// The language was chosen by this very request.
    chosen: bool,
    path: String,
    ip: Option<String>,
    user_agent: Option<String>,
    /// The device's own cookie.
    device: String,
}

impl Visitor {
    /// Who is signed in; else the way to Sekisho and back.
    #[expect(clippy::result_large_err, reason = "a response, given on at once")]
    pub(crate) fn signed_in(&self) -> Result<&Member, Response> {
        self.member.as_ref().ok_or_else(|| {
            let then: String = url::form_urlencoded::byte_serialize(self.path.as_bytes()).collect();
            Redirect::to(&format!("/sign-in?then={then}")).into_response()
        })
    }

    /// Where they come from, as an event says it.
    pub(crate) fn from(&self) -> From {
        From {
            ip: self.ip.clone(),
            user_agent: self.user_agent.clone(),
            device: self.device.clone(),
            session: self.session.id.get(..16).unwrap_or_default().to_owned(),
        }
    }

    /// The same visitor with a session that nobody has seen.
    pub(crate) fn renewed(self, now: i64) -> Self {
        let (cookie, session) = fresh(now);
        Self { cookie: Some(cookie), session, ..self }
    }
}

fn fresh(now: i64) -> (String, Session) {
    let secret = token();
    let session = Session {
        id: hashed(&secret),
        member: String::new(),
        sid: String::new(),
        id_token: String::new(),
        begun_at: now,
        cart: BTreeMap::new(),
        signing_in: None,
        waiting: None,
    };
    (secret, session)
}

fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let all = lines.filter_map(|line| line.to_str().ok()).flat_map(Cookie::split_parse).flatten();
    let mut all = all.filter(|cookie| cookie.name() == name);
    all.next().map(|cookie| cookie.value().to_owned())
}

impl FromRequestParts<Arc<Shop>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Self, Failure> {
        let headers = &parts.headers;
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let secret = cookie_of(headers, COOKIE);
        let found = match &secret {
            Some(secret) => shop.book.find::<Session>(&hashed(secret)).await?,
            None => None,
        };
        let (cookie, session) = if let Some(session) = found {
            (None, session)
        } else {
            let (cookie, session) = fresh(shop.now_us());
            (Some(cookie), session)
        };
        let query = parts.uri.query().unwrap_or_default();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
        let asked = asked.and_then(Language::tagged);
        let kept = cookie_of(headers, LANGUAGE).and_then(|tag| Language::tagged(&tag));
        let liked = text("accept-language").and_then(Language::tagged);
        // Behind the stage, on one machine, the proxy's word is the scripted browser's.
        let forwarded = text("x-forwarded-for").filter(|_| shop.settings.backstage);
        Ok(Self {
            member: shop.book.find(&session.member).await?,
            language: asked.or(kept).or(liked).unwrap_or(Language::Japanese),
            chosen: asked.is_some(),
            path: parts.uri.path().to_owned(),
            ip: Some(forwarded.unwrap_or("127.0.0.1").to_owned()),
            user_agent: text("user-agent").map(str::to_owned),
            device: cookie_of(headers, "store_device").unwrap_or_else(token),
            session,
            cookie,
        })
    }
}

/// The fields of a form.
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// What was typed, without the space around it; empty where nothing was.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let read = Form::<BTreeMap<String, String>>::from_request(request, state).await;
        read.map(|Form(fields)| Self(fields)).map_err(|error| Failure::Bad(error.to_string()))
    }
}

/// Sets what the browser does not have yet.
pub(crate) fn with_cookie(visitor: &Visitor, mut response: Response) -> Response {
    let mut set = |name: &'static str, value: &str, days: Option<i64>| {
        let mut cookie = Cookie::build((name, value.to_owned()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .build();
        cookie.set_max_age(days.map(cookie::time::Duration::days));
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    };
    if let Some(secret) = &visitor.cookie {
        set(COOKIE, secret, None);
        set("store_device", &visitor.device, Some(365));
    }
    if visitor.chosen {
        set(LANGUAGE, visitor.language.tag(), Some(365));
    }
    response
}

impl Shop {
    pub(crate) fn page(
        &self,
        visitor: &Visitor,
        template: &str,
        page: impl Serialize,
    ) -> Result<Response, Failure> {
        let html = self.pages.environment.get_template(template)?.render(context! {
            page => Serde(page),
            language => visitor.language.tag(),
            path => visitor.path.as_str(),
            mail => visitor.member.as_ref().map(|member| member.mail.as_str()),
            cart => visitor.session.cart.values().sum::<u32>(),
            sekisho => self.settings.sekisho.as_str(),
            backstage => self.settings.backstage,
            now => self.now_us(),
        })?;
        Ok(with_cookie(visitor, Html(html).into_response()))
    }
}

/// Posts come from our own pages alone, and no page is framed, sniffed or scripted.
pub(crate) async fn guarded(
    State(shop): State<Arc<Shop>>,
    request: Request,
    next: Next,
) -> Response {
    if is_foreign(&request) {
        return (StatusCode::FORBIDDEN, "This form is not ours.").into_response();
    }
    let mut response = next.run(request).await;
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; \
         frame-ancestors 'none'; base-uri 'none'",
        shop.settings.sekisho
    );
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// A form that another site's page sent.
fn is_foreign(request: &Request) -> bool {
    let posted = request.method() != Method::GET && request.method() != Method::HEAD;
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    let away = |origin: &str| origin.split_once("://").is_none_or(|(_, from)| from != host);
    posted && !NOT_BROWSERS.contains(&request.uri().path()) && text("origin").is_some_and(away)
}
