//! Members: whose sign-in, or second steps, are kept here; loaded, and written with what follows.

pub mod attempts;
mod changes;
mod counts;
mod former;
pub mod import;
pub mod passkeys;
mod passwords;
pub mod sessions;

use domain::account::Command;
use domain::keyed::{AccountKey, Field, KeyedHasher};
use domain::member::Member;
use domain::sms_budget::Budget;
use factors::mail_address::MailAddress;
use factors::passkey::Site;
use factors::password::{Cost, Hasher, Unreadable};
use factors::phone::Phone;
use factors::secret::SecretKey;
use store::{Document, DocumentKind, Put, Store, StoreError};

use crate::world::World;

pub use counts::text_budget;
pub use passwords::{Busy, Compared, Lane, Passwords};

/// Everything that signing in needs beside the judge.
pub struct Members {
    /// Where they are kept.
    pub store: Store,
    /// Hashes logins, tokens and devices.
    pub hasher: KeyedHasher,
    /// Time and chance.
    pub world: World,
    /// Compares passwords, few at a time.
    pub passwords: Passwords,
    /// Keys the hashes of codes.
    pub code_key: SecretKey,
    /// What passkeys are for; `None` where there can be none.
    pub site: Option<Site>,
    /// How many texts may be sent where (C6).
    pub budget: Budget,
}

/// A member as it was read.
#[derive(Clone)]
pub struct Found {
    /// Its key.
    pub account: AccountKey,
    /// What it has.
    pub member: Member,
    version: u64,
}

/// By what somebody signs in, in one spelling.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// A mail address: as mail is sent to it, and as it is compared.
    Mail(String, String),
    /// A phone number in E.164.
    Phone(String),
}

impl Login {
    /// Reads what was typed; `None` for neither.
    pub fn read(typed: &str) -> Option<Self> {
        if let Ok(mail) = MailAddress::parse(typed) {
            return Some(Self::Mail(mail.to_wire(), mail.to_key()));
        }
        Phone::parse(typed).ok().map(|phone| Self::Phone(phone.e164().to_owned()))
    }

    /// Both lead to one member.
    pub fn is(&self, other: &Self, hasher: &KeyedHasher) -> bool {
        self.name(hasher) == other.name(hasher)
    }

    fn name(&self, hasher: &KeyedHasher) -> u128 {
        match self {
            Self::Mail(_, key) => hasher.wide(Field::Email, format!("login\0{key}").as_bytes()),
            Self::Phone(number) => hasher.wide(Field::Phone, format!("login\0{number}").as_bytes()),
        }
    }
}

impl Members {
    /// Opens them. Nothing is read yet.
    ///
    /// # Errors
    /// [`Unreadable`] when the memory for hashing cannot be had.
    pub fn new(
        store: Store,
        hasher: KeyedHasher,
        world: World,
        site: Option<Site>,
    ) -> Result<Self, Unreadable> {
        let key = |purpose: &str| {
            let halves = ["a", "b"].map(|half| {
                hasher.wide(Field::Secret, format!("{purpose}\0{half}").as_bytes()).to_be_bytes()
            });
            let mut key = [0; 32];
            for (to, from) in key.iter_mut().zip(halves.iter().flatten()) {
                *to = *from;
            }
            SecretKey::new(key)
        };
        let code_key = key("codes of challenges");
        let hash = Hasher::new(Cost::default(), Vec::new())?;
        Ok(Self {
            passwords: Passwords::new(hash),
            code_key,
            store,
            hasher,
            world,
            site,
            budget: Budget::default(),
        })
    }

    /// The member of an account.
    pub async fn of(&self, account: AccountKey) -> Result<Option<Found>, StoreError> {
        let document = self.store.document(DocumentKind::Member, account.0).await?;
        Ok(document.as_ref().and_then(|document| self.read(document)))
    }

    /// The member who signs in by `login`.
    pub async fn by_login(&self, login: &Login) -> Result<Option<Found>, StoreError> {
        let name = login.name(&self.hasher);
        let document = self.store.document_named(DocumentKind::Member, name).await?;
        Ok(document.as_ref().and_then(|document| self.read(document)))
    }

    /// The member as it is kept, with what its timers have done since (§4.1).
    fn read(&self, document: &Document) -> Option<Found> {
        let mut member: Member = serde_json::from_slice(&document.body).ok()?;
        if let Ok((standing, _)) = member.standing.next(Command::Tick, self.world.now()) {
            member.standing = standing;
        }
        Some(Found { account: document.account?, member, version: document.version })
    }

    /// A new member, to be written.
    pub fn create(&self, account: AccountKey, member: &Member) -> Put {
        self.put(account, None, member)
    }

    /// What becomes of a member, to be written; a race is lost where somebody else wrote meanwhile.
    pub fn change(&self, found: &Found, member: &Member) -> Put {
        self.put(found.account, Some(found.version), member)
    }

    fn put(&self, account: AccountKey, seen: Option<u64>, member: &Member) -> Put {
        let logins = member.contacts().filter_map(|contact| Login::read(&contact.value));
        let logins = logins.map(|login| login.name(&self.hasher));
        let passkeys = member.passkeys.iter().map(|passkey| passkey.id);
        Put {
            kind: DocumentKind::Member,
            id: account.0,
            account: Some((account, member.account.clone())),
            seen,
            state: 0,
            rank: 0,
            due_at: None,
            expires_at: None,
            body: serde_json::to_vec(member).unwrap_or_default(),
            names: Some(logins.chain(passkeys).collect()),
        }
    }

    /// Unguessable text of 32 letters and the number under which it is kept.
    pub fn new_token(&self) -> (String, u128) {
        let mut bytes = [0; 20];
        self.world.random(&mut bytes);
        let token = crate::id::base32(&bytes);
        let id = self.token_id(&token);
        (token, id)
    }

    /// The number under which a token is kept: 160 random bits need no stretching.
    pub fn token_id(&self, token: &str) -> u128 {
        self.hasher.wide(Field::Session, format!("token\0{token}").as_bytes())
    }

    /// The hash by which a member knows a device.
    pub fn device_hash(&self, device: &str) -> u64 {
        self.hasher.short(Field::Device, format!("cookie\0{device}").as_bytes())
    }

    /// A device's cookie carries this for each account it is known to: so a known device is told
    /// from a stranger's before any password is compared, and without asking the database.
    pub fn device_mark(&self, device: &str, account: AccountKey) -> String {
        let bound = format!("known\0{device}\0{:032x}", account.0);
        crate::id::base32(&self.hasher.wide(Field::Device, bound.as_bytes()).to_be_bytes())
    }
}
