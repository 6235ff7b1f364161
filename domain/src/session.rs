//! A session: how long it lives, how fresh its proof is, and what it may truthfully claim.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::keyed::AccountKey;
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// A security change wants a proof of identity no older than this (R46).
pub const FRESH: i64 = 5 * MINUTE;

/// A factor that was proved, as `amr` needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after the factor")]
pub enum Proof {
    Password,
    Totp,
    Sms,
    Voice,
    /// Not an out-of-band factor (SP 800-63B-4 §3.1.3.1): it never makes a second factor.
    Mail,
    RecoveryCode,
    /// With user verification, always.
    Passkey {
        /// Whether the key can leave its device (backup eligible).
        is_synced: bool,
    },
}

/// How strongly a session is authenticated, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Nothing that counts alone.
    None,
    /// One factor.
    Single,
    /// Two different factors.
    Multi,
    /// Two factors in one that cannot be given to the wrong site.
    PhishingResistant,
}

impl Strength {
    /// The `acr` value. `phr` is that of `OpenID` Connect EAP ACR Values 1.0.
    pub const fn acr(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Single => "urn:sekisho:acr:single",
            Self::Multi => "urn:sekisho:acr:multi",
            Self::PhishingResistant => "phr",
        }
    }
}

/// Limits of a session in µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Without use.
    pub idle: i64,
    /// In all.
    pub overall: i64,
}

impl Limits {
    /// Browsing in a shop (C18: long, because orders and security ask again).
    pub const BROWSING: Self = Self { idle: 14 * DAY, overall: 90 * DAY };
    /// Sellers, staff, and whoever had an incident: AAL2 of SP 800-63B-4.
    pub const STRICT: Self = Self { idle: HOUR, overall: DAY };
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is named after its reason")]
pub enum Ended {
    Idle,
    Overall,
    SignedOut,
    AfterPurchase,
    EndedElsewhere,
    CredentialChanged,
    AccountLocked,
}

/// One session on the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub account: AccountKey,
    /// When it began.
    pub started_at: Micros,
    /// When it was last used.
    pub used_at: Micros,
    /// What was proved, each with the time it was proved last.
    pub proofs: SmallVec<[(Proof, Micros); 2]>,
    /// It hangs on a factor that was added of late, until then (see [`crate::member::SETTLES`]).
    #[serde(default)]
    pub new_until: Option<Micros>,
    /// How it was ended on purpose.
    pub ended: Option<Ended>,
}

impl Session {
    /// A session that begins with `proofs`.
    pub fn start(account: AccountKey, proofs: &[Proof], now: Micros) -> Self {
        let proofs = proofs.iter().map(|proof| (*proof, now)).collect();
        Self { account, started_at: now, used_at: now, proofs, new_until: None, ended: None }
    }

    /// Whether it is over at `now`, and why. A clock that went back ends nothing.
    pub fn ended_at(&self, limits: Limits, now: Micros) -> Option<Ended> {
        self.ended.or_else(|| {
            if now.since(self.started_at) >= limits.overall {
                Some(Ended::Overall)
            } else {
                (now.since(self.used_at) >= limits.idle).then_some(Ended::Idle)
            }
        })
    }

    /// Ends it; the first reason stays.
    pub fn end(&mut self, reason: Ended) {
        self.ended.get_or_insert(reason);
    }

    /// Notes a use.
    pub fn touch(&mut self, now: Micros) {
        self.used_at = self.used_at.max(now);
    }

    /// Notes a proof given within the session, by a factor that counts as new until `new_until`.
    /// Give the session a new token (ASVS 7.2.4). A password says nothing of the other factor.
    pub fn prove(&mut self, proof: Proof, new_until: Option<Micros>, now: Micros) {
        if proof != Proof::Password {
            self.new_until = new_until;
        }
        self.proofs.retain(|(old, _)| *old != proof);
        self.proofs.push((proof, now));
    }

    /// It hangs on a factor that whoever is in the account may have added themselves (T16).
    pub fn is_by_new_factor(&self, now: Micros) -> bool {
        self.new_until.is_some_and(|until| now < until)
    }

    /// `auth_time`: when the owner last proved to be there.
    pub fn authenticated_at(&self) -> Micros {
        self.proofs.iter().map(|(_, at)| *at).max().unwrap_or(self.started_at)
    }

    /// Whether a security change may be made without signing in again (R46).
    ///
    /// What counts is the proof given lately, and it must be as strong as the session: one mail
    /// code does not refresh a session that began with two factors.
    pub fn is_fresh(&self, now: Micros) -> bool {
        let is_recent = |at: Micros| (0..=FRESH).contains(&now.since(at));
        let recent = self.proofs.iter().filter(|(_, at)| is_recent(*at)).map(|(proof, _)| *proof);
        let recent = strength(recent);
        recent > Strength::None && recent >= self.strength()
    }

    /// What all proofs together are worth.
    pub fn strength(&self) -> Strength {
        strength(self.proofs.iter().map(|(proof, _)| *proof))
    }

    /// `amr` (RFC 8176 §2), each value once, in a fixed order.
    pub fn amr(&self) -> Vec<&'static str> {
        let has = |wanted: fn(&Proof) -> bool| self.proofs.iter().any(|(proof, _)| wanted(proof));
        let claims = [
            ("pwd", has(|proof| *proof == Proof::Password)),
            ("otp", has(|proof| matches!(proof, Proof::Totp | Proof::Mail | Proof::RecoveryCode))),
            ("sms", has(|proof| *proof == Proof::Sms)),
            ("tel", has(|proof| *proof == Proof::Voice)),
            ("hwk", has(|proof| *proof == Proof::Passkey { is_synced: false })),
            ("swk", has(|proof| *proof == Proof::Passkey { is_synced: true })),
            ("user", has(|proof| matches!(proof, Proof::Passkey { .. }))),
            ("mfa", self.strength() >= Strength::Multi),
        ];
        claims.into_iter().filter_map(|(name, holds)| holds.then_some(name)).collect()
    }
}

/// What `proofs` are worth together: knowledge and possession make two, two of one kind do not.
pub fn strength(proofs: impl IntoIterator<Item = Proof>) -> Strength {
    let (mut knows, mut has, mut resists) = (false, false, false);
    for proof in proofs {
        match proof {
            Proof::Password => knows = true,
            Proof::Totp | Proof::Sms | Proof::Voice | Proof::RecoveryCode => has = true,
            Proof::Passkey { .. } => resists = true,
            Proof::Mail => {}
        }
    }
    match (resists, knows, has) {
        (true, ..) => Strength::PhishingResistant,
        (false, true, true) => Strength::Multi,
        (false, true, false) | (false, false, true) => Strength::Single,
        (false, false, false) => Strength::None,
    }
}
