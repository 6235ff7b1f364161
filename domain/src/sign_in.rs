//! What follows a first factor: in, one more proof, or no (R1, R39, R43, C4, C8).

use serde::{Deserialize, Serialize};

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

/// What of the member's counts for a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Everything.
    #[default]
    All,
    /// What had settled before the act: see [`Member::settled`].
    Before,
    /// Everything, and then a code to a contact from before: two-step was switched on of late.
    AllThenBefore,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// A session.
    Open,
    /// One more proof, by one of these, best first.
    Prove(Vec<Method>, Counts),
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
    if !asked {
        return prove(methods(facts, false), Counts::All);
    }
    prove_doubted(facts, allowed == Allowance::StrongStepUp)
}

fn prove(methods: Vec<Method>, counts: Counts) -> Next {
    if methods.is_empty() { Next::NothingToProveWith } else { Next::Prove(methods, counts) }
}

/// A sign-in that is doubted is proven by what the member had before, so that nobody adds a factor
/// and is then believed by it (T16).
fn prove_doubted(facts: &Facts<'_>, strong: bool) -> Next {
    let before = facts.member.settled(facts.now);
    let old = methods(&Facts { member: &before, ..*facts }, strong);
    if before.contacts().next().is_none() && before.second_factors() == 0 {
        // Whoever lost every contact came back with a new one, by documents and two agents (V4).
        return prove(methods(facts, strong), Counts::All);
    }
    if !old.is_empty() || strong || !by_old_mail(facts) {
        return prove(old, Counts::Before);
    }
    prove(methods(facts, false), Counts::AllThenBefore)
}

/// A mail address from before can be asked.
fn by_old_mail(facts: &Facts<'_>) -> bool {
    let offered = facts.offered.contains(&Channel::Mail);
    offered && !facts.member.settled(facts.now).mails.is_empty()
}

/// After a passkey with user verification that the member has since `since`: two factors in one, that
/// cannot be given to another site. Risk asks for nothing more, unless the passkey is as new as the
/// doubt; a state that lets nobody in still does not.
pub fn after_passkey(facts: &Facts<'_>, since: Micros) -> Next {
    let Some(allowed) = allowed(facts) else { return Next::Refuse };
    let asked = facts.verdict != Verdict::Allow || allowed != Allowance::Yes;
    if !asked || facts.member.is_settled(since, facts.now) {
        return Next::Open;
    }
    let strong = allowed == Allowance::StrongStepUp;
    match prove_doubted(facts, strong) {
        // The new factor has just been proven.
        Next::Prove(_, Counts::AllThenBefore) => Next::Prove(vec![Method::Mail], Counts::Before),
        next => next,
    }
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
            since: Micros(0),
            last_step: 0,
        };
        Member { authenticators: vec![app], ..with_phone() }
    }

    fn with_everything() -> Member {
        let key = Passkey {
            id: 1,
            name: String::new(),
            credential: String::new(),
            since: Micros(0),
            last_used: None,
        };
        let codes = RecoveryCodes { since: Micros(0), kept: String::new(), left: 3 };
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
        let by_mail = Next::Prove(vec![Method::Mail], Counts::Before);
        assert_eq!(asked, by_mail, "mail, for who has nothing else");
        let asked = next(&with_phone(), Verdict::Challenge, None);
        assert_eq!(asked, Next::Prove(vec![Method::Sms, Method::Voice], Counts::Before));
    }

    #[test]
    fn c4_the_order_of_offer_is_passkey_app_text_message() {
        let Next::Prove(methods, _) = next(&with_everything(), Verdict::Challenge, None) else {
            unreachable!("it is asked")
        };
        assert_eq!(methods.get(..3), Some(&[Method::Passkey, Method::Totp, Method::Sms][..]));
        assert!(!methods.contains(&Method::Mail));
    }

    #[test]
    fn r39_with_two_step_a_password_alone_never_opens_a_session() {
        let member = Member { two_step: true, ..with_app() };
        for device in [None, Some(&device(None)), Some(&device(Some(NOW)))] {
            assert!(matches!(next(&member, Verdict::Allow, device), Next::Prove(..)));
        }
        let trusted = device(Some(NOW.plus(1)));
        assert_eq!(next(&member, Verdict::Allow, Some(&trusted)), Next::Open);
        assert!(matches!(next(&member, Verdict::Challenge, Some(&trusted)), Next::Prove(..)));
        let without = Member { two_step: true, ..shopper() };
        assert_eq!(next(&without, Verdict::Allow, None), Next::NothingToProveWith);
    }

    #[test]
    fn c8_a_restricted_account_lets_its_known_device_in_and_asks_a_new_one_for_a_strong_proof() {
        let restricted = standing(with_app(), State::Restricted);
        assert_eq!(next(&restricted, Verdict::Allow, Some(&device(None))), Next::Open);
        let by_app = Next::Prove(vec![Method::Totp], Counts::Before);
        assert_eq!(next(&restricted, Verdict::Allow, None), by_app);
        let weak = standing(with_phone(), State::Restricted);
        assert_eq!(next(&weak, Verdict::Allow, None), Next::NothingToProveWith);
    }

    #[test]
    fn c8_a_denial_holds_for_strangers_devices_alone() {
        assert_eq!(next(&with_app(), Verdict::Deny, None), Next::Refuse);
        let known = next(&with_app(), Verdict::Deny, Some(&device(None)));
        assert!(matches!(known, Next::Prove(..)), "the owner's own device is asked, not shut out");
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
            assert_eq!(after_passkey(&facts, Micros(0)), Next::Refuse);
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

    /// The member with an app and recovery codes that were added a minute ago.
    fn with_new_app(member: Member) -> Member {
        let since = NOW.plus(-crate::time::MINUTE);
        let mut app = with_app().authenticators;
        for app in &mut app {
            app.since = since;
        }
        let codes = RecoveryCodes { since, kept: String::new(), left: 3 };
        Member { authenticators: app, recovery_codes: Some(codes), ..member }
    }

    #[test]
    fn t16_a_doubted_sign_in_is_not_proven_by_a_factor_added_a_minute_ago() {
        let member = with_new_app(with_phone());
        let usual = next(&Member { two_step: true, ..member.clone() }, Verdict::Allow, None);
        assert!(
            matches!(&usual, Next::Prove(methods, Counts::All) if methods.first() == Some(&Method::Totp))
        );
        let by_phone = Next::Prove(vec![Method::Sms, Method::Voice], Counts::Before);
        assert_eq!(next(&member, Verdict::Challenge, None), by_phone);
        let restricted = standing(member, State::Restricted);
        assert_eq!(next(&restricted, Verdict::Allow, None), Next::NothingToProveWith);
    }

    #[test]
    fn t16_two_step_switched_on_of_late_and_doubted_wants_a_contact_from_before_as_well() {
        let member = Member { two_step: true, ..with_new_app(shopper()) };
        let Next::Prove(methods, Counts::AllThenBefore) = next(&member, Verdict::Challenge, None)
        else {
            unreachable!("both are asked")
        };
        assert_eq!(methods, [Method::Totp, Method::RecoveryCode]);
    }

    #[test]
    fn v4_who_came_back_with_nothing_but_a_new_contact_proves_by_it() {
        let mail = Contact { since: NOW, ..contact(ContactKind::Mail) };
        let back = Member { mails: vec![mail], two_step: false, ..Member::default() };
        let by_mail = Next::Prove(vec![Method::Mail], Counts::All);
        assert_eq!(next(&back, Verdict::Challenge, None), by_mail);
        let taken_off = (contact(ContactKind::Mail), NOW);
        let replaced = Member { former_contacts: vec![taken_off], ..back };
        let by_the_old = Next::Prove(vec![Method::Mail], Counts::Before);
        assert_eq!(next(&replaced, Verdict::Challenge, None), by_the_old);
    }

    #[test]
    fn t16_a_new_passkey_opens_a_usual_sign_in_and_no_doubted_one() {
        let member = shopper();
        let facts = |verdict| Facts {
            member: &member,
            verdict,
            device: None,
            offered: &Channel::ALL,
            takes_passkeys: true,
            now: NOW,
        };
        assert_eq!(after_passkey(&facts(Verdict::Allow), NOW), Next::Open);
        assert_eq!(after_passkey(&facts(Verdict::Challenge), Micros(0)), Next::Open);
        let by_mail = Next::Prove(vec![Method::Mail], Counts::Before);
        assert_eq!(after_passkey(&facts(Verdict::Challenge), NOW), by_mail);
    }
}
