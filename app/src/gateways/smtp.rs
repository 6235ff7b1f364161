//! Mail, handed to the operator's relay over SMTP (RFC 5321), which signs it with DKIM.

use std::time::Duration;

use domain::time::Micros;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Mailbox as Address, MessageBuilder, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::{Carriage, Carried, Gateway, Letter};
use crate::config::{BadSetting, Config};
use crate::sent_mail::{BodyHash, Receiver, SentMail};

/// Longest time for one step of the conversation with the relay.
const PATIENCE: Duration = Duration::from_secs(15);

/// What our own mails are about, in the ledger.
const KIND: &str = "security";

/// A relay and the address we write from.
pub struct Smtp {
    relay: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

impl Smtp {
    /// The relay of the setting `smtp-url` (`smtps://user:password@host:465`, or
    /// `smtp://…:587?tls=required`); mails are from `mail-from`.
    pub fn of(config: &Config) -> Result<Self, BadSetting> {
        let said = &config.said;
        let url = said.optional("smtp-url").ok_or_else(|| said.bad("smtp-url", "is missing"))?;
        let relay = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // The URL holds a password: it is not repeated.
            .map_err(|_| said.bad("smtp-url", "not an SMTP URL"))?
            .timeout(Some(PATIENCE))
            .build();
        let from = said.text("mail-from").parse();
        let from =
            from.map_err(|_| said.bad("mail-from", "not a mail address with or without a name"))?;
        Ok(Self { relay, from })
    }

    fn id(&self, message: &str) -> String {
        format!("<{message}@{}>", self.from.email.domain())
    }

    fn mail(&self, message: &str, letter: &Letter) -> Option<Message> {
        let to: Address = letter.to.parse().ok()?;
        headers(&self.from, to, self.id(message), &letter.subject)
            .singlepart(
                SinglePart::builder()
                    .header(ContentType::TEXT_PLAIN)
                    .header(ContentTransferEncoding::Base64)
                    .body(letter.text.clone()),
            )
            .ok()
    }
}

/// The id is the same at each try, so that a mail sent twice shows once.
fn headers(from: &Address, to: Address, id: String, subject: &str) -> MessageBuilder {
    Message::builder().message_id(Some(id)).from(from.clone()).to(to).subject(subject)
}

impl Gateway for Smtp {
    fn carry<'a>(&'a self, message: &'a str, letter: &'a Letter) -> Carriage<'a> {
        Box::pin(async move {
            let Some(mail) = self.mail(message, letter) else {
                return Carried::Refused("not an address that mail goes to");
            };
            match self.relay.send(mail).await {
                Ok(_) => Carried::Taken,
                Err(error) => refused_or_not_now(&error),
            }
        })
    }

    fn sent_as(&self, message: &str, letter: &Letter, now: Micros) -> Option<SentMail> {
        let mail = self.mail(message, letter)?.formatted();
        Some(SentMail {
            message_id: self.id(message),
            to: Receiver::at(&letter.to).into_iter().collect(),
            kind: KIND.to_owned(),
            at: now,
            body: Some(BodyHash::of_mail(&mail)),
        })
    }
}

/// 5xx is for ever, except that of a relay that does not know us: that is ours to mend.
fn refused_or_not_now(error: &SmtpError) -> Carried {
    let code = error.status().map(|code| code.to_string());
    match code.as_deref() {
        Some("530" | "534" | "535") => Carried::NotNow("the relay does not let us in"),
        Some(code) if code.starts_with('5') => Carried::Refused("the relay refuses it"),
        _ => Carried::NotNow("the relay does not take it now"),
    }
}
