use factors::mail_address::{self, MailAddress};
use factors::phone::Phone;
use proptest::prelude::*;

#[test]
fn a_japanese_mobile_is_read_in_every_writing() {
    let writings = [
        "09012345678",
        "090-1234-5678",
        "090 1234 5678",
        "０９０－１２３４－５６７８",
        "０９０ー１２３４ー５６７８",
        "(090)1234-5678",
        "（０９０）１２３４－５６７８",
        "+819012345678",
        "+81 90-1234-5678",
        "+81 (0)90-1234-5678",
        "+81 090 1234 5678",
        "0081 90 1234 5678",
        "010-81-90-1234-5678",
        "＋８１－９０－１２３４－５６７８",
        "090.1234.5678",
        "090−1234−5678",
        "\u{202a}090-1234-5678\u{202c}",
    ];
    for typed in writings {
        let phone = Phone::parse(typed).ok();
        assert_eq!(phone.as_ref().map(Phone::e164), Some("+819012345678"), "{typed}");
    }
}

#[test]
fn c6_texts_go_to_mobiles_only() {
    let rows = [
        ("070-1234-5678", true),
        ("080-1234-5678", true),
        ("090-1234-5678", true),
        ("050-3136-1234", false),
        ("03-1234-5678", false),
        ("0120-444-444", false),
        ("0990-504-123", false),
    ];
    for (typed, expected) in rows {
        let phone = Phone::parse(typed).ok();
        let read = phone.map(|phone| (phone.can_receive_sms(), phone.country().0));
        assert_eq!(read, Some((expected, *b"JP")), "{typed}");
    }
    assert_eq!(Phone::parse("+81 90 1234 5678").ok().unwrap().prefix(), "+81901234");
    assert_eq!(Phone::parse("+44 7400 123456").ok().unwrap().country().0, *b"GB");
}

#[test]
fn what_is_no_telephone_number_is_refused() {
    let long = "0".repeat(5_000);
    for typed in ["", "abc", "090-1234", "090-1234-5678-9999", "+", "110", &long, "090１２３４abcd"]
    {
        assert!(Phone::parse(typed).is_err(), "{typed}");
    }
}

#[test]
fn mail_addresses_are_read_and_compared() {
    let rows = [
        ("taro@shop.example", "taro@shop.example", "taro@shop.example"),
        (" Taro.Yamada@Shop.Example ", "Taro.Yamada@shop.example", "taro.yamada@shop.example"),
        ("ｔａｒｏ＠ｓｈｏｐ．ｅｘａｍｐｌｅ", "taro@shop.example", "taro@shop.example"),
        ("taro@日本語.example", "taro@xn--wgv71a119e.example", "taro@xn--wgv71a119e.example"),
        ("\"taro\"@shop.example", "taro@shop.example", "taro@shop.example"),
        ("\"a b\"@shop.example", "\"a b\"@shop.example", "\"a b\"@shop.example"),
        ("\"a@b\"@shop.example", "\"a@b\"@shop.example", "\"a@b\"@shop.example"),
        ("\"a\\\"b\"@shop.example", "\"a\\\"b\"@shop.example", "\"a\\\"b\"@shop.example"),
        ("a..b.@docomo.example", "a..b.@docomo.example", "a..b.@docomo.example"),
        ("太郎@shop.example", "太郎@shop.example", "太郎@shop.example"),
    ];
    for (typed, wire, key) in rows {
        let address = MailAddress::parse(typed).ok();
        let read = address.map(|address| (address.to_wire(), address.to_key()));
        assert_eq!(read, Some((wire.to_owned(), key.to_owned())), "{typed}");
    }
}

#[test]
fn what_is_no_mail_address_says_where() {
    use mail_address::Unreadable::{Domain, Local, NoAt, TooLong};
    let long = format!("{}@shop.example", "a".repeat(65));
    let rows = [
        ("taro", NoAt),
        ("@shop.example", Local),
        ("a b@shop.example", Local),
        ("a@b@shop.example", Local),
        ("\"a\nb\"@shop.example", Local),
        ("a\r\nBcc: b@shop.example", Local),
        (".a@shop.example", Local),
        ("a@", Domain),
        ("a@shop", Domain),
        ("a@shop_.example", Domain),
        ("a@192.0.2.1", Domain),
        ("a@[192.0.2.1]", Domain),
        ("a@-shop.example", Domain),
        ("a@shop..example", Domain),
        (&long, TooLong),
    ];
    for (typed, expected) in rows {
        assert_eq!(MailAddress::parse(typed).err(), Some(expected), "{typed:?}");
    }
}

proptest! {
    #[test]
    fn reading_what_was_written_changes_nothing(text in "\\PC{0,40}", local in "[!-~]{1,20}") {
        for typed in [text.clone(), format!("{local}@shop.example"), format!("\"{text}\"@a.example")] {
            if let Ok(address) = MailAddress::parse(&typed) {
                let again = MailAddress::parse(&address.to_wire()).ok().map(|one| one.to_wire());
                prop_assert_eq!(again, Some(address.to_wire()));
            }
        }
        if let Ok(phone) = Phone::parse(&text) {
            let again = Phone::parse(phone.e164()).ok().map(|one| one.e164().to_owned());
            prop_assert_eq!(again.as_deref(), Some(phone.e164()));
        }
    }
}
