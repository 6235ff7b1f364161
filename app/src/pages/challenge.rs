//! Opening a challenge: the code is drawn, its hash kept, and its letter written.

use domain::challenge::{LIFE, Method};
use domain::member::{Contact, ContactKind, Member};
use domain::notice::Channel;
use domain::time::Micros;
use factors::phone::Phone;
use factors::secret::SecretText;
use store::Changes;

use super::Visitor;
use super::prove::{Done, NOT_NOW, NOT_SENT};
use crate::gateways::Letter;
use crate::http::House;
use crate::http::problem::Problem;
use crate::members::attempts::{Attempt, Purpose};
use crate::text::{Language, text};

/// Text keys of letters with a code.
#[cfg(test)]
pub(super) const LETTER_KEYS: [&str; 4] =
    ["letter-code-subject", "letter-code-mail", "letter-code-sms", "letter-code-voice"];

impl House {
    /// Opens the challenge by `method`; gives the letter with its code where one is sent.
    ///
    /// # Errors
    /// The text key of why no code was sent.
    pub(super) async fn open_challenge(
        &self,
        attempt: &mut Attempt,
        member: &Member,
        method: Method,
        visitor: &Visitor,
    ) -> Result<Vec<Letter>, &'static str> {
        let Some(channel) = channel_of(method) else {
            let opened = attempt.send(&self.members, method);
            return opened.map(|_| Vec::new()).map_err(|_| NOT_NOW);
        };
        let to = receiver(attempt, Some(member), method).ok_or(NOT_SENT)?;
        if channel != Channel::Mail {
            let number = Phone::parse(&to.value).map_err(|_| NOT_SENT)?;
            let ip = visitor.visit.ip.map(|ip| ip.to_string()).unwrap_or_default();
            let spent = self.members.spend_text(&number, &ip).await.map_err(|_| NOT_SENT)?;
            if let Err(refused) = spent {
                tracing::warn!(?refused, "a text message was not sent: its budget is used up");
                return Err(NOT_SENT);
            }
        }
        let code = attempt.send(&self.members, method).map_err(|_| NOT_NOW)?;
        let Some(code) = code else { return Ok(Vec::new()) };
        if is_for_nobody(&attempt.kept.purpose) {
            return Ok(Vec::new());
        }
        let language =
            if member.account.is_empty() { visitor.language } else { Language::of(member) };
        Ok(vec![self.code_letter(channel, &to.value, &code, language)])
    }

    /// A contact that an import brought along is the member's once it has answered a code.
    pub(super) async fn contact_has_answered(&self, done: Done) -> Result<Done, Problem> {
        let Done { attempt, found: Some(found), .. } = &done else { return Ok(done) };
        let method = attempt.kept.challenge.as_ref().map(|open| open.method);
        let member = attempt.asked(&found.member, self.world.now());
        let to = method.and_then(|method| receiver(attempt, Some(&member), method));
        let Some(to) = to.filter(|to| !found.member.is_proven(to)) else { return Ok(done) };
        let member = found.member.clone().with_proven(&to.value);
        let puts = vec![self.members.change(found, &member)];
        // A lost race leaves it to the next code.
        self.store.apply(&Changes { puts, ..Changes::default() }, self.world.now()).await?;
        let found = self.members.of(found.account).await?;
        Ok(Done { found, ..done })
    }

    fn code_letter(
        &self,
        channel: Channel,
        to: &str,
        code: &SecretText,
        language: Language,
    ) -> Letter {
        let store = self.config.said.text("store-name");
        let spaced: Vec<String> = code.expose().chars().map(String::from).collect();
        let spoken = spaced.join(", ");
        let shown = if channel == Channel::Voice { spoken.as_str() } else { code.expose() };
        let values = [("store", store), ("code", shown)];
        let tell = |key| text().tell(language, key, &values);
        let (subject, mut words) = match channel {
            Channel::Mail => (tell("letter-code-subject"), tell("letter-code-mail")),
            Channel::Sms => (String::new(), tell("letter-code-sms")),
            Channel::Voice => (String::new(), tell("letter-code-voice")),
        };
        let host = url::Url::parse(self.config.said.text("public-url")).ok();
        if let (Channel::Sms, Some(host)) = (channel, host.as_ref().and_then(url::Url::host_str)) {
            // The origin-bound line is the last (C5).
            words.push_str("\n\n");
            words.push_str(factors::one_time_code::bound_line(host, code).expose());
        }
        let not_after = Some(self.world.now().plus(LIFE));
        Letter { channel, to: to.to_owned(), subject, text: words, language, not_after }
    }
}

/// A code goes out to somebody, but none that would be right.
pub(super) const fn is_for_nobody(purpose: &Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Register { taken: true, .. }
            | Purpose::ResetPassword { for_nobody: true, .. }
            | Purpose::ProveToCase { for_nobody: true, .. }
    )
}

const fn channel_of(method: Method) -> Option<Channel> {
    match method {
        Method::Sms => Some(Channel::Sms),
        Method::Voice => Some(Channel::Voice),
        Method::Mail => Some(Channel::Mail),
        Method::Passkey | Method::Totp | Method::RecoveryCode => None,
    }
}

/// To whom a code goes: what is being confirmed, or the member's first contact of that kind.
pub(super) fn receiver(
    attempt: &Attempt,
    member: Option<&Member>,
    method: Method,
) -> Option<Contact> {
    let kind = channel_of(method)?.reaches();
    match &attempt.kept.purpose {
        Purpose::Register { mail, .. } => {
            let since = Micros::default();
            Some(Contact { kind: ContactKind::Mail, value: mail.clone(), since })
        }
        Purpose::AddContact { contact, .. } | Purpose::ComeBack { contact, .. } => {
            Some(contact.clone())
        }
        Purpose::Challenge { contacts, .. } => {
            contacts.iter().find(|contact| contact.kind == kind).cloned()
        }
        // The first code goes to whom it was asked for; a second one to the other kind.
        Purpose::ResetPassword { contact, .. } | Purpose::ProveToCase { contact, .. }
            if contact.kind == kind =>
        {
            Some(contact.clone())
        }
        Purpose::ProveToCase { .. } => None,
        Purpose::SignIn { .. } | Purpose::ProveAgain(_) | Purpose::ResetPassword { .. } => {
            member?.contacts().find(|contact| contact.kind == kind).cloned()
        }
    }
}

/// Enough of a contact to know it again, and no more.
pub(crate) fn hidden(contact: &str) -> String {
    if let Some((local, domain)) = contact.rsplit_once('@') {
        let first: String = local.chars().take(1).collect();
        return format!("{first}•••@{domain}");
    }
    let digits: Vec<char> = contact.chars().collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    format!("•••• {last}")
}
