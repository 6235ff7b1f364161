//! Cookies: which there are, and how they are set.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use cookie::{Cookie, SameSite, time::Duration};
use domain::member::Refused;

use crate::evidence::Refused as Evidence;

/// A cookie of ours. All are `HttpOnly`, `SameSite=Lax` and for the whole site; behind TLS they are
/// `Secure` and carry the prefix `__Host-`, so that no other host can set them (RFC 6265bis §4.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// Who a visitor is before they sign in: what forms are bound to.
    Guest,
    /// The session.
    Session,
    /// The device, for years.
    Device,
    /// The language chosen.
    Language,
    /// Number and secret of a report.
    Case,
    /// A word about what was just done.
    Flash,
}

impl Name {
    const fn text(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Guest, false) => "sekisho_guest",
            (Self::Guest, true) => "__Host-sekisho_guest",
            (Self::Session, false) => "sekisho_session",
            (Self::Session, true) => "__Host-sekisho_session",
            (Self::Device, false) => "sekisho_device",
            (Self::Device, true) => "__Host-sekisho_device",
            (Self::Language, false) => "sekisho_language",
            (Self::Language, true) => "__Host-sekisho_language",
            (Self::Case, false) => "sekisho_case",
            (Self::Case, true) => "__Host-sekisho_case",
            (Self::Flash, false) => "sekisho_flash",
            (Self::Flash, true) => "__Host-sekisho_flash",
        }
    }

    /// Its value in a request; the first where there are several.
    pub fn read(self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let wanted = self.text(secure);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == wanted)
            .map(|cookie| cookie.value().to_owned())
    }

    /// A cookie with `value`; `days` 0 for one that goes when the browser is closed.
    pub fn with(self, value: impl Into<String>, days: i64, secure: bool) -> Cookie<'static> {
        let cookie = Cookie::build((self.text(secure), value.into()))
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax);
        if days == 0 { cookie.build() } else { cookie.max_age(Duration::days(days)).build() }
    }

    /// Takes it away.
    pub fn removed(self, secure: bool) -> Cookie<'static> {
        let mut cookie = self.with("", 0, secure);
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}

/// Adds a cookie to an answer.
pub fn set(response: &mut Response, cookie: &Cookie<'static>) {
    if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

macro_rules! flashes {
    ($($(#[$doc:meta])* $name:ident = $key:literal),* $(,)?) => {
        /// A word about what was just done, shown once on the next page. Only these are ever shown,
        /// whatever the cookie says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Flash { $($(#[$doc])* $name),* }

        impl Flash {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its text key.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }
        }
    };
}

flashes! {
    /// Signed out.
    SignedOut = "flash-signed-out",
    /// The session has proven itself again.
    Proven = "flash-proven",
    /// Saved.
    Saved = "flash-saved",
    /// The password is another.
    PasswordChanged = "flash-password-changed",
    /// A contact was added, or waits.
    ContactAdded = "flash-contact-added",
    /// A contact was taken off.
    ContactRemoved = "flash-contact-removed",
    /// Somebody else has that contact.
    ContactTaken = "flash-contact-taken",
    /// An app was added.
    AuthenticatorAdded = "flash-authenticator-added",
    /// An app was taken off.
    AuthenticatorRemoved = "flash-authenticator-removed",
    /// A passkey was added.
    PasskeyAdded = "flash-passkey-added",
    /// A passkey was taken off.
    PasskeyRemoved = "flash-passkey-removed",
    /// Two-step is on.
    TwoStepOn = "flash-two-step-on",
    /// Two-step is off.
    TwoStepOff = "flash-two-step-off",
    /// Sessions were ended.
    SessionsEnded = "flash-sessions-ended",
    /// A device is known no more.
    DeviceForgotten = "flash-device-forgotten",
    /// The owner said it was them.
    Thanks = "flash-thanks",
    /// The owner said it was not.
    NotMine = "flash-not-mine",
    /// Two-step needs a factor first.
    NeedsFactor = "flash-needs-factor",
    /// Two-step needs a backup first.
    NeedsBackup = "flash-needs-backup",
    /// It stays while two-step is on.
    TwoStepHangsOnIt = "flash-two-step-hangs-on-it",
    /// Two-step is compulsory.
    TwoStepRequired = "flash-two-step-required",
    /// The last contact stays.
    LastContact = "flash-last-contact",
    /// There are as many as may be.
    TooMany = "flash-too-many",
    /// It was that way already.
    NothingChanged = "flash-nothing-changed",
    /// The report is on its way.
    ReportSent = "flash-report-sent",
    /// The report is taken back.
    Withdrawn = "flash-withdrawn",
    /// Another person looks at the ruling.
    Appealed = "flash-appealed",
    /// A call was asked for.
    CallAsked = "flash-call-asked",
    /// A call was called off.
    CallCancelled = "flash-call-cancelled",
    /// A file was added.
    EvidenceAdded = "evidence-added",
    /// Nothing was chosen, or the file is empty.
    EvidenceEmpty = "evidence-empty",
    /// The file has too many bytes.
    EvidenceTooLarge = "evidence-too-large",
    /// The case has as many files as it may.
    EvidenceTooMany = "evidence-too-many",
    /// The file is of no kind that is taken.
    EvidenceKind = "evidence-kind",
    /// The file cannot be read as what it says it is.
    EvidenceBroken = "evidence-broken",
    /// The picture has too many pixels.
    EvidencePixels = "evidence-pixels",
    /// The file carries programs or other files.
    EvidenceActive = "evidence-active",
    /// Too many answers were wrong.
    NotProven = "flash-not-proven",
    /// No contact was typed.
    NoContact = "reset-bad-login",
    /// The restriction is lifted.
    Released = "flash-released",
    /// There is nothing to prove it with from here.
    NothingToProveWith = "sign-in-nothing-to-prove-with",
}

impl Flash {
    /// What is said where a change is refused.
    pub(super) const fn refused(refused: Refused) -> Self {
        match refused {
            Refused::NoSecondFactor => Self::NeedsFactor,
            Refused::NoBackup => Self::NeedsBackup,
            Refused::TwoStepHangsOnIt => Self::TwoStepHangsOnIt,
            Refused::TwoStepRequired => Self::TwoStepRequired,
            Refused::LastContact => Self::LastContact,
            Refused::TooMany => Self::TooMany,
            Refused::AlreadyThere
            | Refused::NotThere
            | Refused::TooLate
            | Refused::ProveAgain
            | Refused::SecondStepMissing => Self::NothingChanged,
        }
    }

    /// It says that something was not done.
    pub(super) const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::ContactTaken
                | Self::NeedsFactor
                | Self::NeedsBackup
                | Self::TwoStepHangsOnIt
                | Self::TwoStepRequired
                | Self::LastContact
                | Self::TooMany
                | Self::NothingChanged
                | Self::NothingToProveWith
                | Self::NotProven
                | Self::EvidenceEmpty
                | Self::EvidenceTooLarge
                | Self::EvidenceTooMany
                | Self::EvidenceKind
                | Self::EvidenceBroken
                | Self::EvidencePixels
                | Self::EvidenceActive
                | Self::NoContact
        )
    }

    /// What is said where a file is not taken.
    pub(super) const fn not_taken(refused: Evidence) -> Self {
        match refused {
            Evidence::Empty => Self::EvidenceEmpty,
            Evidence::TooLarge => Self::EvidenceTooLarge,
            Evidence::TooMany => Self::EvidenceTooMany,
            Evidence::Kind => Self::EvidenceKind,
            Evidence::Broken => Self::EvidenceBroken,
            Evidence::Pixels => Self::EvidencePixels,
            Evidence::Active => Self::EvidenceActive,
        }
    }

    /// Reads the one that the last answer set.
    pub fn read(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let said = Name::Flash.read(headers, secure)?;
        Self::ALL.iter().copied().find(|flash| flash.key() == said)
    }

    pub(super) fn cookie(self, secure: bool) -> Cookie<'static> {
        Name::Flash.with(self.key(), 0, secure)
    }
}
