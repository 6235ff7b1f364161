use factors::password::{
    Cost, Hasher, Password, Pepper, Rules, Strength, Unreadable, Verified, Weakness, readable,
};
use factors::secret::SecretKey;

use crate::dice;

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
const RIGHT: Result<Verified, Unreadable> = Ok(Verified::Right { needs_rehash: false });
const OLD: Result<Verified, Unreadable> = Ok(Verified::Right { needs_rehash: true });
const WRONG: Result<Verified, Unreadable> = Ok(Verified::Wrong);

fn password(text: &str) -> Password {
    Password::read(text.to_owned()).unwrap()
}

fn pepper(number: u8) -> Pepper {
    Pepper { number, key: SecretKey::new([number; 32]) }
}

fn hasher(cost: Cost, peppers: Vec<Pepper>) -> Hasher {
    Hasher::new(cost, peppers).unwrap()
}

#[test]
fn only_the_password_itself_is_right() {
    let hasher = hasher(CHEAP, vec![pepper(1)]);
    let kept = hasher.hash(&password("correct horse"), &dice(1)).unwrap();
    assert!(kept.starts_with("$argon2id$v=19$m=64,t=1,p=1,keyid="), "{kept}");
    assert_eq!(hasher.verify(&password("correct horse"), Some(&kept)), RIGHT);
    assert_eq!(hasher.verify(&password("correct horsf"), Some(&kept)), WRONG);
    assert_eq!(hasher.verify(&password("correct horse"), None), WRONG);
    let again = hasher.hash(&password("correct horse"), &dice(2)).unwrap();
    assert_ne!(kept, again, "salted");
}

#[test]
fn the_same_keys_give_the_same_password_on_every_keyboard() {
    let hasher = hasher(CHEAP, vec![]);
    let kept = hasher.hash(&password("パスワードはがき１２"), &dice(1)).unwrap();
    assert_eq!(hasher.verify(&password("ﾊﾟｽﾜｰﾄﾞはか\u{3099}き12"), Some(&kept)), RIGHT);
}

#[test]
fn t19_without_the_pepper_a_hash_is_useless_and_peppers_can_be_changed() {
    let first = hasher(CHEAP, vec![pepper(1)]);
    let kept = first.hash(&password("correct horse"), &dice(1)).unwrap();
    let without = hasher(CHEAP, vec![]);
    let verified = without.verify(&password("correct horse"), Some(&kept));
    assert_eq!(verified, Err(Unreadable::Pepper(1)));
    let wrong = Pepper { number: 1, key: SecretKey::new([7; 32]) };
    let verified = hasher(CHEAP, vec![wrong]).verify(&password("correct horse"), Some(&kept));
    assert_eq!(verified, WRONG);
    let changed = hasher(CHEAP, vec![pepper(2), pepper(1)]);
    assert_eq!(changed.verify(&password("correct horse"), Some(&kept)), OLD);
    let dearer = hasher(Cost { passes: 2, ..CHEAP }, vec![pepper(1)]);
    assert_eq!(dearer.verify(&password("correct horse"), Some(&kept)), OLD);
    assert!(Hasher::new(CHEAP, vec![pepper(1), pepper(1)]).is_err());
    assert!(Hasher::new(Cost { memory_kib: 1, ..CHEAP }, vec![]).is_err());
}

/// Made by Python's hashlib, the PHC string of the Argon2 reference program, and RFC 7914.
#[test]
fn hashes_brought_along_are_verified_and_then_replaced() {
    let hasher = hasher(CHEAP, vec![pepper(1)]);
    for (text, kept) in include!("brought_along.in") {
        assert_eq!(readable(kept), Ok(()), "{kept}");
        assert_eq!(hasher.verify(&password(text), Some(kept)), OLD, "{kept}");
        assert_eq!(hasher.verify(&password("another one"), Some(kept)), WRONG, "{kept}");
    }
}

#[test]
fn a_hash_that_would_cost_too_much_or_is_none_is_refused_at_import() {
    let (salt, hash) = ("c2FsdHNhbHRzYWx0", "AAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let rows = [
        (format!("$argon2id$v=19$m=4194304,t=1,p=1${salt}${hash}"), Unreadable::Cost),
        (format!("$argon2id$v=19$m=64,t=1000,p=1${salt}${hash}"), Unreadable::Cost),
        (format!("$pbkdf2-sha256$i=4000000000${salt}${hash}"), Unreadable::Cost),
        (format!("$pbkdf2-sha256$i=0${salt}${hash}"), Unreadable::Cost),
        (format!("$scrypt$ln=30,r=8,p=1${salt}${hash}"), Unreadable::Cost),
        (format!("$scrypt$ln=14,r=0,p=1${salt}${hash}"), Unreadable::Cost),
        (format!("$2b$31${}", "a".repeat(53)), Unreadable::Cost),
        (format!("$pbkdf2-sha256$i=1${salt}$AAAA"), Unreadable::Form),
        ("$argon2id$v=19$m=64,t=1,p=1".to_owned(), Unreadable::Form),
        (format!("$2b$10${}", "!".repeat(53)), Unreadable::Form),
        ("$md5$abc".to_owned(), Unreadable::Form),
        ("secret in the clear".to_owned(), Unreadable::Form),
        (String::new(), Unreadable::Form),
    ];
    for (kept, expected) in rows {
        assert_eq!(readable(&kept), Err(expected), "{kept}");
    }
}

#[test]
fn r41_length_and_blocklist_are_the_only_rules() {
    let is_breached = |text: &str| text == "correct horse battery";
    let context = ["Sekisho", "taro.yamada"];
    let rows: [(&str, Rules, Result<(), Weakness>); 9] = [
        ("aaaaaaa", Rules::WITH_SECOND_FACTOR, Err(Weakness::TooShort { chars_min: 8 })),
        ("かきくけこさしす", Rules::WITH_SECOND_FACTOR, Ok(())),
        ("14 characters!", Rules::ALONE, Err(Weakness::TooShort { chars_min: 15 })),
        ("only small letters", Rules::ALONE, Ok(())),
        ("correct horse battery", Rules::ALONE, Err(Weakness::Breached)),
        ("ｃｏｒｒｅｃｔ　horse battery", Rules::ALONE, Err(Weakness::Breached)),
        ("sekisho2026", Rules::WITH_SECOND_FACTOR, Err(Weakness::ContextWord)),
        ("SEKISHOsekisho1", Rules::ALONE, Err(Weakness::ContextWord)),
        ("sekisho has a long gate", Rules::ALONE, Ok(())),
    ];
    for (text, rules, expected) in rows {
        assert_eq!(rules.check(&password(text), &context, &is_breached), expected, "{text}");
    }
    let most = "🚪".repeat(256);
    assert_eq!(Rules::ALONE.check(&password(&most), &[], &is_breached), Ok(()));
    let more = Rules::ALONE.check(&password(&format!("{most}a")), &[], &is_breached);
    assert_eq!(more, Err(Weakness::TooLong { chars_max: 256 }));
    assert!(Password::read("a".repeat(5_000)).is_none());
}

#[test]
fn the_meter_tells_weak_from_strong_and_gives_codes() {
    let weak = Strength::of(&password("password"), &[]);
    assert_eq!((weak.score, weak.warning), (0, Some("top_10")));
    assert!(!weak.suggestions.is_empty());
    assert_eq!(Strength::of(&password("vgtw 3npx oqdz 81ml"), &[]).score, 4);
    assert!(Strength::of(&password("yamadataro"), &["yamadataro"]).score < 2);
}
