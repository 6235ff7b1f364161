//! Words that the desk's templates complete keys with.

use domain::case::Reminder;

use super::{CAUSES, calls, campaigns, conduct, figures, tasks, whole};
use crate::http::cases::then_now::PARTS;

/// Every key of theirs.
pub(in super::super) fn keys() -> Vec<String> {
    let of = |prefix: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("{prefix}-{name}")).collect()
    };
    let mut keys = of("desk-state", &STATES);
    keys.extend(of("desk-did", &DID));
    keys.extend(of("desk-claim", &CLAIMS));
    keys.extend(of("desk-result", &["match", "no_match", "not_available"]));
    keys.extend(of("desk-item", &ITEMS));
    keys.extend(of("desk-failed", &["not_a_member", "no_endpoint"]));
    keys.extend(of("desk-why", &["first_sign_in", "first_act", "as_told"]));
    keys.extend(of("desk-cause", &CAUSES.map(|(name, _)| name)));
    keys.extend(of("desk-mark", &["mine", "not_mine"]));
    keys.extend(of("desk-reminder", &Reminder::ALL.map(Reminder::name)));
    keys.extend(of("breach", &["preliminary", "final"]));
    keys.extend(calls::keys());
    keys.extend(of("desk-by", &["reporter", "system"]));
    keys.extend(of("desk-ruling", &["refund", "settled_by_issuer", "review", "not_confirmed"]));
    keys.extend(of("desk-profile", &PARTS));
    keys.extend(whole::keys());
    keys.extend(figures::keys());
    keys.extend(campaigns::keys());
    keys.extend(conduct::keys());
    keys.extend(tasks::keys());
    keys
}

const STATES: [&str; 13] = [
    "draft",
    "submitted",
    "triage",
    "unidentified",
    "need_info",
    "verifying",
    "contained",
    "decided",
    "restitution",
    "monitoring",
    "closed",
    "appeal",
    "merged",
];
const DID: [&str; 27] = [
    "opened",
    "submitted",
    "taken",
    "located",
    "asked_for_more",
    "supplied",
    "proved",
    "contained",
    "recovered",
    "marked",
    "ruled",
    "approved",
    "decided",
    "made_whole",
    "closed",
    "withdrawn",
    "appealed",
    "reopened",
    "merged",
    "noted",
    "unmasked",
    "packed",
    "cause_named",
    "breach_settled",
    "reminded",
    "held",
    "hold_lifted",
];
const CLAIMS: [&str; 7] =
    ["login", "former-password", "name", "address", "birth-date", "card-last4", "orders"];
const ITEMS: [&str; 11] = [
    "account_locked",
    "sessions_ended",
    "password_off",
    "changes_reversed",
    "devices_forgotten",
    "pending_changes_stopped",
    "owners_told",
    "store_told_to_end_sessions",
    "store_told_to_hold_cards_and_payouts",
    "orders_held",
    "gift_codes_revoked",
];
