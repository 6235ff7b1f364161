//! Who looks at a page: language, guest, where from; read before every handler.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use domain::keyed::{Field, KeyedHasher};
use ipnet::IpNet;

use super::cookies::{self, Flash, Name};
use crate::happenings::Visit;
use crate::http::House;
use crate::http::problem::Problem;
use crate::text::Language;
use crate::world::World;

/// Longest header that is looked into.
const HEADER_MAX: usize = 1_024;
/// How long a chosen language is kept.
const LANGUAGE_DAYS: i64 = 400;

/// The peer of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Somebody at a page.
#[derive(Clone)]
pub struct Visitor {
    /// In which language.
    pub language: Language,
    /// What they chose with `?lang=` just now.
    chosen: Option<Language>,
    /// What forms are bound to.
    guest: String,
    guest_is_new: bool,
    /// A word about what was just done.
    pub flash: Option<Flash>,
    /// From where.
    pub visit: Visit,
    /// The device, as its cookie says.
    pub device: Option<DeviceCookie>,
    /// There is a session that lives.
    pub signed_in: bool,
    uri: Uri,
}

/// A device: its id, and a mark for each account that knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCookie {
    /// Unguessable.
    pub id: String,
    /// See [`crate::members::Members::device_mark`]; the latest first.
    pub marks: Vec<String>,
}

impl DeviceCookie {
    /// Accounts that one device is known to.
    const MARKS_MAX: usize = 4;
    /// Days for which a device is known.
    const DAYS: i64 = 730;

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::to_owned);
        let id = parts.next().filter(|id| id.len() == 26)?;
        Some(Self { id, marks: parts.take(Self::MARKS_MAX).collect() })
    }

    /// A device that nobody knows yet.
    pub fn new(world: &World) -> Self {
        Self { id: unguessable(world), marks: Vec::new() }
    }

    /// The same, known also to the account of `mark`.
    #[must_use]
    pub fn marked(mut self, mark: String) -> Self {
        self.marks.retain(|known| *known != mark);
        self.marks.insert(0, mark);
        self.marks.truncate(Self::MARKS_MAX);
        self
    }

    /// The cookie that says so.
    pub fn cookie(&self, secure: bool) -> cookie::Cookie<'static> {
        let parts: Vec<&str> =
            std::iter::once(&self.id).chain(&self.marks).map(String::as_str).collect();
        Name::Device.with(parts.join("."), Self::DAYS, secure)
    }
}

impl Visitor {
    /// The visitor of a request.
    pub fn of(house: &House, headers: &HeaderMap, uri: &Uri, peer: Option<Peer>) -> Self {
        let secure = house.secure();
        let chosen = query(uri, "lang").and_then(|tag| tag.parse().ok());
        let kept = Name::Language.read(headers, secure).and_then(|tag| tag.parse().ok());
        let accepted = text_of(headers, &header::ACCEPT_LANGUAGE);
        let language = chosen.or(kept).unwrap_or_else(|| {
            Language::accepted(accepted.as_deref().unwrap_or_default(), house.config.language)
        });
        let guest = Name::Guest.read(headers, secure).filter(|guest| guest.len() == 26);
        let guest_is_new = guest.is_none();
        let guest = guest.unwrap_or_else(|| unguessable(&house.world));
        let visit = Visit {
            ip: peer.map(|peer| caller(peer.0.ip(), headers, &house.trusted_proxies)),
            user_agent: text_of(headers, &header::USER_AGENT),
            accept_language: accepted,
            device_token: None,
        };
        let flash = Flash::read(headers, secure);
        let device = Name::Device.read(headers, secure);
        let device = device.as_deref().and_then(DeviceCookie::read);
        Self {
            language,
            chosen,
            guest,
            guest_is_new,
            flash,
            visit,
            device,
            signed_in: false,
            uri: uri.clone(),
        }
    }

    /// The same person under a new guest: who knew the one before they signed in knows nothing now
    /// (ASVS 7.2.4).
    #[must_use]
    pub(super) fn renewed(&self, world: &World) -> Self {
        Self { guest: unguessable(world), guest_is_new: true, ..self.clone() }
    }

    /// From where, for judgement; with the device where the account knows it.
    pub(super) fn visit_of(&self, is_known: bool) -> Visit {
        let device = self.device.as_ref().filter(|_| is_known);
        Visit { device_token: device.map(|device| device.id.clone()), ..self.visit.clone() }
    }

    /// What a form must carry: bound to the guest's cookie, which no other site can read.
    pub fn csrf_token(&self, hasher: &KeyedHasher) -> String {
        let bound = format!("csrf\0{}", self.guest);
        crate::id::base32(&hasher.wide(Field::Other, bound.as_bytes()).to_be_bytes())
    }

    /// The guest, as attempts are bound to it.
    pub fn guest_number(&self, hasher: &KeyedHasher) -> u128 {
        hasher.wide(Field::Other, format!("guest\0{}", self.guest).as_bytes())
    }

    /// The network of the visitor, as one number: an address of IPv4, or a /64 of IPv6, which one
    /// subscriber has whole.
    pub(super) fn network_number(&self, hasher: &KeyedHasher) -> u64 {
        let network = match self.visit.ip {
            Some(IpAddr::V4(ip)) => u64::from(ip.to_bits()),
            Some(IpAddr::V6(ip)) => u64::try_from(ip.to_bits() >> 64).unwrap_or_default(),
            None => 0,
        };
        hasher.short(Field::Other, &network.to_be_bytes())
    }

    /// This page's path in `language`.
    pub fn path_in(&self, language: Language) -> String {
        let kept = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept.filter(|(name, _)| name != "lang"));
        query.append_pair("lang", language.tag());
        format!("{}?{}", self.uri.path(), query.finish())
    }

    /// The path that was asked for.
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The answer with the cookies that follow from this visit.
    pub(super) fn keep_cookies(&self, mut response: Response, secure: bool) -> Response {
        if self.guest_is_new {
            cookies::set(&mut response, &Name::Guest.with(self.guest.clone(), 0, secure));
        }
        if let Some(language) = self.chosen {
            let cookie = Name::Language.with(language.tag(), LANGUAGE_DAYS, secure);
            cookies::set(&mut response, &cookie);
        }
        if self.flash.is_some() {
            cookies::set(&mut response, &Name::Flash.removed(secure));
        }
        response
    }
}

impl FromRequestParts<Arc<House>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().copied();
        Ok(Self::of(house, &parts.headers, &parts.uri, peer))
    }
}

/// 128 unguessable bits as text.
fn unguessable(world: &World) -> String {
    let mut bytes = [0; 16];
    world.random(&mut bytes);
    crate::id::base32(&bytes)
}

/// The value of a name in the query.
pub(super) fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn text_of(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = headers.get(name).map(HeaderValue::as_bytes)?;
    let value = value.get(..value.len().min(HEADER_MAX))?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The peer; or, where that is a proxy the operator trusts, the last address in `X-Forwarded-For`
/// that is not. What stands further left may have been written by anybody.
fn caller(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    if !is_trusted(&peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut caller = peer;
    for hop in hops.iter().rev() {
        let Ok(ip) = hop.parse::<IpAddr>() else { break };
        caller = ip;
        if !is_trusted(&ip) {
            break;
        }
    }
    caller
}

/// Reads `trusted-proxies`: networks or addresses, comma-separated. `Err` is what means nothing.
pub fn trusted_proxies(text: &str) -> Result<Vec<IpNet>, String> {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let read = |entry: &str| {
        let net = entry.parse().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
        net.map_err(|_| entry.to_owned())
    };
    entries.map(read).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_a_trusted_proxy_may_say_who_calls() {
        let (proxy, stranger): (IpAddr, IpAddr) =
            ("10.0.0.1".parse().unwrap(), "203.0.113.9".parse().unwrap());
        let trusted = trusted_proxies("10.0.0.0/8, 192.0.2.1").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.1.1.1, 198.51.100.7, 10.0.0.9".parse().unwrap());
        assert_eq!(caller(proxy, &headers, &trusted).to_string(), "198.51.100.7");
        assert_eq!(caller(stranger, &headers, &trusted), stranger);
        assert_eq!(caller(proxy, &headers, &[]), proxy);
        headers.insert("x-forwarded-for", "rubbish".parse().unwrap());
        assert_eq!(caller(proxy, &headers, &trusted), proxy);
        assert_eq!(trusted_proxies("10.0.0.0/99"), Err("10.0.0.0/99".to_owned()));
    }
}
