//! What follows a first factor: in, one more proof, or no (R1, R39, R43, C4, C8).

use crate::account::Allowance;
use crate::challenge::Method;
use crate::decision::Verdict;
use crate::member::{Device, Member};
use crate::notice::Channel;
use crate::time::Micros;

/// What is known when the first factor was right.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Who signs in.
    pub member: &'a Member,
    /// What the risk engine says.
    pub verdict: Verdict,
    /// The device, where its cookie is known.
    pub device: Option<&'a Device>,
    /// Channels with a gateway.
    pub offered: &'a [Channel],
    /// Passkeys can be used here.
    pub takes_passkeys: bool,
    /// The time.
    pub now: Micros,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A session.
    Open,
    /// One more proof, by one of these, best first.
    Prove(Vec<Method>),
    /// One more proof is needed, and there is nothing to prove it with from here.
    NothingToProveWith,
    /// No; said as for a wrong password.
    Refuse,
}

/// After a right password.
pub fn after_password(facts: &Facts<'_>) -> Next {
    let Some(allowed) = allowed(facts) else { return Next::Refuse };
    let trusted = facts
        .device
        .is_some_and(|device| device.trusted_until.is_some_and(|until| facts.now < until));
    let two_step = facts.member.two_step && !(trusted && facts.verdict == Verdict::Allow);
    let asked = facts.verdict != Verdict::Allow || allowed != Allowance::Yes;
    if !two_step && !asked {
        return Next::Open;
    }
    match methods(facts, allowed == Allowance::StrongStepUp) {
        methods if methods.is_empty() => Next::NothingToProveWith,
        methods => Next::Prove(methods),
    }
}

/// After a passkey with user verification: two factors in one, that cannot be given to another site.
/// Risk asks for nothing more; a state that lets nobody in still does not.
pub fn after_passkey(facts: &Facts<'_>) -> Next {
    if allowed(facts).is_some() { Next::Open } else { Next::Refuse }
}

/// What the state allows from this device; `None` for no. A verdict of deny holds for strangers'
/// devices: the owner's own is not shut out by what others do (C8).
fn allowed(facts: &Facts<'_>) -> Option<Allowance> {
    let abilities = facts.member.standing.abilities();
    let allowance = match facts.device {
        Some(_) => abilities.sign_in_known_device,
        None => abilities.sign_in_new_device,
    };
    let denied = facts.verdict == Verdict::Deny && facts.device.is_none();
    let refused = denied || matches!(allowance, Allowance::No { .. });
    (!refused).then_some(allowance)
}

/// By what the member can prove to be there, best first: passkey, app, text message (C4). Mail is
/// no second factor (SP 800-63B-4 §3.1.3.1): only who has nothing else is asked for it, and not
/// where a strong proof is needed, for which a text message is too weak as well.
pub fn methods(facts: &Facts<'_>, strong: bool) -> Vec<Method> {
    let member = facts.member;
    let by = |channel| facts.offered.contains(&channel);
    let phone = !member.phones.is_empty() && !strong;
    let has = [
        (Method::Passkey, facts.takes_passkeys && !member.passkeys.is_empty()),
        (Method::Totp, !member.authenticators.is_empty()),
        (Method::Sms, phone && by(Channel::Sms)),
        (Method::Voice, phone && by(Channel::Voice)),
        (Method::RecoveryCode, member.recovery_codes_left() > 0),
    ];
    let mut methods: Vec<Method> =
        has.into_iter().filter_map(|(method, has)| has.then_some(method)).collect();
    let nothing_else = methods.is_empty() && !member.two_step && !strong;
    if nothing_else && !member.mails.is_empty() && by(Channel::Mail) {
        methods.push(Method::Mail);
    }
    methods
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, State};
    use crate::member::{Authenticator, Contact, ContactKind, Passkey, RecoveryCodes};
    use crate::time::DAY;

    const NOW: Micros = Micros(1_000 * DAY);

    fn contact(kind: ContactKind) -> Contact {
        Contact { kind, value: "x".to_owned(), since: Micros(0) }
    }

    fn shopper() -> Member {
        Member { mails: vec![contact(ContactKind::Mail)], ..Member::default() }
    }

    fn with_phone() -> Member {
        Member { phones: vec![contact(ContactKind::Phone)], ..shopper() }
    }

    fn with_app() -> Member {
        let app = Authenticator {
            id: 1,
            name: String::new(),
            seed: String::new(),
            since: NOW,
            last_step: 0,
        };
        Member { authenticators: vec![app], ..with_phone() }
    }

    fn with_everything() -> Member {
        let key = Passkey {
            id: 1,
            name: String::new(),
            credential: String::new(),
            since: NOW,
            last_used: None,
        };
        let codes = RecoveryCodes { since: NOW, kept: String::new(), left: 3 };
        Member { passkeys: vec![key], recovery_codes: Some(codes), ..with_app() }
    }

    fn standing(member: Member, state: State) -> Member {
        Member { standing: Account { state, ..Account::default() }, ..member }
    }

    fn device(trusted_until: Option<Micros>) -> Device {
        Device { hash: 1, name: String::new(), since: NOW, last_seen: NOW, trusted_until }
    }

    fn next(member: &Member, verdict: Verdict, device: Option<&Device>) -> Next {
        let offered = &Channel::ALL;
        let takes_passkeys = true;
        after_password(&Facts { member, verdict, device, offered, takes_passkeys, now: NOW })
    }

    #[test]
    fn r48_without_two_step_a_usual_sign_in_goes_in_and_an_unusual_one_is_asked() {
        assert_eq!(next(&shopper(), Verdict::Allow, None), Next::Open);
        let asked = next(&shopper(), Verdict::Challenge, None);
        assert_eq!(asked, Next::Prove(vec![Method::Mail]), "mail, for who has nothing else");
        let asked = next(&with_phone(), Verdict::Challenge, None);
        assert_eq!(asked, Next::Prove(vec![Method::Sms, Method::Voice]));
    }

    #[test]
    fn c4_the_order_of_offer_is_passkey_app_text_message() {
        let Next::Prove(methods) = next(&with_everything(), Verdict::Challenge, None) else {
            unreachable!("it is asked")
        };
        assert_eq!(methods.get(..3), Some(&[Method::Passkey, Method::Totp, Method::Sms][..]));
        assert!(!methods.contains(&Method::Mail));
    }

    #[test]
    fn r39_with_two_step_a_password_alone_never_opens_a_session() {
        let member = Member { two_step: true, ..with_app() };
        for device in [None, Some(&device(None)), Some(&device(Some(NOW)))] {
            assert!(matches!(next(&member, Verdict::Allow, device), Next::Prove(_)));
        }
        let trusted = device(Some(NOW.plus(1)));
        assert_eq!(next(&member, Verdict::Allow, Some(&trusted)), Next::Open);
        assert!(matches!(next(&member, Verdict::Challenge, Some(&trusted)), Next::Prove(_)));
        let without = Member { two_step: true, ..shopper() };
        assert_eq!(next(&without, Verdict::Allow, None), Next::NothingToProveWith);
    }

    #[test]
    fn c8_a_restricted_account_lets_its_known_device_in_and_asks_a_new_one_for_a_strong_proof() {
        let restricted = standing(with_app(), State::Restricted);
        assert_eq!(next(&restricted, Verdict::Allow, Some(&device(None))), Next::Open);
        assert_eq!(next(&restricted, Verdict::Allow, None), Next::Prove(vec![Method::Totp]));
        let weak = standing(with_phone(), State::Restricted);
        assert_eq!(next(&weak, Verdict::Allow, None), Next::NothingToProveWith);
    }

    #[test]
    fn c8_a_denial_holds_for_strangers_devices_alone() {
        assert_eq!(next(&with_app(), Verdict::Deny, None), Next::Refuse);
        let known = next(&with_app(), Verdict::Deny, Some(&device(None)));
        assert!(matches!(known, Next::Prove(_)), "the owner's own device is asked, not shut out");
    }

    #[test]
    fn nobody_signs_in_to_a_locked_account_by_whatever_means() {
        for state in [State::Locked, State::Contested, State::Closed] {
            let locked = standing(with_everything(), state);
            assert_eq!(next(&locked, Verdict::Allow, Some(&device(None))), Next::Refuse);
            let (verdict, offered) = (Verdict::Allow, &Channel::ALL);
            let (device, takes_passkeys) = (None, true);
            let facts =
                Facts { member: &locked, verdict, device, offered, takes_passkeys, now: NOW };
            assert_eq!(after_passkey(&facts), Next::Refuse);
        }
    }

    #[test]
    fn what_has_no_gateway_is_not_offered() {
        let (phone, key) = (with_phone(), Member { phones: Vec::new(), ..with_everything() });
        let facts = Facts {
            member: &phone,
            verdict: Verdict::Challenge,
            device: None,
            offered: &[],
            takes_passkeys: false,
            now: NOW,
        };
        assert_eq!(after_password(&facts), Next::NothingToProveWith);
        let without = methods(&Facts { member: &key, ..facts }, true);
        assert_eq!(without, [Method::Totp, Method::RecoveryCode], "no site, no passkey");
    }
}
