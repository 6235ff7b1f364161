//! A scripted browser: cookies, forms, redirects. It plays the people of the night through the same
//! pages that real people use.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use reqwest::{Client, Method, redirect};
use url::Url;

use crate::clock::pause;
use crate::failure::Failure;

/// Hops from one click to the page that is shown.
const HOPS_MAX: u32 = 16;
/// Looks into the mailbox until a letter is there.
const LOOKS_MAX: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// Where a hand is, and what it looks like from outside.
#[derive(Clone, Copy)]
pub(super) struct Guise {
    pub(super) ip: &'static str,
    pub(super) user_agent: &'static str,
}

/// The browser.
#[derive(Clone)]
pub(super) struct Hand {
    http: Client,
    guise: Guise,
    /// By port, since the two sites share a host on one machine.
    cookies: BTreeMap<(u16, String), String>,
    pub(super) url: Url,
    pub(super) html: String,
}

impl Hand {
    pub(super) fn at(home: &str, guise: Guise) -> Result<Self, Failure> {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none()).build()?;
        let url = Url::parse(home).map_err(|error| Failure::Bad(error.to_string()))?;
        Ok(Self { http, guise, cookies: BTreeMap::new(), url, html: String::new() })
    }

    pub(super) async fn open(&mut self, url: &str) -> Result<(), Failure> {
        self.go(Method::GET, url, None).await
    }

    /// Sends a form of the page that is shown.
    pub(super) async fn send(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), Failure> {
        let csrf = self.value_of("csrf");
        let csrf = csrf.as_deref().map(|csrf| ("csrf", csrf));
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(csrf.iter().chain(fields))
            .finish();
        self.go(Method::POST, path, Some(form)).await
    }

    /// Sends a form to the very page that is shown.
    pub(super) async fn send_here(&mut self, fields: &[(&str, &str)]) -> Result<(), Failure> {
        let here = self.url.path().to_owned();
        self.send(&here, fields).await
    }

    async fn go(
        &mut self,
        mut method: Method,
        to: &str,
        mut form: Option<String>,
    ) -> Result<(), Failure> {
        let bad = |error: url::ParseError| Failure::Bad(error.to_string());
        let mut url = self.url.join(to).map_err(bad)?;
        for _ in 0..HOPS_MAX {
            let port = url.port_or_known_default().unwrap_or_default();
            let cookies = self.cookies.iter().filter(|((of, _), _)| *of == port);
            let cookies: Vec<String> =
                cookies.map(|((_, name), value)| format!("{name}={value}")).collect();
            let mut request = self
                .http
                .request(method.clone(), url.clone())
                .header(USER_AGENT, self.guise.user_agent)
                .header("x-forwarded-for", self.guise.ip)
                .header("accept-language", "ja")
                .header(COOKIE, cookies.join("; "));
            if let Some(form) = form.take() {
                let kind = "application/x-www-form-urlencoded";
                request = request.header(CONTENT_TYPE, kind).body(form);
            }
            let answer = request.send().await?;
            for line in answer.headers().get_all(SET_COOKIE) {
                self.keep(port, line.to_str().unwrap_or_default());
            }
            let location = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let next = location.map(|to| url.join(to)).transpose().map_err(bad)?;
            let next = if let Some(next) = next {
                next
            } else {
                self.html = answer.text().await?.replace("&#x2f;", "/");
                self.url = url.clone();
                let Some(next) =
                    between(&self.html, "http-equiv=\"refresh\" content=\"0;url=", "\"")
                else {
                    return Ok(());
                };
                url.join(&next.replace("&amp;", "&")).map_err(bad)?
            };
            (url, method) = (next, Method::GET);
        }
        Err(Failure::Unfinished(format!("round in circles at {}", url.path())))
    }

    fn keep(&mut self, port: u16, line: &str) {
        let Some((pair, attributes)) = line.split_once(';') else { return };
        let Some((name, value)) = pair.split_once('=') else { return };
        let at = (port, name.to_owned());
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(&at);
        } else {
            self.cookies.insert(at, value.to_owned());
        }
    }

    /// What stands in the field of this name.
    pub(super) fn value_of(&self, name: &str) -> Option<String> {
        between(&self.html, &format!("name=\"{name}\" value=\""), "\"")
            .map(|value| value.replace("&amp;", "&"))
    }

    /// Values of every field of this name.
    pub(super) fn values_of(&self, name: &str) -> Vec<String> {
        let before = format!("name=\"{name}\" value=\"");
        let parts = self.html.split(&before).skip(1);
        parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    }

    pub(super) fn text_between(&self, before: &str, after: &str) -> Option<String> {
        between(&self.html, before, after)
    }

    /// The six digits that were sent to `to` last, once they differ from `before`. They lie open in
    /// Sekisho's mailbox of development: whoever holds the contact reads them there, and so does who
    /// talked the owner into telling them.
    pub(super) async fn code_sent(
        &self,
        sekisho: &str,
        to: &[&str],
        before: Option<&str>,
    ) -> Result<String, Failure> {
        let mut reader = Self { cookies: BTreeMap::new(), ..self.clone() };
        for _ in 0..LOOKS_MAX {
            reader.open(&format!("{sekisho}/mailbox")).await?;
            let letters = reader.html.split("<li class=\"card\">").skip(1);
            let theirs = |letter: &&str| to.iter().any(|to| letter.contains(to));
            let code = letters.filter(theirs).find_map(six_digits);
            if let Some(code) = code.filter(|code| Some(code.as_str()) != before) {
                return Ok(code);
            }
            pause(BETWEEN_LOOKS).await;
        }
        Err(Failure::Sekisho("a code did not come".to_owned()))
    }

    /// The code that was sent there before now, if any.
    pub(super) async fn last_code(
        &self,
        sekisho: &str,
        to: &[&str],
    ) -> Result<Option<String>, Failure> {
        let mut reader = Self { cookies: BTreeMap::new(), ..self.clone() };
        reader.open(&format!("{sekisho}/mailbox")).await?;
        let letters = reader.html.split("<li class=\"card\">").skip(1);
        let theirs = |letter: &&str| to.iter().any(|to| letter.contains(to));
        Ok(letters.filter(theirs).find_map(six_digits))
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split(after).next().map(str::to_owned)
}

fn six_digits(letter: &str) -> Option<String> {
    // The address and the time of a letter have digits too: only what follows them is read.
    let (_, text) = letter.split_once("class=\"letter\">")?;
    let words = text.split(|sign: char| !sign.is_ascii_digit());
    words.into_iter().find(|word| word.len() == 6).map(str::to_owned)
}
