//! What a session may do to a member, and what the owner can always do against it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::session::{self, Session};
use crate::time::SECOND;

/// The owner has been here for years.
const LONG_AGO: Micros = Micros(0);
const NOW: Micros = Micros(1_000 * DAY);

fn contact(kind: ContactKind, value: &str, since: Micros) -> Contact {
    Contact { kind, value: value.to_owned(), since }
}

fn passkey(id: u128) -> Passkey {
    Passkey { id, name: "鍵".to_owned(), credential: "c".to_owned(), since: NOW, last_used: None }
}

fn app(id: u128) -> Authenticator {
    Authenticator { id, name: "app".to_owned(), seed: "s".to_owned(), since: NOW, last_step: 0 }
}

fn codes(kept: &str) -> RecoveryCodes {
    RecoveryCodes { since: Micros(0), kept: kept.to_owned(), left: 10 }
}

fn password(hash: &str, since: Micros) -> Password {
    Password { hash: hash.to_owned(), since }
}

fn owner() -> Member {
    Member {
        account: "u-1001".to_owned(),
        mails: vec![contact(ContactKind::Mail, "hanako@example.jp", LONG_AGO)],
        phones: vec![contact(ContactKind::Phone, "+819012345678", LONG_AGO)],
        password: Some(password("old", LONG_AGO)),
        ..Member::default()
    }
}

fn by(proof: Proof, now: Micros) -> Acting {
    Acting { session: 1, proof, proven_at: now, by_new_factor: false }
}

fn new_mail(value: &str) -> Command {
    let contact = contact(ContactKind::Mail, value, NOW);
    Command::AddContact { contact, replaces: Some("hanako@example.jp".to_owned()) }
}

fn values(contacts: &[Contact]) -> Vec<&str> {
    contacts.iter().map(|contact| contact.value.as_str()).collect()
}

#[test]
fn r46_a_proof_older_than_five_minutes_changes_nothing() {
    let old = Acting { proven_at: NOW.plus(-PROOF_AGE_MAX - SECOND), ..by(Proof::Passkey, NOW) };
    let refused = owner().change(Command::AddPasskey(passkey(1)), &old, NOW).err();
    assert_eq!(refused, Some(Refused::ProveAgain));
    let fresh = Acting { proven_at: NOW.plus(-PROOF_AGE_MAX), ..old };
    assert!(owner().change(Command::AddPasskey(passkey(1)), &fresh, NOW).is_ok());
}

#[test]
fn what_a_session_may_change_follows_from_what_it_proved_and_when() {
    use session::Proof as Given;
    let acting = |given: &[Given], later: i64| {
        let session = Session::start(crate::keyed::AccountKey(1), given, NOW);
        Acting::of(9, &session, NOW.plus(later))
    };
    assert_eq!(acting(&[Given::Password], 0).proof, Proof::Password);
    assert_eq!(acting(&[Given::Password, Given::Mail], 0).proof, Proof::Code);
    assert_eq!(acting(&[Given::Password, Given::Totp], 0).proof, Proof::SecondFactor);
    assert_eq!(acting(&[Given::Passkey { is_synced: true }], 0).proof, Proof::Passkey);
    assert_eq!(acting(&[Given::Password], MINUTE).proven_at, NOW);
    let stale = acting(&[Given::Password], PROOF_AGE_MAX + SECOND);
    let refused = owner().change(Command::AddPasskey(passkey(1)), &stale, NOW.plus(PROOF_AGE_MAX));
    assert_eq!(refused.err(), Some(Refused::ProveAgain));
}

#[test]
fn r49_two_step_goes_on_only_with_a_factor_and_a_backup() {
    let enable = |member: &Member| {
        member.change(Command::EnableTwoStep, &by(Proof::Passkey, NOW), NOW).map(|done| done.member)
    };
    let no_phone = Member { phones: Vec::new(), ..owner() };
    assert_eq!(enable(&no_phone).err(), Some(Refused::NoSecondFactor));
    let phone_alone = owner();
    assert_eq!(enable(&phone_alone).err(), Some(Refused::NoBackup));
    let with_codes = Member { recovery_codes: Some(codes("c")), ..owner() };
    assert!(enable(&with_codes).unwrap().two_step);
    let two_kinds = Member { passkeys: vec![passkey(1)], ..owner() };
    assert!(enable(&two_kinds).unwrap().two_step);
    let none_left = RecoveryCodes { left: 0, ..codes("c") };
    let used_up = Member { recovery_codes: Some(none_left), ..owner() };
    assert_eq!(enable(&used_up).err(), Some(Refused::NoBackup));
}

#[test]
fn while_two_step_is_on_its_last_factor_stays_and_a_password_changes_nothing() {
    let member = Member { passkeys: vec![passkey(1)], two_step: true, ..owner() };
    let remove = |proof| {
        let command = Command::RemovePasskey(1);
        member.change(command, &by(proof, NOW), NOW).err()
    };
    assert_eq!(remove(Proof::Passkey), Some(Refused::TwoStepHangsOnIt));
    assert_eq!(remove(Proof::Password), Some(Refused::SecondStepMissing));
    let two = Member { authenticators: vec![app(2)], ..member.clone() };
    let done = two.change(Command::RemovePasskey(1), &by(Proof::SecondFactor, NOW), NOW).unwrap();
    assert!(done.member.passkeys.is_empty() && done.ends_other_sessions);
}

#[test]
fn r40_a_seller_does_not_switch_two_step_off() {
    let seller =
        Member { passkeys: vec![passkey(1)], two_step: true, two_step_required: true, ..owner() };
    let refused = seller.change(Command::DisableTwoStep, &by(Proof::Passkey, NOW), NOW).err();
    assert_eq!(refused, Some(Refused::TwoStepRequired));
}

#[test]
fn a_new_mail_by_a_password_alone_waits_a_day_and_can_be_stopped() {
    let asked = owner().change(new_mail("x@example.net"), &by(Proof::Password, NOW), NOW).unwrap();
    assert!(asked.member == owner(), "nothing is changed yet");
    assert_eq!(asked.telling.topic, Topic::ContactWaits);
    assert_eq!(values(&asked.telling.undo_to), ["hanako@example.jp", "+819012345678"]);
    assert!(values(&asked.telling.to).contains(&"x@example.net"));
    let later = NOW.plus(WEAK_CHANGE_WAITS);
    assert!(asked.change.take_effect(&owner(), later.plus(-SECOND)).is_none());
    let taken = asked.change.take_effect(&owner(), later).unwrap();
    assert_eq!(values(&taken.member.mails), ["x@example.net"]);
    let telling = taken.telling.unwrap();
    assert_eq!(telling.topic, Topic::MailChanged, "told again when it takes effect (X8)");
    assert_eq!(values(&telling.to), ["hanako@example.jp", "+819012345678", "x@example.net"]);
    assert_eq!(values(&telling.undo_to), ["hanako@example.jp", "+819012345678"]);
    assert!(matches!(taken.change.state, ChangeState::Done { .. }));

    let stopped = restore(&owner(), &[asked.change], 0, NOW.plus(HOUR)).unwrap();
    assert!(stopped.member == owner());
    assert!(stopped.changes[0].1.take_effect(&owner(), later).is_none());
}

#[test]
fn a_waiting_contact_does_not_undo_what_was_changed_meanwhile() {
    let asked = owner().change(new_mail("x@example.net"), &by(Proof::Password, NOW), NOW).unwrap();
    let strong = by(Proof::Passkey, NOW);
    let other = owner().change(new_mail("new@example.jp"), &strong, NOW).unwrap().member;
    let taken = asked.change.take_effect(&other, NOW.plus(DAY)).unwrap();
    assert!(taken.member == other && taken.telling.is_none());
    assert!(matches!(taken.change.state, ChangeState::Undone { .. }));
}

#[test]
fn x8_a_changed_mail_is_told_to_both_and_undone_for_seven_days() {
    let done = owner().change(new_mail("x@example.net"), &by(Proof::Code, NOW), NOW).unwrap();
    assert_eq!(done.telling.topic, Topic::MailChanged);
    assert!(values(&done.telling.to).contains(&"hanako@example.jp"));
    assert!(values(&done.telling.to).contains(&"x@example.net"));
    assert!(!values(&done.telling.undo_to).contains(&"x@example.net"));
    let changes = [done.change];
    let restored = restore(&done.member, &changes, 0, NOW.plus(UNDO_SPAN)).unwrap();
    assert_eq!(values(&restored.member.mails), ["hanako@example.jp"]);
    let late = restore(&done.member, &changes, 0, NOW.plus(UNDO_SPAN + SECOND)).err();
    assert_eq!(late, Some(Refused::TooLate));
    let twice = [restored.changes[0].1.clone()];
    assert_eq!(restore(&restored.member, &twice, 0, NOW).err(), Some(Refused::TooLate));
}

#[test]
fn r7_one_undo_puts_back_everything_since() {
    let strong = by(Proof::SecondFactor, NOW);
    let mail = owner().change(new_mail("x@example.net"), &strong, NOW).unwrap();
    let at = NOW.plus(MINUTE);
    let key = mail.member.change(Command::AddPasskey(passkey(9)), &strong, at).unwrap();
    let at = NOW.plus(2 * MINUTE);
    let new = Command::SetPassword(password("intruder's", at));
    let word = key.member.change(new, &strong, at).unwrap();
    let changes = [mail.change, key.change, word.change];
    let restored = restore(&word.member, &changes, 0, NOW.plus(HOUR)).unwrap();
    assert_eq!(restored.changes.len(), 3);
    assert!(restored.member.passkeys.is_empty());
    assert_eq!(values(&restored.member.mails), ["hanako@example.jp"]);
    assert!(restored.member.password.is_none(), "the old one may be what let the intruder in");
    assert_eq!(restored.member.former_passwords.len(), 1, "it still dates the takeover (R25)");
}

#[test]
fn the_last_contact_stays() {
    let one = Member { phones: Vec::new(), ..owner() };
    let command = Command::RemoveContact(ContactKind::Mail, "hanako@example.jp".to_owned());
    let refused = one.change(command, &by(Proof::Passkey, NOW), NOW).err();
    assert_eq!(refused, Some(Refused::LastContact));
}

#[test]
fn an_imported_contact_is_proven_by_its_code_and_by_nothing_else() {
    let said = contact(ContactKind::Mail, "hanako@example.jp", LONG_AGO);
    let imported = Member { unproven: vec![said.value.clone()], ..owner() };
    assert!(!imported.is_proven(&said) && imported.is_proven(&imported.phones[0]));
    let strong = by(Proof::SecondFactor, NOW);
    let replaced = imported.change(new_mail("new@example.jp"), &strong, NOW).unwrap().member;
    assert!(!replaced.is_proven(&said), "it may be put back, and is no more proven then");
    let command = Command::AddContact { contact: said.clone(), replaces: None };
    assert!(replaced.change(command, &strong, NOW).unwrap().member.is_proven(&said));
    assert!(imported.with_proven(&said.value).is_proven(&said));
}

#[test]
fn r25_replaced_passwords_are_kept_for_ninety_days_two_of_them() {
    let mut member = owner();
    for day in 1..=4 {
        let at = NOW.plus(day * DAY);
        let command = Command::SetPassword(password(&format!("{day}"), at));
        member = member.change(command, &by(Proof::Passkey, at), at).unwrap().member;
    }
    let kept: Vec<_> = member.former_passwords.iter().map(|(old, _)| old.hash.as_str()).collect();
    assert_eq!(kept, ["3", "2"]);
    let later = NOW.plus(4 * DAY + FORMER_PASSWORD_KEPT + SECOND);
    assert!(member.without_what_is_over(later).former_passwords.is_empty());
}

#[test]
fn a_device_is_known_by_its_cookie_and_the_oldest_is_forgotten() {
    let device = |hash: u64, at: Micros| Device {
        hash,
        name: "Firefox (Linux)".to_owned(),
        since: at,
        last_seen: at,
        trusted_until: None,
    };
    let mut member = owner();
    for hash in 0..=DEVICES_MAX as u64 {
        member = member.seen_on(device(hash, NOW.plus(hash.cast_signed() * MINUTE)));
    }
    assert_eq!(member.devices.len(), DEVICES_MAX);
    assert!(member.device(0).is_none() && member.device(1).is_some());
    let again = member.seen_on(device(1, NOW.plus(DAY)));
    assert_eq!(again.device(1).unwrap().since, NOW.plus(MINUTE));
    assert_eq!(again.device(1).unwrap().last_seen, NOW.plus(DAY));
}

/// A step by numbers, because commands hold what is never printed.
fn command_of((kind, n): (u8, u8)) -> Command {
    let intruders = contact(ContactKind::Mail, &format!("{n}@intruder.example"), NOW);
    let (id, owners) = (u128::from(n % 4), "hanako@example.jp".to_owned());
    match kind % 12 {
        0 => Command::AddContact { contact: intruders, replaces: Some(owners) },
        1 => Command::AddContact { contact: intruders, replaces: None },
        2 => Command::RemoveContact(ContactKind::Mail, owners),
        3 => Command::RemoveContact(ContactKind::Phone, "+819012345678".to_owned()),
        4 => Command::AddPasskey(passkey(id)),
        5 => Command::RemovePasskey(id),
        6 => Command::AddAuthenticator(app(id)),
        7 => Command::RemoveAuthenticator(id),
        8 => Command::SetRecoveryCodes(codes(&n.to_string())),
        9 => Command::SetPassword(password(&n.to_string(), NOW)),
        10 => Command::EnableTwoStep,
        _ => Command::DisableTwoStep,
    }
}

fn proofs() -> impl Strategy<Value = Proof> {
    let all = [Proof::Password, Proof::Code, Proof::SecondFactor, Proof::Passkey];
    prop::sample::select(all.to_vec())
}

#[test]
fn t16_what_an_intruder_has_just_added_proves_nothing_and_what_they_took_off_still_does() {
    let before = owner();
    let steps = [
        Command::AddAuthenticator(app(7)),
        Command::AddPasskey(passkey(8)),
        Command::SetRecoveryCodes(RecoveryCodes { since: NOW, ..codes("theirs") }),
        Command::RemoveContact(ContactKind::Phone, "+819012345678".to_owned()),
    ];
    let member = steps.into_iter().fold(before.clone(), |member, step| {
        member.change(step, &by(Proof::Passkey, NOW), NOW).unwrap().member
    });
    let settled = member.settled(NOW.plus(HOUR));
    assert!(settled.authenticators.is_empty() && settled.passkeys.is_empty());
    assert_eq!(settled.recovery_codes_left(), 0);
    assert_eq!(values(&settled.phones), values(&before.phones));
    let later = member.settled(NOW.plus(SETTLES));
    assert_eq!((later.authenticators.len(), later.passkeys.len()), (1, 1));
    assert_eq!(values(&later.phones), Vec::<&str>::new(), "a phone taken off in earnest is gone");
}

#[test]
fn an_imported_contact_nobody_vouched_for_proves_no_doubted_act_at_once() {
    let mail = contact(ContactKind::Mail, "hanako@example.jp", NOW);
    let vouched = Member { since: NOW, mails: vec![mail.clone()], ..Member::default() };
    assert_eq!(vouched.settled(NOW).mails.len(), 1, "as old as the account");
    let imported = Member { unproven: vec![mail.value], ..vouched };
    assert!(imported.settled(NOW).mails.is_empty());
    assert_eq!(imported.settled(NOW.plus(SETTLES)).mails.len(), 1);
}

proptest! {
    /// Whatever an intruder does within a week, with whatever proof, the contacts that the owner
    /// had are told of each step with the code to undo it, and one undo of the first step puts
    /// everything back.
    #[test]
    fn t16_the_owner_always_has_a_way_back(
        steps in prop::collection::vec((any::<(u8, u8)>(), proofs(), 0..30_i64), 1..24),
    ) {
        let before = Member { passkeys: vec![passkey(100)], ..owner() };
        let (mut member, mut changes, mut now) = (before.clone(), Vec::new(), NOW);
        for (step, proof, minutes) in steps {
            now = now.plus(minutes * MINUTE);
            let Ok(done) = member.change(command_of(step), &by(proof, now), now) else { continue };
            prop_assert!(values(&done.telling.undo_to).contains(&"hanako@example.jp"));
            prop_assert!(!values(&done.telling.undo_to).iter().any(|to| to.contains("intruder")));
            prop_assert!(done.member.contacts().next().is_some());
            let two_step = done.member.two_step;
            prop_assert!(!two_step || (done.member.second_factors() > 0 && done.member.has_backup()));
            member = done.member;
            changes.push(done.change);
        }
        if changes.is_empty() {
            return Ok(());
        }
        let restored = restore(&member, &changes, 0, now).unwrap().member;
        prop_assert!(restored.mails == before.mails && restored.phones == before.phones);
        prop_assert!(restored.passkeys == before.passkeys);
        prop_assert!(restored.authenticators == before.authenticators);
        prop_assert!(restored.recovery_codes == before.recovery_codes);
        prop_assert_eq!(restored.two_step, before.two_step);
        let word_changed = changes.iter().any(|change| change.field == Field::Password);
        prop_assert_eq!(restored.password.is_some(), !word_changed);
    }

    /// A password alone never brings in a contact at once.
    #[test]
    fn a_weak_session_never_changes_whom_we_reach_at_once(step: (u8, u8)) {
        let Ok(done) = owner().change(command_of(step), &by(Proof::Password, NOW), NOW) else { return Ok(()) };
        prop_assert!(!done.member.contacts().any(|contact| contact.value.contains("intruder")));
    }
}

#[test]
fn t16_a_contact_waits_where_the_session_hangs_on_a_factor_added_of_late() {
    let new = Acting { by_new_factor: true, ..by(Proof::Passkey, NOW) };
    let changed = owner().change(new_mail("intruder@example.jp"), &new, NOW).unwrap();
    assert!(changed.change.waits());
    let old = owner().change(new_mail("own@example.jp"), &by(Proof::Passkey, NOW), NOW).unwrap();
    assert!(!old.change.waits());
}
