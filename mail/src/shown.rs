//! What of a mail may be shown to whoever asks about it: as text, never as a link.

use crate::read::Mail;

/// Where a link leads, as far as its text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLink<'a> {
    /// What the reader of the mail sees of it.
    pub text: &'a str,
    /// Host it leads to, in lower case; empty where there is none.
    pub host: &'a str,
    /// The whole of it, as it stands in the mail.
    pub target: &'a str,
}

impl Mail {
    /// The sender as it stands in the mail, decoded.
    pub fn sender(&self) -> &str {
        &self.from
    }

    /// The domain of the sender's address, in small letters; empty where there is none.
    pub fn sender_domain(&self) -> &str {
        &self.domain
    }

    /// Its Message-ID, without angle brackets.
    pub fn message_id(&self) -> Option<&str> {
        self.message_id.as_deref()
    }

    /// The subject, decoded.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Its links in order; 500 at most.
    pub fn links(&self) -> impl Iterator<Item = ShownLink<'_>> {
        self.links.iter().map(|link| ShownLink {
            text: &link.text,
            host: &link.host,
            target: &link.href,
        })
    }
}
