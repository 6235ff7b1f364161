//! Passkeys (WebAuthn Level 3), by `webauthn-rs`: see decision 0090.
//!
//! Both ceremonies are two steps: `start_…` gives what the browser gets and a state, to be kept on
//! the server, bound to the session, and taken away when it is read (one use). `finish_…` takes the
//! browser's answer and that state. The challenge of 256 random bits is drawn by the library itself:
//! the one place of this room where chance is no argument.

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude as library;
use webauthn_rs_proto::ResidentKeyRequirement;

pub use library::RequestChallengeResponse;
pub use library::{CreationChallengeResponse, PublicKeyCredential, RegisterPublicKeyCredential};

/// Passkeys of one account.
pub const PASSKEYS_MAX: usize = 20;
/// Characters of a passkey's name.
pub const NAME_CHARS_MAX: usize = 64;

/// The site: its rpId and its one origin, both exact.
pub struct Site {
    library: library::Webauthn,
}

/// A passkey as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Passkey {
    /// What the owner calls it.
    pub name: String,
    key: library::Passkey,
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
    /// Too many passkeys, or a name that is empty or too long.
    #[error("too many passkeys, or the name is empty or too long")]
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
        let known = existing.iter().map(|passkey| passkey.key.cred_id().clone()).collect();
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
        name: &str,
    ) -> Result<Passkey, Refused> {
        let name = name.trim();
        if name.is_empty() || name.chars().nth(NAME_CHARS_MAX).is_some() {
            return Err(Refused::Limit);
        }
        let key = self
            .library
            .finish_passkey_registration(answer, &state.0)
            .map_err(|error| refused(&error))?;
        Ok(Passkey { name: name.to_owned(), key })
    }

    /// Begins a step-up or sign-in of an account with these passkeys.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is none.
    pub fn start_authentication(
        &self,
        passkeys: &[Passkey],
    ) -> Result<(RequestChallengeResponse, Authentication), Refused> {
        let keys: Vec<_> = passkeys.iter().map(|passkey| passkey.key.clone()).collect();
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
            .find(|(_, passkey)| AsRef::<[u8]>::as_ref(passkey.key.cred_id()) == id)
            .ok_or(Refused::Unknown)?;
        let result = match state {
            Authentication::Known(state) => {
                self.library.finish_passkey_authentication(answer, &state)
            }
            Authentication::Discoverable(state) => {
                let key = library::DiscoverableKey::from(passkey.key.clone());
                self.library.finish_discoverable_authentication_v2(answer, state, &key)
            }
        };
        let result = result.map_err(|error| refused(&error))?;
        if !result.user_verified() {
            return Err(Refused::NotVerified);
        }
        let has_changed = passkey.key.update_credential(&result).ok_or(Refused::Unknown)?;
        Ok(Accepted { index, is_synced: result.backup_eligible(), has_changed })
    }
}

impl Passkey {
    /// Its id, by which a passkey is found and removed.
    pub fn credential_id(&self) -> &[u8] {
        self.key.cred_id().as_ref()
    }
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
