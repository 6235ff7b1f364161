//! Passkeys (WebAuthn Level 3), by `webauthn-rs`: see decision 0090.
//!
//! Both ceremonies are two steps: `start_…` gives what the browser gets and a state, to be kept on
//! the server, bound to the session, and taken away when it is read (one use). `finish_…` takes the
//! browser's answer and that state. The challenge of 256 random bits is drawn by the library itself:
//! the one place of this room where chance is no argument.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude as library;
use webauthn_rs_proto::ResidentKeyRequirement;

pub use library::RequestChallengeResponse;
pub use library::{CreationChallengeResponse, PublicKeyCredential, RegisterPublicKeyCredential};

/// Passkeys of one account.
pub const PASSKEYS_MAX: usize = 20;
/// Characters of a passkey's name.
pub const NAME_CHARS_MAX: usize = 40;
/// More characters than this of what was typed are not looked at.
const TYPED_CHARS_MAX: usize = 1_000;
/// Combining marks on one sign: what Vietnamese, Devanagari and emoji need, and no tower over the
/// lines above.
const MARKS_MAX: usize = 3;

/// The site: its rpId and its one origin, both exact.
pub struct Site {
    library: library::Webauthn,
}

/// A passkey as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Passkey(library::Passkey);

/// Where else than on its device a passkey is (WebAuthn §6.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// It cannot leave its device.
    DeviceBound,
    /// It could be synced, and was not when it was last used.
    Eligible,
    /// It is synced to the owner's other devices.
    BackedUp,
}

/// A registration that waits for the browser.
#[derive(Serialize, Deserialize)]
pub struct Registration(library::PasskeyRegistration);

/// A sign-in or step-up that waits for the browser.
#[derive(Serialize, Deserialize)]
pub enum Authentication {
    /// Of an account that is known already.
    Known(library::PasskeyAuthentication),
    /// Of whoever answers: conditional UI, the passkey tells who it is.
    Discoverable(library::DiscoverableAuthentication),
}

/// Who a discoverable answer says it is. Nothing is proved yet.
pub struct Claimed {
    /// The account's random handle, as given to [`Site::start_registration`].
    pub handle: Uuid,
    /// Which of its passkeys.
    pub credential_id: Vec<u8>,
}

/// A passkey answered right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Which of the given passkeys.
    pub index: usize,
    /// Whether it is kept elsewhere too: `swk` and not `hwk`.
    pub is_synced: bool,
    /// Whether the passkey changed and has to be stored.
    pub has_changed: bool,
}

/// Why a ceremony failed. The same answer to the browser for all but `Limit`; the kind is for the
/// record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// rpId and origin do not fit each other.
    #[error("the rpId is not the origin's host or a parent of it")]
    Site,
    /// Too many passkeys.
    #[error("too many passkeys")]
    Limit,
    /// The answer to another challenge, or one that was answered.
    #[error("the answer to another challenge")]
    Challenge,
    /// Made at another origin or for another rpId: somebody may be in between.
    #[error("made for another origin or rpId")]
    Origin,
    /// The person was not verified.
    #[error("without user verification")]
    NotVerified,
    /// Not one of the account's passkeys.
    #[error("not one of the account's passkeys")]
    Unknown,
    /// The counter did not rise: two copies of the key exist. Tell the owner, and give the account a
    /// high signal.
    #[error("the signature counter did not rise: the passkey may be cloned")]
    Cloned,
    /// Malformed, or the signature is wrong.
    #[error("malformed, or the signature is wrong")]
    Invalid,
}

impl Site {
    /// The site at `origin` (scheme, host, port), with passkeys for `rp_id`.
    ///
    /// # Errors
    /// [`Refused::Site`]
    pub fn new(rp_id: &str, origin: &Url, name: &str) -> Result<Self, Refused> {
        let builder = library::WebauthnBuilder::new(rp_id, origin).map_err(|_| Refused::Site)?;
        let library = builder.rp_name(name).build().map_err(|_| Refused::Site)?;
        Ok(Self { library })
    }

    /// Begins a registration. `handle` is random and the account's own: it is on the device and must
    /// say nothing about the person. Passkeys that are there are not registered twice.
    ///
    /// # Errors
    /// [`Refused::Limit`]
    pub fn start_registration(
        &self,
        handle: Uuid,
        (account_name, display_name): (&str, &str),
        existing: &[Passkey],
    ) -> Result<(CreationChallengeResponse, Registration), Refused> {
        if existing.len() >= PASSKEYS_MAX {
            return Err(Refused::Limit);
        }
        let known = existing.iter().map(|passkey| passkey.0.cred_id().clone()).collect();
        let (mut options, state) = self
            .library
            .start_passkey_registration(handle, account_name, display_name, Some(known))
            .map_err(|error| refused(&error))?;
        // Discoverable: without it there is no sign-in from an empty form.
        if let Some(criteria) = &mut options.public_key.authenticator_selection {
            criteria.resident_key = Some(ResidentKeyRequirement::Required);
            criteria.require_resident_key = true;
        }
        Ok((options, Registration(state)))
    }

    /// Ends a registration.
    ///
    /// # Errors
    /// [`Refused`]
    pub fn finish_registration(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &Registration,
    ) -> Result<Passkey, Refused> {
        let key = self.library.finish_passkey_registration(answer, &state.0);
        key.map(Passkey).map_err(|error| refused(&error))
    }

    /// Begins a step-up or sign-in of an account with these passkeys.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is none.
    pub fn start_authentication(
        &self,
        passkeys: &[Passkey],
    ) -> Result<(RequestChallengeResponse, Authentication), Refused> {
        let keys: Vec<_> = passkeys.iter().map(|passkey| passkey.0.clone()).collect();
        if keys.is_empty() {
            return Err(Refused::Unknown);
        }
        let (options, state) =
            self.library.start_passkey_authentication(&keys).map_err(|error| refused(&error))?;
        Ok((options, Authentication::Known(state)))
    }

    /// Begins a sign-in of whoever has a passkey here (conditional UI).
    ///
    /// # Errors
    /// [`Refused::Invalid`], which the library does not give today.
    pub fn start_discoverable(
        &self,
    ) -> Result<(RequestChallengeResponse, Authentication), Refused> {
        let (options, state) =
            self.library.start_discoverable_authentication().map_err(|error| refused(&error))?;
        Ok((options, Authentication::Discoverable(state)))
    }

    /// Who a discoverable answer says it is, so that the account's passkeys can be loaded.
    ///
    /// # Errors
    /// [`Refused::Unknown`]
    pub fn claimed(&self, answer: &PublicKeyCredential) -> Result<Claimed, Refused> {
        let (handle, id) = self
            .library
            .identify_discoverable_authentication(answer)
            .map_err(|_| Refused::Unknown)?;
        Ok(Claimed { handle, credential_id: id.to_vec() })
    }

    /// Ends a step-up or sign-in. `passkeys` are the account's; the one that answered is brought up
    /// to date (counter, backup state): store it in the same transaction if it `has_changed`.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed.
    pub fn finish_authentication(
        &self,
        answer: &PublicKeyCredential,
        state: Authentication,
        passkeys: &mut [Passkey],
    ) -> Result<Accepted, Refused> {
        let id = answer.get_credential_id();
        let found = passkeys.iter_mut().enumerate();
        let (index, passkey) = found
            .into_iter()
            .find(|(_, passkey)| passkey.credential_id() == id)
            .ok_or(Refused::Unknown)?;
        let result = match state {
            Authentication::Known(state) => {
                self.library.finish_passkey_authentication(answer, &state)
            }
            Authentication::Discoverable(state) => {
                let key = library::DiscoverableKey::from(passkey.0.clone());
                self.library.finish_discoverable_authentication_v2(answer, state, &key)
            }
        };
        let result = result.map_err(|error| refused(&error))?;
        if !result.user_verified() {
            return Err(Refused::NotVerified);
        }
        let has_changed = passkey.0.update_credential(&result).ok_or(Refused::Unknown)?;
        Ok(Accepted { index, is_synced: result.backup_eligible(), has_changed })
    }
}

impl Passkey {
    /// Its id, by which a passkey is found and removed.
    pub fn credential_id(&self) -> &[u8] {
        self.0.cred_id().as_ref()
    }

    /// Where else it is, as it said when it was last used.
    pub fn backup(&self) -> Backup {
        let credential = library::Credential::from(self.0.clone());
        match (credential.backup_eligible, credential.backup_state) {
            (false, _) => Backup::DeviceBound,
            (true, false) => Backup::Eligible,
            (true, true) => Backup::BackedUp,
        }
    }
}

/// What an owner calls a passkey: one line in NFC of at most [`NAME_CHARS_MAX`] characters, without
/// marks that turn the writing direction or show nothing; `None` when nothing is left to be seen.
pub fn name(typed: &str) -> Option<String> {
    let mut marks = 0;
    let shown = typed.chars().take(TYPED_CHARS_MAX).nfc().filter(|sign| {
        marks = if is_combining_mark(*sign) { marks + 1 } else { 0 };
        marks <= MARKS_MAX && !is_unseen(*sign)
    });
    let line: String = shown.collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = line.chars().take(NAME_CHARS_MAX).collect();
    let name = name.trim_end();
    let is_seen = |sign: char| !is_combining_mark(sign) && sign != JOINER && !sign.is_whitespace();
    name.contains(is_seen).then(|| name.to_owned())
}

/// Joins emoji to one (a family, a flag), and letters of some scripts.
const JOINER: char = '\u{200d}';

/// Control characters but for blanks, marks of direction, and marks without width.
fn is_unseen(sign: char) -> bool {
    (sign.is_control() && !matches!(sign, '\t' | '\n' | '\r'))
        || matches!(sign, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(sign, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

fn refused(error: &library::WebauthnError) -> Refused {
    use library::WebauthnError as Error;
    #[expect(clippy::wildcard_enum_match_arm, reason = "the library has some 80 kinds")]
    match error {
        Error::MismatchedChallenge | Error::ChallengeNotFound => Refused::Challenge,
        Error::InvalidRPOrigin | Error::InvalidRPIDHash => Refused::Origin,
        Error::UserNotPresent | Error::UserNotVerified => Refused::NotVerified,
        Error::CredentialNotFound | Error::InvalidUserUniqueId => Refused::Unknown,
        Error::CredentialPossibleCompromise => Refused::Cloned,
        _ => Refused::Invalid,
    }
}
