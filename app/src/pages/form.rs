//! Forms: read under a limit, taken only from our own pages.
//!
//! A form must carry the token that the page gave out, which is a keyed hash of the guest's cookie
//! (the signed double submit of OWASP), and its browser must not say that it comes from elsewhere
//! (`Sec-Fetch-Site`, `Origin`). Either alone would do; together one may fail.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq as _;

use super::visitor::{Peer, Visitor};
use crate::http::House;
use crate::http::body;
use crate::http::problem::{Kind, Problem};

/// Longest form in bytes.
const FORM_MAX: usize = 64 * 1024;
/// Most fields and files of a form with files.
const PARTS_MAX: usize = 32;

/// What was filled in. No `Debug`: it may hold a password.
#[derive(Default)]
pub struct Form {
    fields: BTreeMap<String, String>,
    files: Vec<(String, File)>,
}

/// A file that came with a form; kept in memory alone.
pub struct File {
    /// As the browser calls it: for the eyes of whoever sent it.
    pub name: String,
    /// What stands in it.
    pub bytes: Bytes,
}

impl Form {
    /// Reads the form of a POST, with who sent it.
    pub async fn read(house: &House, request: Request) -> Result<(Self, Visitor), Problem> {
        let (parts, body) = request.into_parts();
        let peer = parts.extensions.get::<Peer>().copied();
        let visitor = Visitor::of(house, &parts.headers, &parts.uri, peer);
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Err(Problem::new(Kind::UnsupportedMediaType, "a form"));
        }
        let bytes = body::read(&parts.headers, body, FORM_MAX).await?;
        let fields = url::form_urlencoded::parse(&bytes).into_owned().collect();
        let form = Self { fields, files: Vec::new() };
        form.must_be_ours(house, &parts.headers, &visitor)?;
        Ok((form, visitor))
    }

    /// Reads the form of a POST that may carry files (`multipart/form-data`, RFC 7578), `max` bytes
    /// of all together at most.
    pub async fn read_with_files(
        house: &House,
        mut request: Request,
        max: usize,
    ) -> Result<(Self, Visitor), Problem> {
        let headers = request.headers().clone();
        let peer = request.extensions().get::<Peer>().copied();
        let visitor = Visitor::of(house, &headers, request.uri(), peer);
        DefaultBodyLimit::max(max).apply(&mut request);
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| Problem::new(Kind::UnsupportedMediaType, "a form with files"))?;
        let (mut form, mut count) = (Self::default(), 0);
        while let Some(part) = parts.next_field().await.map_err(|error| broken(&error, max))? {
            count += 1;
            if count > PARTS_MAX {
                return Err(Problem::new(Kind::TooLarge, format!("at most {PARTS_MAX} fields")));
            }
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|error| broken(&error, max))?;
            match file {
                // A browser sends the field of a file that was not chosen all the same.
                Some(_) if bytes.is_empty() => {}
                Some(name) => form.files.push((field, File { name, bytes })),
                None => {
                    form.fields.insert(field, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        form.must_be_ours(house, &headers, &visitor)?;
        Ok((form, visitor))
    }

    fn must_be_ours(
        &self,
        house: &House,
        headers: &HeaderMap,
        visitor: &Visitor,
    ) -> Result<(), Problem> {
        let own = is_from_here(headers, house.config.said.text("public-url"));
        let token = visitor.csrf_token(&house.hasher);
        let same = bool::from(self.text("csrf").as_bytes().ct_eq(token.as_bytes()));
        if own && same { Ok(()) } else { Err(Problem::new(Kind::ForeignForm, "")) }
    }

    /// What stands in a field; empty where it is absent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// What stands in a field, without spaces around it; `None` for nothing.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|value| !value.is_empty())
    }

    /// What follows `start` in the names of fields that begin so: boxes that were ticked.
    pub fn names_after(&self, start: &str) -> impl Iterator<Item = &str> {
        self.fields.keys().filter_map(move |name| name.strip_prefix(start))
    }

    /// The files of a field that were chosen.
    pub fn files(&self, field: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |(name, _)| name == field).map(|(_, file)| file)
    }
}

/// A form with files that could not be read.
fn broken(error: &MultipartError, max: usize) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Kind::TooLarge, format!("all together at most {max} bytes"))
        }
        _ => Problem::new(Kind::BadRequest, "the form broke off, or is no form"),
    }
}

/// The browser does not say that another site sends it.
fn is_from_here(headers: &HeaderMap, public_url: &str) -> bool {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if said("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = said("origin") else { return true };
    let own = url::Url::parse(public_url).map(|url| url.origin().ascii_serialization());
    match own {
        Ok(own) => origin == own,
        // Without a public URL the host that was asked is ours.
        Err(_) => said("host").is_some_and(|host| origin == format!("http://{host}")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_form_of_another_site_is_known_by_what_the_browser_says() {
        let url = "https://id.shop.example/";
        let from_here = |pairs: &[(&'static str, &str)]| is_from_here(&headers(pairs), url);
        assert!(from_here(&[]));
        assert!(from_here(&[("origin", "https://id.shop.example")]));
        assert!(from_here(&[("sec-fetch-site", "same-origin")]));
        assert!(!from_here(&[("origin", "https://id.shop.example.evil")]));
        assert!(!from_here(&[("origin", "null")]));
        assert!(!from_here(&[("sec-fetch-site", "same-site")]));
        assert!(!from_here(&[("sec-fetch-site", "cross-site")]));
        let local = headers(&[("origin", "http://127.0.0.1:8470"), ("host", "127.0.0.1:8470")]);
        assert!(is_from_here(&local, ""));
        let other = headers(&[("origin", "http://127.0.0.1:9"), ("host", "127.0.0.1:8470")]);
        assert!(!is_from_here(&other, ""));
    }
}
