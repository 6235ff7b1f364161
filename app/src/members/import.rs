//! Existing accounts of a store, made members.
//!
//! Rows are judged one by one and written five hundred at a time; whoever is a member already stays
//! as they are. A row that made a member is remembered by its fingerprint: the same file again, or
//! the rest of one that was cut off, changes nothing that is there.
//!
//! An address that the store vouches for counts since the account was opened. Any other is how the
//! member signs in and is written to, and proves nothing against an intruder before its time here:
//! whoever imports a file after a takeover must not make the intruder's address the owner's (R24).

pub mod records;
pub mod row;

use domain::keyed::{AccountKey, Field as Keyed};
use domain::member::{Contact, ContactKind, Member, Password, Preferences};
use domain::time::Micros;
use factors::mail_address::MailAddress;
use factors::phone::Phone;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use store::{DocumentKind, Put, StoreError};

use super::{Login, Members};
use row::{Fault, Field, Row, Why};

/// Rows of one transaction.
const BATCH_ROWS: usize = 500;
/// Lost races of one batch, until it is for somebody to look at.
const TRIES_MAX: u32 = 5;

/// Why an import could not go on. What was written before stays.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody else makes the same members all the time.
    #[error("others keep writing the same members")]
    Contended,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which of the files, from 0.
    pub file: u32,
    /// On which line it begins, from 1.
    pub line: u64,
}

/// What became of the rows so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Rows that made a member, or would.
    pub imported: u64,
    /// Rows that made a member before.
    pub unchanged: u64,
    /// Rows with something wrong.
    pub refused: u64,
}

/// Faults with their places.
pub type Faults = Vec<(Place, Fault)>;

/// Takes rows and makes members.
pub struct Importer<'a> {
    members: &'a Members,
    /// Names of the files, by which an earlier row is named.
    files: &'a [String],
    /// Nothing is written.
    dry_run: bool,
    /// In which file and on which line each account and address stood first: about twenty bytes a
    /// value, whatever its row holds.
    seen: FxHashMap<u64, (u32, u32)>,
    waiting: Vec<Waiting>,
    /// What became of the rows so far.
    pub counts: Counts,
}

/// A row that waits for its transaction.
struct Waiting {
    place: Place,
    account: AccountKey,
    member: Member,
    names: Vec<(Field, u128)>,
}

impl<'a> Importer<'a> {
    /// Of files that are called so.
    pub fn new(members: &'a Members, files: &'a [String], dry_run: bool) -> Self {
        let (seen, waiting) = (FxHashMap::default(), Vec::new());
        Self { members, files, dry_run, seen, waiting, counts: Counts::default() }
    }

    /// Takes a row, or what is wrong with it, and tells what was found wrong with it or with rows
    /// before it.
    ///
    /// # Errors
    /// [`Stopped`]
    pub async fn take(
        &mut self,
        place: Place,
        row: Result<Row, Vec<Fault>>,
    ) -> Result<Faults, Stopped> {
        let checked = row.and_then(|row| self.check(place, &row));
        match checked {
            Ok(waiting) => self.waiting.push(waiting),
            Err(faults) => {
                self.counts.refused += 1;
                return Ok(faults.into_iter().map(|fault| (place, fault)).collect());
            }
        }
        if self.waiting.len() < BATCH_ROWS { Ok(Faults::new()) } else { self.write().await }
    }

    /// Writes the rows that wait, and tells what was found wrong with them.
    ///
    /// # Errors
    /// [`Stopped`]
    pub async fn write(&mut self) -> Result<Faults, Stopped> {
        let waiting = std::mem::take(&mut self.waiting);
        for _ in 0..TRIES_MAX {
            let sorted = self.sort(&waiting).await?;
            let now = self.members.world.now();
            let is_done = self.dry_run
                || sorted.puts.is_empty()
                || self.members.store.insert_documents(&sorted.puts, now).await?;
            if is_done {
                self.counts.imported += sorted.puts.len() as u64;
                self.counts.unchanged += sorted.unchanged;
                let refused: FxHashSet<(u32, u64)> =
                    sorted.faults.iter().map(|(place, _)| (place.file, place.line)).collect();
                self.counts.refused += refused.len() as u64;
                return Ok(sorted.faults);
            }
        }
        Err(Stopped::Contended)
    }

    /// The member that a row makes, if no row before had its account or an address of it.
    fn check(&mut self, place: Place, row: &Row) -> Result<Waiting, Vec<Fault>> {
        let now = self.members.world.now();
        let hasher = &self.members.hasher;
        let account = AccountKey(hasher.wide(Keyed::Account, row.account.as_bytes()));
        let mut names = Vec::new();
        if let Some(mail) = &row.mail {
            let login = Login::Mail(mail.to_wire(), mail.to_key());
            names.push((Field::Email, login.name(hasher)));
        }
        if let Some(phone) = &row.phone {
            names.push((Field::Phone, Login::Phone(phone.e164().to_owned()).name(hasher)));
        }
        let all = || std::iter::once((Field::AccountId, account.0)).chain(names.iter().copied());
        let repeated = |(field, key): (Field, u128)| {
            let (file, line) = *self.seen.get(&short(key))?;
            let first = Place { file, line: line.into() };
            Some(Fault::of(field, Why::Repeated(self.shown(first, place))))
        };
        let faults: Vec<Fault> = all().filter_map(repeated).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let line = u32::try_from(place.line).unwrap_or(u32::MAX);
        self.seen.extend(all().map(|(_, key)| (short(key), (place.file, line))));
        let imported = Some(fingerprint(hasher, row));
        Ok(Waiting { place, account, member: Member { imported, ..member(row, now) }, names })
    }

    fn shown(&self, first: Place, here: Place) -> String {
        let file = self.files.get(first.file as usize).filter(|_| first.file != here.file);
        file.map_or_else(
            || format!("line {}", first.line),
            |file| format!("{file}, line {}", first.line),
        )
    }

    /// Which rows are new, which are there, and which are in the way of others.
    async fn sort(&self, waiting: &[Waiting]) -> Result<Sorted, StoreError> {
        let store = &self.members.store;
        let ids: Vec<u128> = waiting.iter().map(|row| row.account.0).collect();
        let names: Vec<u128> =
            waiting.iter().flat_map(|row| row.names.iter().map(|(_, name)| *name)).collect();
        let there = store.documents_with(DocumentKind::Member, &ids).await?;
        let there: FxHashMap<u128, Option<u128>> = there
            .into_iter()
            .map(|document| {
                let member = serde_json::from_slice::<Member>(&document.body);
                (document.id, member.ok().and_then(|member| member.imported))
            })
            .collect();
        let behind = store.documents_behind(DocumentKind::Member, &names).await?;
        let mut sorted = Sorted::default();
        for row in waiting {
            if let Some(imported) = there.get(&row.account.0) {
                if *imported == row.member.imported {
                    sorted.unchanged += 1;
                } else {
                    let fault = Fault::of(Field::AccountId, Why::IsMember);
                    sorted.faults.push((row.place, fault));
                }
                continue;
            }
            let taken = row.names.iter().filter(|(_, name)| behind.contains_key(name));
            let taken: Vec<_> =
                taken.map(|(field, _)| (row.place, Fault::of(*field, Why::IsAnothers))).collect();
            if taken.is_empty() {
                sorted.puts.push(self.members.create(row.account, &row.member));
            }
            sorted.faults.extend(taken);
        }
        Ok(sorted)
    }
}

/// Rows, held against what is there.
#[derive(Default)]
struct Sorted {
    puts: Vec<Put>,
    unchanged: u64,
    faults: Faults,
}

/// Keyed hashes are even: half of one tells values of a file apart.
const fn short(key: u128) -> u64 {
    (key >> 64) as u64
}

/// The member as it begins here.
fn member(row: &Row, now: Micros) -> Member {
    let since = row.registered_at.unwrap_or(now);
    let contact = |kind, value: String, is_verified: bool| Contact {
        kind,
        value,
        since: if is_verified { since } else { now },
    };
    let mail = row.mail.as_ref().map(MailAddress::to_wire);
    let mail = mail.map(|mail| contact(ContactKind::Mail, mail, row.mail_is_verified));
    let phone = row.phone.as_ref().map(|phone| phone.e164().to_owned());
    let phone = phone.map(|phone| contact(ContactKind::Phone, phone, row.phone_is_verified));
    let unproven = [(&mail, row.mail_is_verified), (&phone, row.phone_is_verified)];
    let unproven = unproven.into_iter().filter(|(_, is_verified)| !is_verified);
    Member {
        account: row.account.clone(),
        since,
        name: row.name.clone(),
        unproven: unproven
            .filter_map(|(contact, _)| Some(contact.as_ref()?.value.clone()))
            .collect(),
        mails: mail.into_iter().collect(),
        phones: phone.into_iter().collect(),
        // How old it is nobody says: that it was theirs is known since now.
        password: row.password_hash.clone().map(|hash| Password { hash, since: now }),
        preferences: Preferences { english: row.english, ..Preferences::default() },
        ..Member::default()
    }
}

/// No value of a row has a zero in it, so that they do not run into each other.
fn fingerprint(hasher: &domain::keyed::KeyedHasher, row: &Row) -> u128 {
    let mail = row.mail.as_ref().map(MailAddress::to_wire).unwrap_or_default();
    let phone = row.phone.as_ref().map(Phone::e164).unwrap_or_default();
    let text = format!(
        "imported row\0{}\0{mail}\0{phone}\0{}\0{:?}\0{}\0{}\0{}\0{}",
        row.account,
        row.name,
        row.registered_at.map(|at| at.0),
        row.password_hash.as_deref().unwrap_or_default(),
        row.mail_is_verified,
        row.phone_is_verified,
        row.english,
    );
    hasher.wide(Keyed::Other, text.as_bytes())
}
