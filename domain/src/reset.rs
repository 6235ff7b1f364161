//! A forgotten password: what has to be proven before a new one is set (§2.3, ASVS 6.4.3).
//!
//! A code to a contact of the member's begins it. Where two-step is on it never ends there: a second
//! proof of another kind follows, so that resetting is no way round it. A restricted account takes a
//! code only by a contact that was there long before the trouble, and asks for everything that the
//! member has; two different proofs lift the restriction (V3), one alone does not.

use crate::account::{Level, State};
use crate::challenge::Method;
use crate::member::{Contact, ContactKind, Member, Proof};
use crate::sign_in::{Facts, methods};
use crate::time::{DAY, Micros};

/// A contact proves somebody against an intruder when it was there so long before the trouble.
pub const SETTLED: i64 = 30 * DAY;

/// Whether a code to this contact may begin a reset. A locked account is opened by the desk alone.
pub fn may_begin(member: &Member, contact: &Contact) -> bool {
    match member.standing.state {
        State::Normal | State::Watch | State::Probation => true,
        State::Restricted => is_settled(member, contact, member.standing.since),
        State::Locked | State::Contested | State::Recovering { .. } | State::Closed => false,
    }
}

/// The contact was the member's from the beginning, or 30 days before `start` (V2, §2.3). One that
/// an import brought along and nobody vouched for is no proof until it has answered a code.
pub fn is_settled(member: &Member, contact: &Contact, start: Micros) -> bool {
    let from_the_beginning = contact.since <= member.since && member.is_proven(contact);
    from_the_beginning || contact.since.plus(SETTLED) <= start
}

/// What follows on the first code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A new password may be set, on the strength of this.
    Set(Proof, Level),
    /// One more proof, by one of these.
    Prove(Vec<Method>),
    /// One more proof is needed, and there is nothing to prove it with.
    NothingToProveWith,
}

/// After `proven` ways have been proven; `first` is how the first code came.
pub fn next(facts: &Facts<'_>, first: ContactKind, proven: usize) -> Next {
    let member = facts.member;
    if proven >= 2 {
        return Next::Set(Proof::SecondFactor, Level::V3);
    }
    let restricted = member.standing.state == State::Restricted;
    if !member.two_step && !restricted {
        return Next::Set(Proof::Code, Level::V2);
    }
    let other = |method: &Method| match method {
        Method::Sms | Method::Voice => first != ContactKind::Phone,
        Method::Mail => false,
        Method::Passkey | Method::Totp | Method::RecoveryCode => true,
    };
    let further: Vec<Method> = methods(facts, false).into_iter().filter(other).collect();
    match (further.is_empty(), member.two_step) {
        (false, _) => Next::Prove(further),
        (true, true) => Next::NothingToProveWith,
        (true, false) => Next::Set(Proof::Code, Level::V2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Account;
    use crate::decision::Verdict;
    use crate::member::{Authenticator, RecoveryCodes};
    use crate::notice::Channel;

    const NOW: Micros = Micros(1_000 * DAY);

    fn contact(kind: ContactKind, since: i64) -> Contact {
        Contact { kind, value: "x".to_owned(), since: Micros(since * DAY) }
    }

    fn member(state: State) -> Member {
        Member {
            since: Micros(DAY),
            mails: vec![contact(ContactKind::Mail, 1)],
            standing: Account { state, since: NOW, ..Account::default() },
            ..Member::default()
        }
    }

    fn with_app(member: Member) -> Member {
        let app = Authenticator {
            id: 1,
            name: String::new(),
            seed: String::new(),
            since: NOW,
            last_step: 0,
        };
        let recovery_codes = Some(RecoveryCodes { since: NOW, kept: String::new(), left: 1 });
        Member { authenticators: vec![app], recovery_codes, ..member }
    }

    fn after(member: &Member, first: ContactKind, proven: usize) -> Next {
        let facts = Facts {
            member,
            verdict: Verdict::Allow,
            device: None,
            offered: &Channel::ALL,
            takes_passkeys: true,
            now: NOW,
        };
        next(&facts, first, proven)
    }

    #[test]
    fn without_two_step_a_code_to_a_contact_is_enough() {
        let once = after(&member(State::Normal), ContactKind::Mail, 1);
        assert_eq!(once, Next::Set(Proof::Code, Level::V2));
    }

    #[test]
    fn a_reset_is_no_way_round_two_step() {
        let with = Member { two_step: true, ..with_app(member(State::Normal)) };
        let asked = after(&with, ContactKind::Mail, 1);
        assert_eq!(asked, Next::Prove(vec![Method::Totp, Method::RecoveryCode]));
        assert_eq!(after(&with, ContactKind::Mail, 2), Next::Set(Proof::SecondFactor, Level::V3));
        let phone = vec![contact(ContactKind::Phone, 1)];
        let by_phone = Member { two_step: true, phones: phone, ..member(State::Normal) };
        assert_eq!(after(&by_phone, ContactKind::Phone, 1), Next::NothingToProveWith);
        let by_mail = after(&by_phone, ContactKind::Mail, 1);
        assert_eq!(by_mail, Next::Prove(vec![Method::Sms, Method::Voice]));
    }

    #[test]
    fn r24_a_restricted_account_takes_a_code_only_by_a_contact_from_long_before() {
        let restricted = member(State::Restricted);
        assert!(may_begin(&restricted, &contact(ContactKind::Mail, 1)));
        assert!(may_begin(&restricted, &contact(ContactKind::Mail, 970)));
        assert!(!may_begin(&restricted, &contact(ContactKind::Mail, 971)), "29 days before");
        assert!(may_begin(&member(State::Normal), &contact(ContactKind::Mail, 999)));
    }

    #[test]
    fn r24_an_imported_contact_nobody_vouched_for_was_not_there_from_the_beginning() {
        let today = Micros(999 * DAY);
        let contact = contact(ContactKind::Mail, 999);
        let imported = Member { since: today, ..member(State::Restricted) };
        assert!(may_begin(&imported, &contact));
        let unproven = vec![contact.value.clone()];
        assert!(!may_begin(&Member { unproven, ..imported }, &contact));
    }

    #[test]
    fn a_restricted_account_asks_for_all_that_its_owner_has() {
        let once = after(&member(State::Restricted), ContactKind::Mail, 1);
        assert_eq!(once, Next::Set(Proof::Code, Level::V2), "mail is all there is");
        let twice = after(&with_app(member(State::Restricted)), ContactKind::Mail, 1);
        assert!(matches!(twice, Next::Prove(_)));
    }

    #[test]
    fn nobody_resets_a_locked_account() {
        for state in
            [State::Locked, State::Contested, State::Closed, State::Recovering { until: NOW }]
        {
            assert!(!may_begin(&member(state), &contact(ContactKind::Mail, 1)));
        }
    }
}
