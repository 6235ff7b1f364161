//! What a session may change about its member, and what follows.

use serde::{Deserialize, Serialize};

use super::change::{Change, ChangeState, Field};
use super::topic::{Telling, Topic};
use super::{
    Authenticator, CONTACTS_MAX, Contact, ContactKind, FACTORS_MAX, Member, PROOF_AGE_MAX, Passkey,
    Password, RecoveryCodes, UNDO_SPAN, WEAK_CHANGE_WAITS,
};
use crate::event::EventType;
use crate::session::{self, Session, Strength};
use crate::time::Micros;

/// By what a session has proven itself, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A password alone: weak.
    Password,
    /// A code to a contact that the member had, or a recovery code.
    Code,
    /// A password and a second factor.
    SecondFactor,
    /// A passkey with user verification.
    Passkey,
}

/// The session that asks.
#[derive(Debug, Clone, Copy)]
pub struct Acting {
    /// Which.
    pub session: u128,
    /// By what it has proven itself.
    pub proof: Proof,
    /// When it last has.
    pub proven_at: Micros,
    /// By a factor that whoever is in the account may have added themselves: it is as weak as what
    /// let them add it (T16).
    pub by_new_factor: bool,
}

impl Acting {
    /// What `session` may do now. A session whose proof is not as fresh and strong as it was when it
    /// began must prove itself again (R46).
    pub fn of(id: u128, session: &Session, now: Micros) -> Self {
        let sent = |proof: &session::Proof| {
            use session::Proof::{Mail, RecoveryCode, Sms, Voice};
            matches!(proof, Mail | Sms | Voice | RecoveryCode)
        };
        let proof = match session.strength() {
            Strength::PhishingResistant => Proof::Passkey,
            Strength::Multi => Proof::SecondFactor,
            _ if session.proofs.iter().any(|(proof, _)| sent(proof)) => Proof::Code,
            _ => Proof::Password,
        };
        let long_ago = Micros(i64::MIN);
        let proven_at = if session.is_fresh(now) { session.authenticated_at() } else { long_ago };
        Self { session: id, proof, proven_at, by_new_factor: session.is_by_new_factor(now) }
    }
}

/// What is asked for.
#[derive(Clone)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Command {
    SetPassword(Password),
    /// A contact that has answered its code; it replaces `replaces` or is one more.
    AddContact {
        contact: Contact,
        replaces: Option<String>,
    },
    RemoveContact(ContactKind, String),
    AddPasskey(Passkey),
    RemovePasskey(u128),
    AddAuthenticator(Authenticator),
    RemoveAuthenticator(u128),
    /// A whole new set.
    SetRecoveryCodes(RecoveryCodes),
    EnableTwoStep,
    DisableTwoStep,
}

/// Why it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// The proof is more than five minutes old (R46).
    #[error("prove yourself again")]
    ProveAgain,
    /// Two-step is on and the session has not passed the second step.
    #[error("the second step is missing")]
    SecondStepMissing,
    /// Two-step needs a second factor that has answered a code.
    #[error("there is no second factor")]
    NoSecondFactor,
    /// Two-step needs recovery codes or a second factor of another kind (R49).
    #[error("there is no backup")]
    NoBackup,
    /// The last second factor, or the last backup, stays while two-step is on.
    #[error("two-step hangs on it")]
    TwoStepHangsOnIt,
    /// Two-step is compulsory here (R40).
    #[error("two-step is required")]
    TwoStepRequired,
    /// The last contact stays, so that there is always a way back.
    #[error("it is the last contact")]
    LastContact,
    /// There are as many as may be.
    #[error("there are too many")]
    TooMany,
    /// It is there already.
    #[error("it is there already")]
    AlreadyThere,
    /// There is no such thing.
    #[error("there is no such thing")]
    NotThere,
    /// It was undone or cancelled before, or its time is over.
    #[error("it is too late")]
    TooLate,
}

/// What a command comes to.
#[derive(Clone)]
pub struct Changed {
    /// The member afterwards.
    pub member: Member,
    /// What was changed, to be kept.
    pub change: Change,
    /// Whom to tell.
    pub telling: Telling,
    /// Sessions end, all but the one that asked: the change is of a credential (ASVS 7.4.3).
    pub ends_other_sessions: bool,
}

impl Member {
    /// Does what a session asks for, or says why not.
    pub fn change(&self, command: Command, by: &Acting, now: Micros) -> Result<Changed, Refused> {
        self.may_change(by, now)?;
        let (field, after, topic, kind) = self.attempted(command)?;
        let weak = by.proof == Proof::Password || by.by_new_factor;
        let waits = weak && adds_a_contact(self, &after);
        let state = if waits {
            ChangeState::Waits { until: now.plus(WEAK_CHANGE_WAITS) }
        } else {
            ChangeState::Done { undo_until: now.plus(UNDO_SPAN) }
        };
        let change = Change {
            field,
            kind,
            at: now,
            session: by.session,
            proof: by.proof,
            before: self.value(field),
            after: after.value(field),
            state,
        };
        let member = if waits { self.clone() } else { after.retired_since(self, now) };
        let telling = self.telling(topic, waits, &change, now);
        let ends_other_sessions = !waits && ends_sessions(kind);
        Ok(Changed { member, change, telling, ends_other_sessions })
    }

    /// The proof of `by` is fresh (R46), and the second step was passed where there is one.
    pub(super) fn may_change(&self, by: &Acting, now: Micros) -> Result<(), Refused> {
        if now.since(by.proven_at) > PROOF_AGE_MAX {
            return Err(Refused::ProveAgain);
        }
        if self.two_step && by.proof < Proof::Code {
            return Err(Refused::SecondStepMissing);
        }
        Ok(())
    }

    fn attempted(&self, command: Command) -> Result<(Field, Self, Topic, EventType), Refused> {
        let mut after = self.clone();
        let (topic, kind) = match command {
            Command::SetPassword(password) => {
                after.password = Some(password);
                (Topic::PasswordChanged, EventType::PasswordChanged)
            }
            Command::AddContact { contact, replaces } => after.add_contact(contact, replaces)?,
            Command::RemoveContact(kind, value) => after.remove_contact(kind, &value)?,
            Command::AddPasskey(passkey) => {
                add(&mut after.passkeys, passkey, |one, other| one.id == other.id)?;
                (Topic::PasskeyAdded, EventType::PasskeyAdded)
            }
            Command::RemovePasskey(id) => {
                remove(&mut after.passkeys, |passkey| passkey.id == id)?;
                (Topic::PasskeyRemoved, EventType::PasskeyRemoved)
            }
            Command::AddAuthenticator(app) => {
                add(&mut after.authenticators, app, |one, other| one.id == other.id)?;
                (Topic::AuthenticatorAdded, EventType::TotpAdded)
            }
            Command::RemoveAuthenticator(id) => {
                remove(&mut after.authenticators, |app| app.id == id)?;
                (Topic::AuthenticatorRemoved, EventType::TotpRemoved)
            }
            Command::SetRecoveryCodes(codes) => {
                after.recovery_codes = Some(codes);
                (Topic::RecoveryCodesReplaced, EventType::Custom)
            }
            Command::EnableTwoStep => after.enable_two_step()?,
            Command::DisableTwoStep => after.disable_two_step()?,
        };
        if after.two_step && (after.second_factors() == 0 || !after.has_backup()) {
            return Err(Refused::TwoStepHangsOnIt);
        }
        Ok((Field::of(topic), after, topic, kind))
    }

    fn add_contact(
        &mut self,
        contact: Contact,
        replaces: Option<String>,
    ) -> Result<(Topic, EventType), Refused> {
        let kind = contact.kind;
        self.unproven.retain(|unproven| *unproven != contact.value);
        let list = self.contacts_of(kind);
        if list.iter().any(|known| known.value == contact.value) {
            return Err(Refused::AlreadyThere);
        }
        match replaces {
            Some(old) => {
                let known = list.iter_mut().find(|known| known.value == old);
                *known.ok_or(Refused::NotThere)? = contact;
            }
            None if list.len() >= CONTACTS_MAX => return Err(Refused::TooMany),
            None => list.push(contact),
        }
        Ok(contact_changed(kind))
    }

    fn remove_contact(
        &mut self,
        kind: ContactKind,
        value: &str,
    ) -> Result<(Topic, EventType), Refused> {
        remove(self.contacts_of(kind), |known| known.value == value)?;
        if self.contacts().next().is_none() {
            return Err(Refused::LastContact);
        }
        Ok(contact_changed(kind))
    }

    const fn contacts_of(&mut self, kind: ContactKind) -> &mut Vec<Contact> {
        match kind {
            ContactKind::Mail => &mut self.mails,
            ContactKind::Phone => &mut self.phones,
        }
    }

    fn enable_two_step(&mut self) -> Result<(Topic, EventType), Refused> {
        if self.two_step {
            return Err(Refused::AlreadyThere);
        }
        if self.second_factors() == 0 {
            return Err(Refused::NoSecondFactor);
        }
        if !self.has_backup() {
            return Err(Refused::NoBackup);
        }
        self.two_step = true;
        Ok((Topic::TwoStepEnabled, EventType::TwoStepEnabled))
    }

    const fn disable_two_step(&mut self) -> Result<(Topic, EventType), Refused> {
        if self.two_step_required {
            return Err(Refused::TwoStepRequired);
        }
        if !self.two_step {
            return Err(Refused::NotThere);
        }
        self.two_step = false;
        Ok((Topic::TwoStepDisabled, EventType::TwoStepDisabled))
    }

    /// Today's contacts, those replaced of late, and those that come with the change. The code to
    /// undo goes to who was there before; to who is new only where nobody else is.
    pub(super) fn telling(
        &self,
        topic: Topic,
        waits: bool,
        change: &Change,
        now: Micros,
    ) -> Telling {
        let mut to = self.contacts_to_tell(now);
        let settled = |contact: &&Contact| now.since(contact.since) >= UNDO_SPAN;
        let mut undo_to: Vec<Contact> = to.iter().filter(settled).cloned().collect();
        if undo_to.is_empty() {
            undo_to.clone_from(&to);
        }
        for contact in change.after.contacts() {
            if !to.iter().any(|one| one.kind == contact.kind && one.value == contact.value) {
                to.push(contact.clone());
            }
        }
        Telling { topic: if waits { Topic::ContactWaits } else { topic }, to, undo_to }
    }
}

/// A contact comes in that was not there.
fn adds_a_contact(before: &Member, after: &Member) -> bool {
    after.contacts().any(|new| !before.contacts().any(|known| known.value == new.value))
}

const fn contact_changed(kind: ContactKind) -> (Topic, EventType) {
    match kind {
        ContactKind::Mail => (Topic::MailChanged, EventType::EmailChanged),
        ContactKind::Phone => (Topic::PhoneChanged, EventType::PhoneChanged),
    }
}

/// A new second factor leaves other sessions alone; what takes a credential's place does not.
const fn ends_sessions(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::PasswordChanged
            | EventType::EmailChanged
            | EventType::PhoneChanged
            | EventType::PasskeyRemoved
            | EventType::TotpRemoved
            | EventType::TwoStepEnabled
            | EventType::TwoStepDisabled
    )
}

fn add<T>(list: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) -> Result<(), Refused> {
    if list.iter().any(|known| same(known, &new)) {
        return Err(Refused::AlreadyThere);
    }
    if list.len() >= FACTORS_MAX {
        return Err(Refused::TooMany);
    }
    list.push(new);
    Ok(())
}

fn remove<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> Result<(), Refused> {
    let place = list.iter().position(is_it).ok_or(Refused::NotThere)?;
    list.remove(place);
    Ok(())
}
