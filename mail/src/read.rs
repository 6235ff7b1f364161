//! A mail as its reader meets it: what a mail program shows, not what a strict parser takes.

use mail_parser::{HeaderName, HeaderValue, MessageParser, MimeHeaders as _, PartType};

use crate::fold::{fold, is_disguised};
use crate::html;
use crate::link::{Link, organisation};

/// Bytes of a mail that are looked at.
pub const LIMIT_BYTES: usize = 4 << 20;
const TEXT_MAX: usize = 64 << 10;
const ATTACHMENTS_MAX: usize = 50;
/// Characters of a sender or subject that are looked at, and of an address (RFC 5321).
const HEADER_MAX: usize = 2_000;
const ADDRESS_MAX: usize = 320;
/// Signatures, and results, that are looked at.
const RESULTS_MAX: usize = 20;
const LINKS_MAX: usize = 500;

/// A mail, read.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a signal reads")]
pub struct Mail {
    /// `From`, decoded, as it stands.
    pub(crate) from: String,
    /// The name that is shown.
    pub(crate) name: String,
    /// Part before the `@`.
    pub(crate) local: String,
    /// Part after the `@`, in lower case.
    pub(crate) domain: String,
    /// A strict reader cannot read the sender.
    pub(crate) from_unreadable: bool,
    pub(crate) reply_to: Option<String>,
    pub(crate) envelope: Option<String>,
    pub(crate) subject: String,
    /// Folded text of subject and body, as far as it is shown.
    pub(crate) words: String,
    /// Folded text of the body alone.
    pub(crate) body: String,
    pub(crate) links: Vec<Link>,
    pub(crate) images: Vec<String>,
    pub(crate) hidden: usize,
    pub(crate) has_html: bool,
    pub(crate) has_form: bool,
    pub(crate) has_script: bool,
    pub(crate) disguised: bool,
    pub(crate) attachments: Vec<String>,
    /// Part of a conversation or of a list.
    pub(crate) is_reply: bool,
    pub(crate) is_list: bool,
    pub(crate) has_unsubscribe: bool,
    pub(crate) message_id: Option<String>,
    pub(crate) has_date: bool,
    /// Domains that say they signed; nobody has checked.
    pub(crate) signed_by: Vec<String>,
    /// `Authentication-Results`, topmost first.
    pub(crate) results: Vec<String>,
    /// How many of these stand above the first `Received`: whoever received the mail last wrote them.
    pub(crate) results_on_top: usize,
    /// More than was looked at.
    pub(crate) cut: bool,
    /// No mail at all.
    pub(crate) empty: bool,
}

impl Mail {
    /// Reads a mail. Never fails: what cannot be read is missing, and that is a finding.
    pub fn read(raw: &[u8]) -> Self {
        let cut = raw.len() > LIMIT_BYTES;
        let raw = raw.get(..raw.len().min(LIMIT_BYTES)).unwrap_or_default();
        let mut mail = Self { cut, ..Self::default() };
        let Some(message) = MessageParser::default().parse(raw) else {
            mail.empty = true;
            return mail;
        };
        mail.take_sender(&message);
        mail.take_headers(&message);
        mail.take_bodies(&message);
        mail.disguised = is_disguised(&mail.name) || is_disguised(&mail.subject);
        mail.words = format!("{}\n{}", fold(&mail.subject), mail.body);
        mail
    }

    /// The organisational domain of the sender.
    pub(crate) fn organisation(&self) -> &str {
        organisation(&self.domain)
    }

    fn take_sender(&mut self, message: &mail_parser::Message<'_>) {
        let raw = message.header_raw(HeaderName::From).unwrap_or_default().trim();
        self.from = decoded(start(raw, HEADER_MAX));
        let first = message.from().and_then(|from| from.first());
        let strict = first.and_then(|one| one.address.as_deref()).filter(|at| at.contains('@'));
        let many = message.from().is_some_and(|from| from.iter().count() > 1);
        let shown = Shown::of(&self.from);
        self.from_unreadable =
            raw.is_empty() || strict.is_none() || many || shown.quoted_badly || shown.is_stuffed;
        let address = strict.map_or(shown.address, str::to_owned);
        let name = first.and_then(|one| one.name.as_deref()).map(str::to_owned);
        self.name = name.filter(|name| !many && !name.is_empty()).unwrap_or(shown.name);
        self.name = start(&self.name, HEADER_MAX).to_owned();
        let (local, domain) = address.rsplit_once('@').unwrap_or(("", ""));
        let (local, domain) = (start(local, ADDRESS_MAX), start(domain, ADDRESS_MAX));
        self.local = local.trim_matches(['<', '"', ' ']).to_owned();
        self.domain = domain.trim_matches(['>', '.', ' ', '"']).to_ascii_lowercase();
    }

    fn take_headers(&mut self, message: &mail_parser::Message<'_>) {
        let domain_of = |address: &str| {
            let domain = address.rsplit_once('@').map(|(_, domain)| domain)?;
            Some(domain.trim_matches(['>', ' ', '.']).to_ascii_lowercase())
        };
        let reply =
            message.reply_to().and_then(|to| to.first()).and_then(|to| to.address.as_deref());
        self.reply_to = reply.and_then(domain_of);
        self.envelope = message.return_address().and_then(domain_of);
        self.subject = start(message.subject().unwrap_or_default(), HEADER_MAX).to_owned();
        self.message_id = message.message_id().map(str::to_owned);
        self.has_date = message.date().is_some();
        let (mut received, mut senders) = (false, 0);
        for (name, value) in message.headers_raw() {
            match name.to_ascii_lowercase().as_str() {
                "in-reply-to" | "references" => self.is_reply = true,
                "list-id" | "list-post" | "mailing-list" | "x-mailing-list" | "x-loop" => {
                    self.is_list = true;
                }
                "precedence" if value.trim().eq_ignore_ascii_case("list") => self.is_list = true,
                "list-unsubscribe" => self.has_unsubscribe = true,
                "dkim-signature" | "domainkey-signature" if self.signed_by.len() < RESULTS_MAX => {
                    self.signed_by.extend(tag(value, "d").map(str::to_ascii_lowercase));
                }
                "authentication-results" if self.results.len() < RESULTS_MAX => {
                    self.results.push(value.trim().to_owned());
                    self.results_on_top += usize::from(!received);
                }
                "received" => received = true,
                "from" => senders += 1,
                _ => {}
            }
        }
        self.from_unreadable |= senders > 1;
        if !received {
            // No receiver has put its mark below them: whoever made the file wrote them.
            self.results_on_top = 0;
        }
    }

    fn take_bodies(&mut self, message: &mail_parser::Message<'_>) {
        let mut text = String::new();
        for part in message.parts.iter().take(1_000) {
            match &part.body {
                PartType::Html(html) if part.attachment_name().is_none() => {
                    let seen = html::read(html);
                    self.has_html = true;
                    self.has_form |= seen.has_form;
                    self.has_script |= seen.has_script;
                    self.hidden += seen.hidden;
                    self.links.extend(seen.links);
                    self.images.extend(seen.images);
                    text.push_str(&seen.text);
                }
                PartType::Text(plain) if part.attachment_name().is_none() => {
                    text.push_str(plain);
                    self.links.extend(links_in(plain));
                }
                _ => {}
            }
            if let Some(name) = part.attachment_name()
                && self.attachments.len() < ATTACHMENTS_MAX
            {
                self.attachments.push(name.to_ascii_lowercase());
            }
            self.links.truncate(LINKS_MAX);
            if text.len() > TEXT_MAX {
                break;
            }
        }
        self.body = fold(start(&text, TEXT_MAX));
    }
}

/// The first `most` bytes, to a whole character.
fn start(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A sender as a mail program shows it: the last `<…>` is the address, the rest the name.
struct Shown {
    name: String,
    address: String,
    quoted_badly: bool,
    /// Padded so that the address is pushed out of sight, or with another address in the name.
    is_stuffed: bool,
}

impl Shown {
    fn of(from: &str) -> Self {
        let (name, address) = match from.rfind('<') {
            Some(at) => {
                let (name, rest) = from.split_at(at);
                (name, rest.trim_matches(['<', '>', ' ']))
            }
            None => ("", from),
        };
        let quotes = name.matches('"').count() % 2 == 1;
        let commas = name.contains(',') && !name.contains('"');
        let name = name.trim().trim_matches('"').trim().to_owned();
        let is_stuffed = name.contains("   ") || from.matches('<').count() > 1;
        Self { address: address.to_owned(), quoted_badly: quotes || commas, is_stuffed, name }
    }
}

/// A raw header with its encoded words read (RFC 2047).
fn decoded(raw: &str) -> String {
    let message = format!("Subject: {}\r\n\r\n", raw.replace(['\r', '\n'], " "));
    let parsed = MessageParser::default().parse_headers(message.as_bytes());
    let subject = parsed.as_ref().and_then(|message| match message.header(HeaderName::Subject) {
        Some(HeaderValue::Text(text)) => Some(text.to_string()),
        _ => None,
    });
    subject.unwrap_or_else(|| raw.to_owned())
}

/// The value of a tag of a `tag=value;` list.
fn tag<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim() == name).then(|| value.trim())
    })
}

/// Addresses in plain text.
fn links_in(text: &str) -> impl Iterator<Item = Link> {
    text.split(|sign: char| sign.is_whitespace() || "<>\"'()[]「」（）。、".contains(sign))
        .filter(|word| word.starts_with("http://") || word.starts_with("https://"))
        .take(200)
        .filter_map(|word| Link::read(word.trim_end_matches(['.', ',', ';', '!']), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(from: &str) -> (String, String, String, bool) {
        let mail = Mail::read(format!("From: {from}\r\nSubject: x\r\n\r\nbody").as_bytes());
        (mail.name, mail.local, mail.domain, mail.from_unreadable)
    }

    #[test]
    fn a_sender_is_read_as_a_mail_program_shows_it() {
        let (name, local, domain, bad) = sender("\"Amazon.co.jp\" <no-reply@amazon.co.jp>");
        assert_eq!(
            (name.as_str(), local.as_str(), domain.as_str()),
            ("Amazon.co.jp", "no-reply", "amazon.co.jp")
        );
        assert!(!bad);
        let (_, local, domain, _) = sender("Amazon@service.co.jp");
        assert_eq!((local.as_str(), domain.as_str()), ("Amazon", "service.co.jp"));
        let (name, ..) = sender("=?UTF-8?B?44Ki44Oe44K+44Oz?= <a@b.example>");
        assert_eq!(name, "アマゾン");
        for from in
            ["PayPal, Inc <x@evil.example>", "\"Netflix <a@b.example>", "", "no address here"]
        {
            assert!(sender(from).3, "{from}");
        }
    }

    #[test]
    fn japanese_mails_are_read_in_every_charset() {
        let mut raw =
            b"From: a@b.example\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n\r\n".to_vec();
        raw.extend_from_slice(b"\x1b$B%+!<%I\x1b(B");
        assert!(Mail::read(&raw).body.contains("カード"));
        let mut raw =
            b"From: a@b.example\r\nContent-Type: text/plain; charset=Shift_JIS\r\n\r\n".to_vec();
        raw.extend_from_slice(&[0x83, 0x4a, 0x81, 0x5b, 0x83, 0x68]);
        assert!(Mail::read(&raw).body.contains("カード"));
    }

    #[test]
    fn rubbish_is_a_mail_without_anything() {
        for raw in [&b""[..], &[0xff; 40], b"\r\n\r\n", b"From:", b"no header at all"] {
            let mail = Mail::read(raw);
            assert!(mail.domain.is_empty());
        }
    }
}
