//! Whether an answer is right, and what it uses up.

use domain::challenge::Method;
use domain::member::{Member, RecoveryCodes};
use domain::time::Micros;
use factors::recovery_code;
use factors::totp::Seed;

use super::super::challenge::{is_for_nobody, receiver};
use crate::http::House;
use crate::members::Found;
use crate::members::attempts::Attempt;

/// What an answer is worth.
pub(super) struct Checked {
    pub(super) is_right: bool,
    /// The member without what the proof used up, where it did.
    pub(super) using_up: Option<Member>,
    /// Since when the member has what proved it.
    pub(super) since: Option<Micros>,
}

impl Checked {
    const WRONG: Self = Self { is_right: false, using_up: None, since: None };
}

impl House {
    /// Whether what was typed proves it.
    pub(super) fn check(
        &self,
        attempt: &Attempt,
        found: Option<&Found>,
        typed: &str,
        now: Micros,
    ) -> Checked {
        let Some(method) = attempt.kept.challenge.as_ref().map(|open| open.method) else {
            return Checked::WRONG;
        };
        if method.is_sent() {
            let right = attempt.is_code(&self.members, typed);
            let is_right = right && !is_for_nobody(&attempt.kept.purpose);
            let member = found.map(|found| attempt.asked(&found.member, now));
            let since = receiver(attempt, member.as_ref(), method).map(|to| to.since);
            return Checked { is_right, using_up: None, since };
        }
        let doubted = attempt.asks_for_before();
        let used = found.and_then(|found| {
            let counts = |since| !doubted || found.member.is_settled(since, now);
            self.use_up(found, (method, typed), &counts)
        });
        used.map_or(Checked::WRONG, |(member, since)| Checked {
            is_right: true,
            using_up: Some(member),
            since: Some(since),
        })
    }

    /// The member without what an app's code or a recovery code uses up, and since when they have it;
    /// `None` for a wrong one.
    fn use_up(
        &self,
        found: &Found,
        (method, typed): (Method, &str),
        counts: &dyn Fn(Micros) -> bool,
    ) -> Option<(Member, Micros)> {
        let (mut member, now) = (found.member.clone(), self.world.now());
        let since = match method {
            Method::Totp => {
                let mut apps = member.authenticators.iter_mut().filter(|app| counts(app.since));
                let used = apps.find_map(|app| {
                    let seed = super::super::security::seed_of(&app.seed)?;
                    let step = Seed::from_bytes(seed).accepts(typed, Some(app.last_step), now)?;
                    Some((app, step))
                });
                let (app, step) = used?;
                app.last_step = step;
                app.since
            }
            Method::RecoveryCode => {
                let kept = member.recovery_codes.as_ref().filter(|set| counts(set.since))?;
                let set: recovery_code::RecoveryCodes = serde_json::from_str(&kept.kept).ok()?;
                let since = kept.since;
                let left = set.spend(&self.members.code_key, found.account, typed)?;
                member.recovery_codes = Some(RecoveryCodes {
                    since,
                    kept: serde_json::to_string(&left).unwrap_or_default(),
                    left: left.left(),
                });
                since
            }
            Method::Passkey | Method::Sms | Method::Voice | Method::Mail => return None,
        };
        Some((member, since))
    }
}
