use super::*;

const START: Micros = Micros(1_800_000_000_000_000);

fn session(proofs: &[Proof]) -> Session {
    Session::start(AccountKey(1), proofs, START)
}

#[test]
fn r46_a_session_of_six_minutes_must_sign_in_again() {
    let session = session(&[Proof::Password]);
    assert!(session.is_fresh(START.plus(5 * MINUTE)));
    assert!(!session.is_fresh(START.plus(6 * MINUTE)));
    assert!(!session.is_fresh(START.plus(-1)), "a proof from the future is no proof");
}

#[test]
fn a_weaker_proof_does_not_refresh_a_stronger_session() {
    let mut session = session(&[Proof::Password, Proof::Totp]);
    let later = START.plus(HOUR);
    session.prove(Proof::Mail, None, later);
    assert!(!session.is_fresh(later));
    session.prove(Proof::Password, None, later);
    assert!(!session.is_fresh(later), "one of two");
    session.prove(Proof::Totp, None, later);
    assert!(session.is_fresh(later));
    assert_eq!(session.authenticated_at(), later);
}

#[test]
fn amr_and_acr_say_what_was_proved_and_no_more() {
    use Proof::{Mail, Passkey, Password, RecoveryCode, Sms, Totp};
    let rows: [(&[Proof], &[&str], &str); 8] = [
        (&[Password], &["pwd"], "urn:sekisho:acr:single"),
        (&[Password, Totp], &["pwd", "otp", "mfa"], "urn:sekisho:acr:multi"),
        (&[Password, Sms], &["pwd", "sms", "mfa"], "urn:sekisho:acr:multi"),
        (&[Password, Mail], &["pwd", "otp"], "urn:sekisho:acr:single"),
        (&[Mail], &["otp"], "0"),
        (&[Totp, RecoveryCode], &["otp"], "urn:sekisho:acr:single"),
        (&[Passkey { is_synced: true }], &["swk", "user", "mfa"], "phr"),
        (&[Passkey { is_synced: false }], &["hwk", "user", "mfa"], "phr"),
    ];
    for (proofs, amr, acr) in rows {
        let session = session(proofs);
        assert_eq!((session.amr().as_slice(), session.strength().acr()), (amr, acr));
    }
}

#[test]
fn r57_a_session_ends_idle_overall_or_on_purpose() {
    let limits = Limits::STRICT;
    let mut session = session(&[Proof::Password]);
    assert_eq!(session.ended_at(limits, START.plus(HOUR - 1)), None);
    assert_eq!(session.ended_at(limits, START.plus(HOUR)), Some(Ended::Idle));
    session.touch(START.plus(DAY - 1));
    assert_eq!(session.ended_at(limits, START.plus(DAY)), Some(Ended::Overall));
    session.end(Ended::SignedOut);
    session.end(Ended::AccountLocked);
    assert_eq!(session.ended_at(limits, START), Some(Ended::SignedOut));
}

#[test]
fn t16_a_session_by_a_new_factor_stays_so_until_an_older_one_proves_it() {
    let mut session = session(&[Proof::Password]);
    session.prove(Proof::Totp, Some(START.plus(DAY)), START);
    assert!(session.is_by_new_factor(START));
    session.prove(Proof::Password, None, START);
    assert!(session.is_by_new_factor(START), "a password says nothing of it");
    assert!(!session.is_by_new_factor(START.plus(DAY)), "the factor has settled");
    session.prove(Proof::Sms, None, START);
    assert!(!session.is_by_new_factor(START), "an older one has spoken");
}
