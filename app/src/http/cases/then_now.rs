//! A profile before the takeover began and now, side by side (R27); contacts as they are hidden
//! elsewhere.

use domain::case::Dated;
use domain::member::{Change, Contact, Member, restore_since};
use domain::time::Micros;
use serde::Serialize;
use utoipa::ToSchema;

use crate::pages::hidden;

/// What is compared.
#[cfg(test)]
pub(crate) const PARTS: [&str; 7] =
    ["mails", "phones", "authenticators", "passkeys", "recovery_codes", "two_step", "postcode"];

/// A part of a profile, before the start and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CaseThenNow)]
pub(crate) struct ThenNow {
    /// `mails`, `phones`, `authenticators`, `passkeys`, `recovery_codes`, `two_step`, `postcode`.
    #[schema(value_type = String)]
    pub(crate) what: &'static str,
    /// Before the start.
    pub(crate) then: Vec<String>,
    /// Now.
    pub(crate) now: Vec<String>,
    /// They differ.
    pub(crate) changed: bool,
}

impl ThenNow {
    /// The member's profile before `start` and as it stands at `now`.
    pub(super) fn of(member: &Member, changes: &[Change], start: Micros, now: Micros) -> Vec<Self> {
        let before = restore_since(member, changes, start, now).member;
        let both = |what, of: &dyn Fn(&Member) -> Vec<String>| {
            let (then, now) = (of(&before), of(member));
            let changed = then != now;
            Self { what, then, now, changed }
        };
        let contacts = |all: &[Contact]| all.iter().map(|one| hidden(&one.value)).collect();
        let mut rows = vec![
            both("mails", &|member| contacts(&member.mails)),
            both("phones", &|member| contacts(&member.phones)),
            both("authenticators", &|member| {
                member.authenticators.iter().map(|app| app.name.clone()).collect()
            }),
            both("passkeys", &|member| {
                member.passkeys.iter().map(|passkey| passkey.name.clone()).collect()
            }),
            both("recovery_codes", &|member| vec![member.recovery_codes_left().to_string()]),
            both("two_step", &|member| vec![if member.two_step { "on" } else { "off" }.to_owned()]),
        ];
        // Two that are hidden alike may differ all the same.
        for (row, [then, now]) in
            rows.iter_mut().zip([[&before.mails, &member.mails], [&before.phones, &member.phones]])
        {
            row.changed = then.iter().ne(now.iter());
        }
        rows
    }

    /// Where the store sent things, before `start` and last.
    pub(super) fn of_postcodes(told: &[Dated<String>], start: Micros) -> Option<Self> {
        let masked = |one: &Dated<String>| {
            one.value.chars().take(3).chain("••••".chars()).collect::<String>()
        };
        let before = |one: &&Dated<String>| one.from.is_none_or(|from| from < start);
        let (then, now) = (told.iter().rev().find(before), told.last()?);
        let changed = then.is_some_and(|then| then.value != now.value);
        let then = then.map(masked).into_iter().collect();
        Some(Self { what: "postcode", then, now: vec![masked(now)], changed })
    }
}
