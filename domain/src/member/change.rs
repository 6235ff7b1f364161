//! A change that was made: what was there before, and how it is put back.

use serde::{Deserialize, Serialize};

use super::command::{Proof, Refused};
use super::topic::{Telling, Topic};
use super::{Authenticator, Contact, Member, Passkey, Password, RecoveryCodes, UNDO_SPAN};
use crate::event::EventType;
use crate::time::Micros;

/// What of a member a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Field {
    Password,
    Mails,
    Phones,
    Passkeys,
    Authenticators,
    RecoveryCodes,
    TwoStep,
}

/// The value of a field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Value {
    Password(Option<Password>),
    Mails(Vec<Contact>),
    Phones(Vec<Contact>),
    Passkeys(Vec<Passkey>),
    Authenticators(Vec<Authenticator>),
    RecoveryCodes(Option<RecoveryCodes>),
    TwoStep(bool),
}

/// How a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// It takes effect then, unless it is stopped.
    Waits {
        /// When.
        until: Micros,
    },
    /// It has taken effect, and can be undone until then.
    Done {
        /// When.
        undo_until: Micros,
    },
    /// It was undone, or stopped before it took effect.
    Undone {
        /// When.
        at: Micros,
    },
}

/// A change of one field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of what.
    pub field: Field,
    /// What it is in the account's history (R7).
    pub kind: EventType,
    /// When it was asked for.
    pub at: Micros,
    /// By which session.
    pub session: u128,
    /// By what that session had proven itself.
    pub proof: Proof,
    /// What was there before.
    pub before: Value,
    /// What was asked for.
    pub after: Value,
    /// How it stands.
    pub state: ChangeState,
}

/// What putting back comes to.
#[derive(Clone)]
pub struct Restored {
    /// The member afterwards. All its sessions end, and it proves itself anew.
    pub member: Member,
    /// The changes that were put back, as they now stand, by their place in what was given.
    pub changes: Vec<(usize, Change)>,
}

/// What a change that has waited comes to.
#[derive(Clone)]
pub struct TakenEffect {
    /// The member afterwards.
    pub member: Member,
    /// The change as it now stands.
    pub change: Change,
    /// Whom to tell, where it has taken effect: contacts from before and those that it brings (X8).
    pub telling: Option<Telling>,
}

impl Change {
    /// What it comes to once a waiting change takes effect; `None` while it waits, or if it does not.
    /// What has been changed otherwise meanwhile stays as it is, and then nobody is told.
    pub fn take_effect(&self, member: &Member, now: Micros) -> Option<TakenEffect> {
        let ChangeState::Waits { until } = self.state else { return None };
        if now < until {
            return None;
        }
        if member.value(self.field) != self.before {
            let state = ChangeState::Undone { at: now };
            let change = Self { state, ..self.clone() };
            return Some(TakenEffect { member: member.clone(), change, telling: None });
        }
        let mut after = member.clone();
        after.put(self.after.clone());
        let state = ChangeState::Done { undo_until: now.plus(UNDO_SPAN) };
        let (change, topic) = (Self { state, ..self.clone() }, self.field.topic());
        let telling = topic.map(|topic| member.telling(topic, false, &change, now));
        Some(TakenEffect { member: after.retired_since(member, now), change, telling })
    }

    /// It has not taken effect yet.
    pub const fn waits(&self) -> bool {
        matches!(self.state, ChangeState::Waits { .. })
    }

    /// Whether it can still be undone or stopped.
    pub fn is_open(&self, now: Micros) -> bool {
        match self.state {
            ChangeState::Waits { .. } => true,
            ChangeState::Done { undo_until } => now <= undo_until,
            ChangeState::Undone { .. } => false,
        }
    }
}

/// Puts back the change at `place` and everything changed since: whoever undoes one says that the
/// hands at work since then were not theirs (R7). `changes` are the member's, oldest first.
/// A password is not put back but taken away: the one before may be what let the intruder in.
pub fn restore(
    member: &Member,
    changes: &[Change],
    place: usize,
    now: Micros,
) -> Result<Restored, Refused> {
    let asked = changes.get(place).ok_or(Refused::NotThere)?;
    if !asked.is_open(now) {
        return Err(Refused::TooLate);
    }
    let since = changes.iter().enumerate().skip(place).filter(|(_, change)| change.is_open(now));
    Ok(put_back(member, &since.collect::<Vec<_>>(), asked.at, now))
}

/// Puts back everything that was changed at `start` or later, however long ago: what a case finds to
/// be an intruder's does not become the owner's by waiting (X3).
pub fn restore_since(member: &Member, changes: &[Change], start: Micros, now: Micros) -> Restored {
    let undone = |change: &Change| matches!(change.state, ChangeState::Undone { .. });
    let since =
        changes.iter().enumerate().filter(|(_, change)| change.at >= start && !undone(change));
    put_back(member, &since.collect::<Vec<_>>(), start, now)
}

fn put_back(member: &Member, since: &[(usize, &Change)], start: Micros, now: Micros) -> Restored {
    let mut restored = member.clone();
    for (_, change) in since.iter().rev() {
        match (&change.before, change.state) {
            (_, ChangeState::Waits { .. }) => {}
            (Value::Password(_), _) => restored.password = None,
            (before, _) => restored.put(before.clone()),
        }
    }
    // What the intruder brought is not a former contact of the owner's.
    restored.former_contacts.retain(|(_, at)| *at < start);
    if restored.two_step && (restored.second_factors() == 0 || !restored.has_backup()) {
        restored.two_step = false;
    }
    let undone =
        |change: &Change| Change { state: ChangeState::Undone { at: now }, ..change.clone() };
    let changes = since.iter().map(|(place, change)| (*place, undone(change))).collect();
    Restored { member: restored, changes }
}

impl Field {
    /// What is told when a change of it takes effect that has waited: contacts alone wait.
    const fn topic(self) -> Option<Topic> {
        match self {
            Self::Mails => Some(Topic::MailChanged),
            Self::Phones => Some(Topic::PhoneChanged),
            _ => None,
        }
    }

    pub(super) const fn of(topic: Topic) -> Self {
        match topic {
            Topic::MailChanged => Self::Mails,
            Topic::PhoneChanged => Self::Phones,
            Topic::PasskeyAdded | Topic::PasskeyRemoved => Self::Passkeys,
            Topic::AuthenticatorAdded | Topic::AuthenticatorRemoved => Self::Authenticators,
            Topic::RecoveryCodesReplaced => Self::RecoveryCodes,
            Topic::TwoStepEnabled | Topic::TwoStepDisabled => Self::TwoStep,
            _ => Self::Password,
        }
    }
}

impl Value {
    /// The contacts in it.
    pub(super) fn contacts(&self) -> &[Contact] {
        match self {
            Self::Mails(contacts) | Self::Phones(contacts) => contacts,
            _ => &[],
        }
    }
}

impl Member {
    pub(super) fn value(&self, field: Field) -> Value {
        match field {
            Field::Password => Value::Password(self.password.clone()),
            Field::Mails => Value::Mails(self.mails.clone()),
            Field::Phones => Value::Phones(self.phones.clone()),
            Field::Passkeys => Value::Passkeys(self.passkeys.clone()),
            Field::Authenticators => Value::Authenticators(self.authenticators.clone()),
            Field::RecoveryCodes => Value::RecoveryCodes(self.recovery_codes.clone()),
            Field::TwoStep => Value::TwoStep(self.two_step),
        }
    }

    fn put(&mut self, value: Value) {
        match value {
            Value::Password(password) => self.password = password,
            Value::Mails(mails) => self.mails = mails,
            Value::Phones(phones) => self.phones = phones,
            Value::Passkeys(passkeys) => self.passkeys = passkeys,
            Value::Authenticators(apps) => self.authenticators = apps,
            Value::RecoveryCodes(codes) => self.recovery_codes = codes,
            Value::TwoStep(on) => self.two_step = on,
        }
    }

    /// Keeps what `before` had and this has not: contacts that are still told, passwords that date
    /// a takeover.
    pub(super) fn retired_since(mut self, before: &Self, now: Micros) -> Self {
        for gone in before.contacts() {
            if !self.contacts().any(|contact| contact.value == gone.value) {
                self.former_contacts.push((gone.clone(), now));
            }
        }
        if let Some(old) = &before.password
            && self.password.as_ref() != Some(old)
        {
            self.former_passwords.push((old.clone(), now));
        }
        self.without_what_is_over(now)
    }
}
