use factors::passkey::{self, Backup, Passkey, Refused, Registration, Site};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::authenticator::Authenticator;

const HANDLE: Uuid = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
const ORIGIN: &str = "https://login.shop.example";

fn site() -> Site {
    Site::new("shop.example", &Url::parse(ORIGIN).unwrap(), "Shop").ok().unwrap()
}

fn options(of: &impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap()["publicKey"].take()
}

/// Through JSON, as the store keeps it.
fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(state: &T) -> T {
    serde_json::from_str(&serde_json::to_string(state).unwrap()).unwrap()
}

fn begin(existing: &[Passkey]) -> (Value, Registration) {
    let names = ("taro@shop.example", "山田 太郎");
    let (options_, state) = site().start_registration(HANDLE, names, existing).ok().unwrap();
    (options(&options_), stored(&state))
}

fn register(device: &Authenticator) -> Result<Passkey, Refused> {
    let (options, state) = begin(&[]);
    let answer = serde_json::from_value(device.create(&options)).unwrap();
    site().finish_registration(&answer, &state)
}

fn sign_in(device: &Authenticator, passkeys: &mut [Passkey]) -> Result<bool, Refused> {
    let (asked, state) = site().start_authentication(passkeys)?;
    let answer = serde_json::from_value(device.get(&options(&asked), HANDLE)).unwrap();
    site().finish_authentication(&answer, stored(&state), passkeys).map(|done| done.is_synced)
}

#[test]
fn a_registered_passkey_signs_in() {
    let device = Authenticator::new(ORIGIN);
    let passkey = register(&device).ok().unwrap();
    assert_eq!(passkey.credential_id(), device.id);
    let mut passkeys = [stored(&passkey)];
    assert_eq!(sign_in(&device, &mut passkeys), Ok(false));
    device.count(1);
    assert_eq!(sign_in(&device, &mut passkeys), Ok(false), "from 0 to 1");
}

#[test]
fn registration_asks_for_a_discoverable_verified_passkey_and_names_those_that_are_there() {
    let device = Authenticator::new(ORIGIN);
    let passkey = register(&device).ok().unwrap();
    let (options, _) = begin(&[passkey]);
    let wanted = &options["authenticatorSelection"];
    assert_eq!(wanted["residentKey"], "required");
    assert_eq!(wanted["requireResidentKey"], true);
    assert_eq!(wanted["userVerification"], "required");
    assert_eq!(options["excludeCredentials"][0]["id"], json!(device.id_text()));
    assert_eq!(options["rp"]["id"], "shop.example");
}

#[test]
fn a_passkey_found_by_the_browser_tells_whose_it_is() {
    let device = Authenticator::new(ORIGIN);
    let mut passkeys = [register(&device).ok().unwrap()];
    let (asked, state) = site().start_discoverable().ok().unwrap();
    assert_eq!(serde_json::to_value(&asked).unwrap()["mediation"], "conditional");
    let answer = serde_json::from_value(device.get(&options(&asked), HANDLE)).unwrap();
    let claimed = site().claimed(&answer).ok().unwrap();
    assert_eq!((claimed.handle, claimed.credential_id), (HANDLE, device.id.clone()));
    let done = site().finish_authentication(&answer, state, &mut passkeys);
    assert_eq!(done.map(|done| done.index), Ok(0));
}

#[test]
fn an_answer_is_good_for_its_own_challenge_alone() {
    let device = Authenticator::new(ORIGIN);
    let mut passkeys = [register(&device).ok().unwrap()];
    let (asked, _) = site().start_authentication(&passkeys).ok().unwrap();
    let answer = serde_json::from_value(device.get(&options(&asked), HANDLE)).unwrap();
    let (_, later) = site().start_authentication(&passkeys).ok().unwrap();
    let replayed = site().finish_authentication(&answer, later, &mut passkeys);
    assert_eq!(replayed, Err(Refused::Challenge));
}

#[test]
fn another_origin_or_rp_id_is_refused() {
    for origin in [
        "https://login.shop.example.evil.example",
        "http://login.shop.example",
        "https://login.shop.example:8443",
        "https://other.login.shop.example",
        "https://shop.example",
    ] {
        let device = Authenticator::new(ORIGIN);
        let mut passkeys = [register(&device).ok().unwrap()];
        let elsewhere = device.at(origin);
        assert_eq!(sign_in(&elsewhere, &mut passkeys), Err(Refused::Origin), "{origin}");
        assert_eq!(register(&elsewhere).err(), Some(Refused::Origin), "{origin}");
    }
    let mut device = Authenticator::new(ORIGIN);
    let mut passkeys = [register(&device).ok().unwrap()];
    device.rp_id = "evil.example".to_owned();
    assert_eq!(sign_in(&device, &mut passkeys), Err(Refused::Origin));
    let url = Url::parse("https://shop.example.evil.example").unwrap();
    assert_eq!(Site::new("shop.example", &url, "Shop").err(), Some(Refused::Site));
}

#[test]
fn without_user_verification_nothing_is_accepted() {
    let mut device = Authenticator::new(ORIGIN);
    let mut passkeys = [register(&device).ok().unwrap()];
    device.verifies = false;
    assert_eq!(sign_in(&device, &mut passkeys), Err(Refused::NotVerified));
    assert_eq!(register(&device).err(), Some(Refused::NotVerified));
}

#[test]
fn a_counter_that_does_not_rise_is_a_finding() {
    let device = Authenticator::new(ORIGIN);
    device.count(5);
    let mut passkeys = [register(&device).ok().unwrap()];
    device.count(7);
    assert_eq!(sign_in(&device, &mut passkeys), Ok(false));
    assert_eq!(sign_in(&device, &mut passkeys), Err(Refused::Cloned), "7 again");
    device.count(6);
    assert_eq!(sign_in(&device, &mut passkeys), Err(Refused::Cloned), "a copy");
    device.count(0);
    assert_eq!(sign_in(&device, &mut passkeys), Err(Refused::Cloned), "a copy that forgot");
    device.count(8);
    assert_eq!(sign_in(&device, &mut passkeys), Ok(false), "the refusals changed nothing");
}

#[test]
fn a_synced_passkey_is_known_as_such() {
    let mut device = Authenticator::new(ORIGIN);
    device.is_synced = true;
    let mut passkeys = [register(&device).ok().unwrap()];
    assert_eq!(passkeys[0].backup(), Backup::BackedUp);
    assert_eq!(sign_in(&device, &mut passkeys), Ok(true));
    let bound = register(&Authenticator::new(ORIGIN)).ok().unwrap();
    assert_eq!(bound.backup(), Backup::DeviceBound);
}

#[test]
fn another_key_under_the_same_id_and_a_strangers_id_are_refused() {
    let device = Authenticator::new(ORIGIN);
    let mut passkeys = [register(&device).ok().unwrap()];
    let mut forged = Authenticator::new(ORIGIN);
    assert_eq!(sign_in(&forged, &mut passkeys), Err(Refused::Unknown));
    forged.id.clone_from(&device.id);
    assert_eq!(sign_in(&forged, &mut passkeys), Err(Refused::Invalid));
}

#[test]
fn several_passkeys_work_side_by_side_up_to_the_limit() {
    let (phone, key) = (Authenticator::new(ORIGIN), Authenticator::new(ORIGIN));
    let mut passkeys = [register(&phone).ok().unwrap(), register(&key).ok().unwrap()];
    assert_eq!(sign_in(&phone, &mut passkeys), Ok(false));
    assert_eq!(sign_in(&key, &mut passkeys), Ok(false));
    let many = vec![passkeys[0].clone(); 20];
    let names = ("taro@shop.example", "太郎");
    assert!(site().start_registration(HANDLE, names, &many).err() == Some(Refused::Limit));
    assert!(matches!(site().start_authentication(&[]).err(), Some(Refused::Unknown)));
}

#[test]
fn a_name_is_one_line_that_stays_in_its_place() {
    let read = |typed: &str| passkey::name(typed).unwrap();
    assert_eq!(read("  私の\n\t電話\u{3000}１ "), "私の 電話 １");
    for kept in ["👩‍👩‍👧‍👦 family", "هاتفي", "Điện thoại", "क्षि", "1️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
    {
        assert_eq!(read(kept), kept);
    }
    assert_eq!(read("a\u{202e}b\u{2066}c\u{0}d\u{200b}"), "abcd", "nothing turns the line around");
    let tower = format!("Z{}y", "\u{334}".repeat(500));
    assert_eq!(read(&tower), "Z\u{334}\u{334}\u{334}y");
    assert_eq!(read(&"長".repeat(5_000)).chars().count(), passkey::NAME_CHARS_MAX);
    for nothing in ["", " \n ", "\u{200d}\u{200d}", "\u{202e}\u{feff}", "\u{301}"] {
        assert_eq!(passkey::name(nothing), None, "{nothing:?}");
    }
}
