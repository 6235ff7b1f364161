//! HTML as a reader sees it: visible text, hidden text, links with their words, forms, scripts.

use html5gum::{Token, Tokenizer};

use crate::link::Link;

/// What is read of one HTML part; the rest is not looked at.
const HTML_MAX: usize = 1 << 20;
const TEXT_MAX: usize = 64 << 10;
const LINKS_MAX: usize = 500;

/// What stands in the HTML of a mail.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) text: String,
    /// Characters that are there and not shown.
    pub(crate) hidden: usize,
    pub(crate) links: Vec<Link>,
    pub(crate) images: Vec<String>,
    pub(crate) has_form: bool,
    pub(crate) has_script: bool,
}

/// Reads HTML without running or fetching anything.
pub(crate) fn read(html: &str) -> Seen {
    let mut end = html.len().min(HTML_MAX);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut reader = Reader::default();
    for token in Tokenizer::new(html.get(..end).unwrap_or_default()) {
        let Ok(token) = token;
        reader.take(token);
    }
    reader.close_link();
    reader.seen
}

#[derive(Default)]
struct Reader {
    seen: Seen,
    /// Elements whose text is not shown, innermost last.
    unseen: Vec<Vec<u8>>,
    /// The link that is open, and its words so far.
    link: Option<(String, String)>,
}

impl Reader {
    fn take(&mut self, token: Token) {
        match token {
            Token::StartTag(tag) => {
                let value = |name: &str| {
                    tag.attributes
                        .get(name.as_bytes())
                        .map(|value| String::from_utf8_lossy(value).into_owned())
                };
                let name = tag.name.as_slice();
                match name {
                    b"a" | b"area" => {
                        self.close_link();
                        self.link = value("href").map(|href| (href, String::new()));
                    }
                    b"img" => {
                        if let (Some((_, words)), Some(alt)) = (&mut self.link, value("alt")) {
                            words.push_str(&alt);
                        }
                        self.seen
                            .images
                            .extend(value("src").filter(|_| self.seen.images.len() < 200));
                    }
                    b"form" => {
                        self.seen.has_form = true;
                        let action = value("action");
                        self.seen.links.extend(action.and_then(|to| Link::read(&to, "")));
                    }
                    b"br" | b"p" | b"div" | b"tr" | b"td" | b"li" | b"h1" | b"h2" => self.say(" "),
                    _ => {}
                }
                if name == b"script" {
                    self.seen.has_script = true;
                }
                // A head that is never closed ends where the body begins: it hides nothing.
                let mute = matches!(name, b"script" | b"style" | b"title");
                let hides = value("style").is_some_and(|style| is_hiding(&style))
                    || tag.attributes.contains_key(b"hidden".as_slice());
                if (mute || hides || !self.unseen.is_empty()) && !tag.self_closing && !is_void(name)
                {
                    let inside =
                        mute || hides || self.unseen.last().is_some_and(|open| open == name);
                    if inside && self.unseen.len() < 64 {
                        self.unseen.push(name.to_vec());
                    }
                }
            }
            Token::EndTag(tag) => {
                if self.unseen.last().is_some_and(|open| *open == tag.name.as_slice()) {
                    self.unseen.pop();
                }
                if tag.name.as_slice() == b"a" {
                    self.close_link();
                }
            }
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                self.say(&text);
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if let Some(open) = self.unseen.last() {
            if !matches!(open.as_slice(), b"script" | b"style" | b"title") {
                self.seen.hidden += text.trim().chars().count();
            }
            return;
        }
        if self.seen.text.len() < TEXT_MAX {
            self.seen.text.push_str(text);
        }
        if let Some((_, words)) = &mut self.link
            && words.len() < 1_000
        {
            words.push_str(text);
        }
    }

    fn close_link(&mut self) {
        if let Some((href, words)) = self.link.take()
            && self.seen.links.len() < LINKS_MAX
        {
            self.seen.links.extend(Link::read(&href, &words));
        }
    }
}

fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"br" | b"img" | b"hr" | b"input" | b"meta" | b"link" | b"area" | b"col" | b"wbr"
    )
}

/// A style that takes its element out of sight.
fn is_hiding(style: &str) -> bool {
    let style: String = style.chars().filter(|sign| !sign.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    [
        "display:none",
        "visibility:hidden",
        "font-size:0;",
        "font-size:0px",
        "opacity:0;",
        "max-height:0",
    ]
    .iter()
    .any(|hiding| style.contains(hiding))
        || style.ends_with("font-size:0")
        || style.ends_with("opacity:0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_text_and_links_and_not_what_is_hidden() {
        let seen = read(
            "<head><title>t</title><style>p{}</style></head><p>Hello <a href='https://evil.example/'>\
             www.amazon.co.jp</a></p><div style='display:none'>news of the day</div>\
             <form action='https://f.example/x'><input></form><script>alert(1)</script>end",
        );
        assert!(seen.text.contains("Hello") && seen.text.contains("end"), "{}", seen.text);
        assert!(!seen.text.contains("news") && !seen.text.contains("alert"));
        assert_eq!(seen.hidden, 15);
        assert_eq!(seen.links.first().map(|link| link.text.as_str()), Some("www.amazon.co.jp"));
        assert!(seen.has_form && seen.has_script);
    }

    #[test]
    fn broken_markup_is_read_to_its_end() {
        for html in ["<a href=", "<<<<", "<a href='https://x.example'>never closed", "</p></p>", ""]
        {
            let _ = read(html);
        }
        assert!(read("<head><noscript><p>Your account").text.contains("Your account"));
        let deep = "<div style='display:none'>".repeat(5_000);
        assert_eq!(read(&deep).text.trim(), "");
    }
}
