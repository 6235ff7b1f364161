use domain::challenge::Binding;
use domain::keyed::AccountKey;
use domain::time::{Micros, SECOND};
use factors::recovery_code::RecoveryCodes;
use factors::secret::SecretKey;
use factors::totp::{Seed, Unusable};
use factors::{one_time_code, recovery_code};

use crate::dice;

fn key() -> SecretKey {
    SecretKey::new([9; 32])
}

fn binding() -> Binding {
    Binding { account: AccountKey(1), session: 2, action: [3; 32] }
}

#[test]
fn r42_a_code_is_right_for_its_account_session_and_act_alone() {
    for seed in 0..200 {
        let (code, kept) = one_time_code::draw(&key(), &binding(), &dice(seed));
        let is_right =
            |binding: &Binding| one_time_code::is_right(&key(), &kept, binding, code.expose());
        assert_eq!(code.expose().len(), 6);
        assert!(is_right(&binding()));
        assert!(!is_right(&Binding { account: AccountKey(9), ..binding() }));
        assert!(!is_right(&Binding { session: 9, ..binding() }));
        assert!(!is_right(&Binding { action: [9; 32], ..binding() }));
        assert!(!one_time_code::is_right(&key(), &kept, &binding(), "x"));
        let other_key = SecretKey::new([8; 32]);
        assert!(!one_time_code::is_right(&other_key, &kept, &binding(), code.expose()));
    }
}

#[test]
fn c5_leading_zeros_and_full_width_digits_are_fine() {
    let zeros = |out: &mut [u8]| out.fill(0);
    let (code, kept) = one_time_code::draw(&key(), &binding(), &zeros);
    assert_eq!(code.expose(), "000000");
    for typed in ["０００　０００", "000-000", " 000000 "] {
        assert!(one_time_code::is_right(&key(), &kept, &binding(), typed), "{typed}");
    }
    assert!(!one_time_code::is_right(&key(), &kept, &binding(), "0"));
    let line = one_time_code::bound_line("shop.example", &code);
    assert_eq!(line.expose(), "@shop.example #000000");
}

/// RFC 6238 Appendix B, SHA-1, the last six of eight digits.
#[test]
fn rfc_6238_vectors_are_accepted() {
    let seed = Seed::from_bytes(*b"12345678901234567890");
    let rows = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];
    for (seconds, code) in rows {
        let now = Micros(seconds * SECOND);
        let step = u64::try_from(seconds / 30).unwrap();
        assert_eq!(seed.accepts(code, None, now), Some(step), "{seconds}");
    }
}

#[test]
fn a_totp_code_counts_once_and_one_step_either_way() {
    let seed = Seed::from_bytes(*b"12345678901234567890");
    let at = |seconds: i64| Micros(seconds * SECOND);
    assert_eq!(seed.accepts("２８７ ０８２", None, at(59)), Some(1));
    assert_eq!(seed.accepts("287082", Some(1), at(59)), None, "replayed");
    assert_eq!(seed.accepts("287082", Some(0), at(89)), Some(1), "a step late");
    assert_eq!(seed.accepts("287082", None, at(0)), Some(1), "a step early");
    assert_eq!(seed.accepts("287082", None, at(90)), None, "two steps late");
    assert_eq!(seed.accepts("287082", None, at(-5)), None, "before the epoch");
}

#[test]
fn an_app_gets_a_url_and_a_picture() {
    let seed = Seed::draw(&dice(1));
    let url = seed.url("関所 Shop", "taro@shop.example").unwrap();
    let base32 = seed.to_base32();
    assert!(url.expose().starts_with("otpauth://totp/"), "{}", url.expose());
    assert!(url.expose().contains(&format!("secret={}", base32.expose())));
    assert!(url.expose().contains("issuer=%E9%96%A2%E6%89%80%20Shop"), "{}", url.expose());
    let svg = seed.qr_svg("関所 Shop", "taro@shop.example").unwrap();
    assert!(svg.expose().contains("<svg") && !svg.expose().contains(base32.expose()));
    assert!(seed.url("a:b", "taro").err() == Some(Unusable::Name));
    assert!(seed.url("a", "").err() == Some(Unusable::Name));
}

#[test]
fn a_recovery_code_is_spent_once_however_it_is_typed() {
    let account = AccountKey(1);
    let (codes, set) = RecoveryCodes::draw(&key(), account, &dice(1));
    assert_eq!((codes.len(), set.left()), (recovery_code::COUNT, recovery_code::COUNT));
    let code = codes[3].expose();
    assert_eq!(code.len(), 19, "four groups of four");
    let typed = code.to_lowercase().replace('-', "　").replace('0', "o").replace('1', "l");
    let rest = set.spend(&key(), account, &typed).unwrap();
    assert_eq!(rest.left(), recovery_code::COUNT - 1);
    assert!(rest.spend(&key(), account, code).is_none(), "one use");
    assert!(rest.spend(&key(), account, codes[4].expose()).is_some());
    assert!(set.spend(&key(), AccountKey(2), code).is_none(), "another account's");
    assert!(set.spend(&key(), account, "").is_none());
}
