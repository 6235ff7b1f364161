//! What a member is told of, and who is told.

use serde::{Deserialize, Serialize};

use super::Contact;

/// What a message to the member is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Topic {
    PasswordChanged,
    MailChanged,
    PhoneChanged,
    /// A new contact waits, and can be stopped.
    ContactWaits,
    PasskeyAdded,
    PasskeyRemoved,
    /// A passkey seems to have been copied: its counter did not rise.
    PasskeyCloned,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    RecoveryCodesReplaced,
    TwoStepEnabled,
    TwoStepDisabled,
    /// Changes were undone.
    Restored,
    /// A device is known no more, and what was open on it is over.
    DeviceForgotten,
    /// Somebody signed in from somewhere new.
    NewSignIn,
    /// A right password, and no second step (R39).
    SecondStepFailed,
    /// The account is restricted.
    Restricted,
    /// The account is locked.
    Locked,
    /// The restriction or lock has ended.
    Released,
    /// A recovery was begun.
    RecoveryBegun,
    /// An order is held.
    OrderHeld,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 21] = [
        Self::PasswordChanged,
        Self::MailChanged,
        Self::PhoneChanged,
        Self::ContactWaits,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCloned,
        Self::AuthenticatorAdded,
        Self::AuthenticatorRemoved,
        Self::RecoveryCodesReplaced,
        Self::TwoStepEnabled,
        Self::TwoStepDisabled,
        Self::Restored,
        Self::DeviceForgotten,
        Self::NewSignIn,
        Self::SecondStepFailed,
        Self::Restricted,
        Self::Locked,
        Self::Released,
        Self::RecoveryBegun,
        Self::OrderHeld,
    ];
}

/// Whom to tell of what.
#[derive(Clone, PartialEq, Eq)]
pub struct Telling {
    /// About what.
    pub topic: Topic,
    /// Everybody who is told.
    pub to: Vec<Contact>,
    /// Of these, who is also given the code to undo it: nobody who came with the change.
    pub undo_to: Vec<Contact>,
}
