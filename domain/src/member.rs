//! A member: an account whose sign-in, or whose second steps, Sekisho keeps.
//!
//! What a member has is changed by a [`Command`] of a session that has just proven itself; each
//! change is kept with what was there before, is told to the contacts that the member had before
//! and after, and can be undone for seven days (X8). Secrets are opaque here: hashes, sealed seeds
//! and public keys as `factors` made them.

mod change;
mod command;
mod device;
mod topic;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::time::{DAY, HOUR, MINUTE, Micros};

pub use change::{
    Change, ChangeState, Field, Restored, TakenEffect, Value, restore, restore_since,
};
pub use command::{Acting, Changed, Command, Proof, Refused};
pub use device::Device;
pub use topic::{Telling, Topic};

/// How old a proof may be when security is changed (R46).
pub const PROOF_AGE_MAX: i64 = 5 * MINUTE;
/// For how long a change can be undone (X8).
pub const UNDO_SPAN: i64 = 7 * DAY;
/// How long a new contact waits that a weak session asked for.
pub const WEAK_CHANGE_WAITS: i64 = 24 * HOUR;
/// For how long a contact that was replaced is still told of what happens (R24, X8).
pub const FORMER_CONTACT_TOLD: i64 = 30 * DAY;
/// What was added proves a doubted act after so long; R56 takes the same time for addresses.
pub const SETTLES: i64 = 3 * DAY;
/// For how long a replaced password's hash is kept, to date a takeover (C9).
pub const FORMER_PASSWORD_KEPT: i64 = 90 * DAY;

/// For how long the owner's word on a point of the check-up holds (R54: cards unused for 180 days).
pub const LOOKED_HOLDS: i64 = 180 * DAY;

/// Replaced passwords kept.
const FORMER_PASSWORDS_MAX: usize = 2;
/// Mail addresses, and phone numbers, of one member.
pub const CONTACTS_MAX: usize = 3;
/// Passkeys, and authenticator apps, of one member.
pub const FACTORS_MAX: usize = 20;
/// Devices that are known; the one seen longest ago is forgotten.
pub const DEVICES_MAX: usize = 30;

/// By what a person can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A mail address.
    Mail,
    /// A phone number in E.164.
    Phone,
}

/// A mail address or phone number that was proven by a code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which of the two.
    pub kind: ContactKind,
    /// As messages are addressed to it.
    pub value: String,
    /// Since when it is the member's.
    pub since: Micros,
}

/// A password, as the hash that `factors` made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password {
    /// PHC string.
    pub hash: String,
    /// Since when.
    pub since: Micros,
}

/// An authenticator app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticator {
    /// Its id.
    pub id: u128,
    /// What the member calls it.
    pub name: String,
    /// Its seed.
    pub seed: String,
    /// Since when.
    pub since: Micros,
    /// The last time step that was used: no code is taken twice (RFC 6238 §5.2).
    pub last_step: u64,
}

/// A passkey.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id.
    pub id: u128,
    /// What the member calls it.
    pub name: String,
    /// Credential as `factors` keeps it: public key, counter, backup state.
    pub credential: String,
    /// Since when.
    pub since: Micros,
    /// When it was last used.
    pub last_used: Option<Micros>,
}

/// A set of recovery codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// Since when there is this set.
    #[serde(default)]
    pub since: Micros,
    /// Keyed hashes of those that are left, as `factors` keeps them.
    pub kept: String,
    /// How many are left.
    pub left: usize,
}

/// What a member likes.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// The session ends after each purchase (R57).
    pub sign_out_after_purchase: bool,
    /// Messages are in English; Japanese otherwise.
    pub english: bool,
    /// When the owner last looked at the cards that the store keeps (R64).
    pub looked_at_cards: Option<Micros>,
    /// When the owner last read how to tell mail of the store's (R64).
    pub looked_at_mail: Option<Micros>,
}

impl Preferences {
    /// The owner has looked at the stored cards of late.
    pub fn has_looked_at_cards(&self, now: Micros) -> bool {
        self.looked_at_cards.is_some_and(|at| now.since(at) < LOOKED_HOLDS)
    }

    /// The owner has read of late how to tell mail of the store's.
    pub fn has_looked_at_mail(&self, now: Micros) -> bool {
        self.looked_at_mail.is_some_and(|at| now.since(at) < LOOKED_HOLDS)
    }
}

/// Everything of one member.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    /// The account's id as the store gave it.
    pub account: String,
    /// Since when it is here.
    pub since: Micros,
    /// How the account stands, and what it may do meanwhile.
    pub standing: Account,
    /// What the store calls the person; shown, never judged.
    pub name: String,
    /// Mail addresses; the first is told first.
    pub mails: Vec<Contact>,
    /// Phone numbers.
    pub phones: Vec<Contact>,
    /// Contacts that were replaced or taken off, and when.
    pub former_contacts: Vec<(Contact, Micros)>,
    /// The password, where it is kept here.
    pub password: Option<Password>,
    /// Passwords that were replaced, and when (R25).
    pub former_passwords: Vec<(Password, Micros)>,
    /// Authenticator apps.
    pub authenticators: Vec<Authenticator>,
    /// Passkeys.
    pub passkeys: Vec<Passkey>,
    /// Recovery codes.
    pub recovery_codes: Option<RecoveryCodes>,
    /// A password alone never opens a session (R39).
    pub two_step: bool,
    /// The store, or an incident, asks that two-step stays on (R40).
    pub two_step_required: bool,
    /// Devices.
    pub devices: Vec<Device>,
    /// What the member likes.
    pub preferences: Preferences,
    /// Contacts that an import brought along and that have not answered a code yet.
    pub unproven: Vec<String>,
    /// Fingerprint of the row that an import made the member of: the same row changes nothing.
    pub imported: Option<u128>,
}

impl Member {
    /// Mail addresses and phone numbers.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact> {
        self.mails.iter().chain(&self.phones)
    }

    /// The contact has answered a code, or the store vouched for it when it was imported.
    pub fn is_proven(&self, contact: &Contact) -> bool {
        !self.unproven.contains(&contact.value)
    }

    /// The member once this contact has answered a code.
    #[must_use]
    pub fn with_proven(mut self, contact: &str) -> Self {
        self.unproven.retain(|unproven| unproven != contact);
        self
    }

    /// Since when there are the recovery codes.
    pub fn codes_since(&self) -> Micros {
        self.recovery_codes.as_ref().map_or(Micros(i64::MAX), |codes| codes.since)
    }

    /// Whether what the member has since `since` had been theirs long enough, when an act is doubted.
    pub fn is_settled(&self, since: Micros, now: Micros) -> bool {
        since <= self.since || since.plus(SETTLES) <= now
    }

    /// Until when what the member has since `since` counts as new; `None` for what has settled.
    pub fn new_until(&self, since: Micros, now: Micros) -> Option<Micros> {
        (!self.is_settled(since, now)).then(|| since.plus(SETTLES))
    }

    /// The member as they prove an act that is doubted: by what they had three days ago. An intruder
    /// adds a factor first and proves with it afterwards (T3, T16); what was taken off since then is
    /// still the owner's.
    #[must_use]
    pub fn settled(&self, now: Micros) -> Self {
        let mut member = self.clone();
        let former = self.former_contacts.iter().filter(|(_, at)| now.since(*at) < SETTLES);
        for (contact, _) in former {
            match contact.kind {
                ContactKind::Mail => member.mails.push(contact.clone()),
                ContactKind::Phone => member.phones.push(contact.clone()),
            }
        }
        // What an import brought along unproven was not there from the beginning.
        let settled = |contact: &Contact| {
            let waited = contact.since.plus(SETTLES) <= now;
            waited || (self.is_proven(contact) && self.is_settled(contact.since, now))
        };
        member.mails.retain(settled);
        member.phones.retain(settled);
        member.authenticators.retain(|app| self.is_settled(app.since, now));
        member.passkeys.retain(|passkey| self.is_settled(passkey.since, now));
        member.recovery_codes = member.recovery_codes.filter(|set| self.is_settled(set.since, now));
        member
    }

    /// Recovery codes that can still be used.
    pub fn recovery_codes_left(&self) -> usize {
        self.recovery_codes.as_ref().map_or(0, |codes| codes.left)
    }

    /// Kinds of second factor that the member has: passkeys, apps, phones.
    pub fn second_factors(&self) -> usize {
        let has =
            [!self.passkeys.is_empty(), !self.authenticators.is_empty(), !self.phones.is_empty()];
        has.into_iter().filter(|has| *has).count()
    }

    /// There is another way in when the usual factor is lost (R49).
    pub fn has_backup(&self) -> bool {
        self.second_factors() >= 2 || self.recovery_codes_left() > 0
    }

    /// Contacts that may be asked to prove the member against somebody who may have changed them:
    /// those that were there before `start`, whether or not they still are (R24).
    pub fn contacts_before(&self, start: Micros, now: Micros) -> Vec<&Contact> {
        let former = self.former_told(now);
        self.contacts().chain(former).filter(|contact| contact.since < start).collect()
    }

    /// Whom to tell: today's contacts and those replaced of late (X8).
    pub fn contacts_to_tell(&self, now: Micros) -> Vec<Contact> {
        let mut all: Vec<Contact> = self.contacts().cloned().collect();
        for former in self.former_told(now) {
            if !all.iter().any(|one| one.kind == former.kind && one.value == former.value) {
                all.push(former.clone());
            }
        }
        all
    }

    fn former_told(&self, now: Micros) -> impl Iterator<Item = &Contact> {
        let told = move |(_, at): &&(Contact, Micros)| now.since(*at) <= FORMER_CONTACT_TOLD;
        self.former_contacts.iter().filter(told).map(|(contact, _)| contact)
    }

    /// The member without what is kept for a time and whose time is over.
    #[must_use]
    pub fn without_what_is_over(mut self, now: Micros) -> Self {
        self.former_contacts.retain(|(_, at)| now.since(*at) <= FORMER_CONTACT_TOLD);
        self.former_passwords.retain(|(_, at)| now.since(*at) <= FORMER_PASSWORD_KEPT);
        self.former_passwords.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        self.former_passwords.truncate(FORMER_PASSWORDS_MAX);
        self
    }
}
