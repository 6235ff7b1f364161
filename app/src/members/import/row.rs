//! One account as the store had it: its texts read, or what is wrong with each.

use domain::event::{ACCOUNT_ID_CHARS_MAX, REGISTERED_AT_MIN};
use domain::time::Micros;
use factors::mail_address::{self, MailAddress};
use factors::password;
use factors::phone::{self, Phone};

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 200;

/// What a file may say of an account: the names of its columns, or of its members in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The store's own id; needed.
    AccountId,
    /// A mail address; this or a phone number is needed.
    Email,
    /// A phone number.
    Phone,
    /// What the store calls the person.
    Name,
    /// When the account was opened.
    RegisteredAt,
    /// The password, hashed.
    PasswordHash,
    /// The mail address has answered a code or link of the store's.
    EmailVerified,
    /// The phone number has answered a code of the store's.
    PhoneVerified,
    /// In which language the person is written to.
    Language,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 9] = [
        Self::AccountId,
        Self::Email,
        Self::Phone,
        Self::Name,
        Self::RegisteredAt,
        Self::PasswordHash,
        Self::EmailVerified,
        Self::PhoneVerified,
        Self::Language,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountId => "account_id",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::RegisteredAt => "registered_at",
            Self::PasswordHash => "password_hash",
            Self::EmailVerified => "email_verified",
            Self::PhoneVerified => "phone_verified",
            Self::Language => "language",
        }
    }

    /// The field of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// The texts of one row, as they stand in the file. Some are secret: there is no `Debug`.
#[derive(Default)]
pub struct Texts([Option<String>; Field::ALL.len()]);

impl Texts {
    /// What stands there; `None` where nothing does.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(field as usize)?.as_deref().filter(|text| !text.is_empty())
    }

    /// Puts `text` there.
    pub fn put(&mut self, field: Field, text: String) {
        if let Some(place) = self.0.get_mut(field as usize) {
            *place = Some(text);
        }
    }
}

/// What is wrong with a row. It never carries what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// With which field; `None` for the row as a whole.
    pub field: Option<Field>,
    /// What.
    pub why: Why,
}

impl Fault {
    /// With one field.
    pub const fn of(field: Field, why: Why) -> Self {
        Self { field: Some(field), why }
    }

    /// With the row as a whole.
    pub const fn whole(why: Why) -> Self {
        Self { field: None, why }
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Why {
    #[error("is missing")]
    Missing,
    #[error("neither email nor phone: nobody could sign in")]
    NoContact,
    #[error("longer than {0} characters")]
    TooLong(usize),
    #[error("holds a control character")]
    Control,
    #[error("begins or ends with a blank")]
    Blank,
    #[error("not a text, a whole number, true or false")]
    NotAText,
    #[error("not {0}; say --encoding")]
    Encoding(&'static str),
    #[error("not a mail address: {0}")]
    Mail(mail_address::Unreadable),
    #[error("{0}")]
    Phone(phone::Unreadable),
    #[error("not a time with its offset, as in 2024-01-05T09:00:00+09:00")]
    NotATime,
    #[error("lies in the future")]
    Future,
    #[error("lies before 1970")]
    Past,
    #[error("{0}")]
    Hash(password::Unreadable),
    #[error("neither true nor false")]
    NotYesOrNo,
    #[error("neither ja nor en")]
    Language,
    #[error(
        "{found} cells, and the first line has {expected}; a cell with a comma stands in quotation \
         marks"
    )]
    Columns { found: usize, expected: usize },
    #[error("longer than {0} bytes, or a quotation mark is not closed")]
    TooManyBytes(usize),
    #[error("a quotation mark is not closed")]
    OpenQuote,
    #[error("a carriage return ends the line where a line feed should")]
    CarriageReturn,
    #[error("not an object of JSON: {0}")]
    NotJson(String),
    #[error("stands in {0} already")]
    Repeated(String),
    #[error("is a member already, and not by this row; kept as it is")]
    IsMember,
    #[error("belongs to another member")]
    IsAnothers,
}

/// An account that can become a member.
pub struct Row {
    /// The store's own id.
    pub account: String,
    /// Its mail address.
    pub mail: Option<MailAddress>,
    /// Its phone number.
    pub phone: Option<Phone>,
    /// What the store calls the person.
    pub name: String,
    /// When it was opened.
    pub registered_at: Option<Micros>,
    /// PHC string or crypt format.
    pub password_hash: Option<String>,
    /// The store vouches for the mail address.
    pub mail_is_verified: bool,
    /// The store vouches for the phone number.
    pub phone_is_verified: bool,
    /// The person is written to in English; in Japanese otherwise.
    pub english: bool,
}

impl Row {
    /// Reads the texts of a row at `now`.
    ///
    /// # Errors
    /// Everything that is wrong with it, field by field.
    pub fn read(texts: &Texts, now: Micros) -> Result<Self, Vec<Fault>> {
        let mut reading = Reading { texts, faults: Vec::new() };
        let account = reading.of(Field::AccountId, account_id);
        if account.is_none() && texts.get(Field::AccountId).is_none() {
            reading.faults.push(Fault::of(Field::AccountId, Why::Missing));
        }
        if texts.get(Field::Email).is_none() && texts.get(Field::Phone).is_none() {
            reading.faults.push(Fault::whole(Why::NoContact));
        }
        let mail = reading.of(Field::Email, |text| MailAddress::parse(text).map_err(Why::Mail));
        let phone = reading.of(Field::Phone, |text| Phone::parse(text).map_err(Why::Phone));
        let name = reading.of(Field::Name, name);
        let registered_at = reading.of(Field::RegisteredAt, |text| opened_at(text, now));
        let password_hash = reading.of(Field::PasswordHash, password_hash);
        let mail_is_verified = reading.of(Field::EmailVerified, yes_or_no).unwrap_or_default();
        let phone_is_verified = reading.of(Field::PhoneVerified, yes_or_no).unwrap_or_default();
        let english = reading.of(Field::Language, is_english).unwrap_or_default();
        match account {
            Some(account) if reading.faults.is_empty() => Ok(Self {
                account,
                mail,
                phone,
                name: name.unwrap_or_default(),
                registered_at,
                password_hash,
                mail_is_verified,
                phone_is_verified,
                english,
            }),
            _ => Err(reading.faults),
        }
    }
}

/// A row that is being read, and what was found wrong with it so far.
struct Reading<'a> {
    texts: &'a Texts,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn of<T>(&mut self, field: Field, read: impl FnOnce(&str) -> Result<T, Why>) -> Option<T> {
        let text = self.texts.get(field)?;
        let read = if text.chars().any(char::is_control) { Err(Why::Control) } else { read(text) };
        read.map_err(|why| self.faults.push(Fault::of(field, why))).ok()
    }
}

/// As the store's events write it, to the letter.
fn account_id(text: &str) -> Result<String, Why> {
    if text.trim().len() != text.len() {
        return Err(Why::Blank);
    }
    short(text, ACCOUNT_ID_CHARS_MAX)
}

fn name(text: &str) -> Result<String, Why> {
    short(text.trim(), NAME_CHARS_MAX)
}

fn short(text: &str, chars_max: usize) -> Result<String, Why> {
    if text.chars().nth(chars_max).is_some() {
        return Err(Why::TooLong(chars_max));
    }
    Ok(text.to_owned())
}

fn opened_at(text: &str, now: Micros) -> Result<Micros, Why> {
    match crate::time::read(text.trim()).ok_or(Why::NotATime)? {
        at if at > now => Err(Why::Future),
        at if at < REGISTERED_AT_MIN => Err(Why::Past),
        at => Ok(at),
    }
}

/// Its work is not done here: that is for the sign-in, and bounded.
fn password_hash(text: &str) -> Result<String, Why> {
    let text = text.trim();
    password::readable(text).map_err(Why::Hash)?;
    Ok(text.to_owned())
}

fn yes_or_no(text: &str) -> Result<bool, Why> {
    let is = |words: [&str; 4]| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    match (is(["true", "1", "yes", "t"]), is(["false", "0", "no", "f"])) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Why::NotYesOrNo),
    }
}

fn is_english(text: &str) -> Result<bool, Why> {
    let primary = text.trim().split(['-', '_']).next().unwrap_or_default();
    match primary.to_ascii_lowercase().as_str() {
        "ja" => Ok(false),
        "en" => Ok(true),
        _ => Err(Why::Language),
    }
}
