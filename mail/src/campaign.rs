//! Mails of one hand: what they have in common when a thousand customers get a thousand copies.
//!
//! The copies differ in names, numbers and the last part of their links. What stays is who they say
//! they are from, to whose hosts they lead, and most of the wording, which is compared by `MinHash`
//! (Broder 1997) in one permutation (Li, Owen and Zhang 2012): equal shares of equal places estimate
//! how much of the wording is shared.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::brands::Brands;
use crate::link::organisation;
use crate::read::Mail;

/// Places of a sketch: a likeness is right within about 0.06 (1/√64 halved at the middle).
const PLACES: usize = 64;
/// Characters of a shingle: short enough for Japanese, which has no spaces.
const SHINGLE: usize = 5;
/// Characters of the body that are looked at.
const TEXT_MAX: usize = 8_000;
/// Hosts kept of one mail, and characters of its subject.
const HOSTS_MAX: usize = 8;
const SUBJECT_MAX: usize = 120;
/// Characters of a domain name (RFC 1035).
const DOMAIN_MAX: usize = 253;
/// Wording shared by this much is one text.
const ALIKE: f64 = 0.6;
/// Wording shared by this much is one text where something else is shared too.
const AKIN: f64 = 0.25;

/// What a mail has in common with others of its hand. No word of its receiver is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// The organisational domain of the sender, as the mail says it; empty where it says none.
    pub sender: String,
    /// Its subject, digits as `#`.
    pub subject: String,
    /// Organisational domains that its links lead to, without those of brands, sorted.
    pub hosts: Vec<String>,
    /// The wording; 0 stands for nothing.
    pub sketch: Vec<u32>,
}

impl Traits {
    /// What `mail` has in common with others. Domains that belong to a brand say nothing of a hand:
    /// a forger links to the real help page too.
    pub fn of(mail: &Mail, brands: &Brands) -> Self {
        let owned = |host: &str| brands.all().iter().any(|brand| brand.owns(host));
        let others = |host: &str| !host.is_empty() && !owned(host);
        let hosts: BTreeSet<String> = mail
            .links
            .iter()
            .map(|link| organisation(&link.host).to_owned())
            .filter(|host| others(host))
            .collect();
        let sender = mail.organisation();
        Self {
            sender: Some(sender).filter(|sender| others(sender)).map(short).unwrap_or_default(),
            subject: plain(&mail.subject).take(SUBJECT_MAX).collect(),
            hosts: hosts.iter().take(HOSTS_MAX).map(|host| short(host)).collect(),
            sketch: sketch(&mail.body),
        }
    }

    /// Nothing by which it could be known again.
    pub fn is_empty(&self) -> bool {
        self.sender.is_empty() && self.hosts.is_empty() && self.sketch.iter().all(|one| *one == 0)
    }

    /// How much of the wording is shared, 0–1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let both =
            self.sketch.iter().zip(&other.sketch).filter(|(one, two)| **one != 0 || **two != 0);
        let (mut places, mut same) = (0_u32, 0_u32);
        for (one, two) in both {
            places += 1;
            same += u32::from(one == two);
        }
        if places == 0 { 0.0 } else { f64::from(same) / f64::from(places) }
    }

    /// Whether both are of one hand: the same text, or less of it with a host, the sender or the
    /// subject in common; two of those three without any.
    pub fn is_akin(&self, other: &Self) -> bool {
        let host = self.hosts.iter().any(|host| other.hosts.contains(host));
        let sender = !self.sender.is_empty() && self.sender == other.sender;
        let subject = !self.subject.is_empty() && self.subject == other.subject;
        let shared = u8::from(host) + u8::from(sender) + u8::from(subject);
        let likeness = self.likeness(other);
        likeness >= ALIKE || (shared >= 1 && likeness >= AKIN) || shared >= 2
    }
}

fn short(domain: &str) -> String {
    domain.chars().take(DOMAIN_MAX).collect()
}

/// Compatibility forms folded, digits as `#`, white space once.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut after_space = true;
    text.nfkc().flat_map(char::to_lowercase).filter_map(move |sign| {
        let sign = match sign {
            sign if sign.is_numeric() => '#',
            sign if sign.is_whitespace() || sign.is_control() => ' ',
            sign => sign,
        };
        let doubled = sign == ' ' && after_space;
        after_space = sign == ' ';
        (!doubled).then_some(sign)
    })
}

/// The least hash of the shingles that fall on each place.
fn sketch(body: &str) -> Vec<u32> {
    // A number of any length is one sign: copies carry amounts and order numbers of their own.
    let mut text: Vec<char> = plain(body).take(TEXT_MAX).collect();
    text.dedup_by(|one, before| *one == '#' && *before == '#');
    let mut least = vec![0_u32; PLACES];
    for shingle in text.windows(SHINGLE) {
        let bytes: String = shingle.iter().collect();
        let hash = blake3::hash(bytes.as_bytes());
        let Some([a, b, c, d, place, ..]) = hash.as_bytes().first_chunk::<8>() else { continue };
        let value = u32::from_le_bytes([*a, *b, *c, *d]).max(1);
        if let Some(kept) = least.get_mut(usize::from(*place) % PLACES) {
            *kept = if *kept == 0 { value } else { value.min(*kept) };
        }
    }
    least
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use proptest::prelude::*;

    fn traits(raw: &str) -> Traits {
        Traits::of(&Mail::read(raw.as_bytes()), &Brands::with(None).unwrap())
    }

    /// A made lure, as one customer gets it.
    fn lure(name: &str, number: u32, host: &str, from: &str) -> Traits {
        traits(&format!(
            "From: Amazon <{from}>\r\nSubject: =?utf-8?B?44GK5pSv5omV44GE?= {number}\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n\
             <p>{name} 様</p><p>お客様のお支払い方法が承認されませんでした。ご注文番号 {number} は保留中です。\
             24時間以内にお支払い方法を更新してください。更新されない場合、アカウントは停止されます。</p>\
             <a href=\"https://{host}/u/{number}\">お支払い方法を更新する</a>\
             <a href=\"https://www.amazon.co.jp/help\">ヘルプ</a>"
        ))
    }

    #[test]
    fn copies_of_one_lure_are_of_one_hand_whoever_gets_them() {
        let one = lure("山田花子", 250_123, "pay.evil.example", "info@evil.example");
        let two = lure("佐藤太郎", 7, "pay.evil.example", "info@evil.example");
        assert!(one.is_akin(&two), "{}", one.likeness(&two));
        assert_eq!(one.hosts, ["evil.example"], "a brand's own host says nothing");
        let moved = lure("鈴木", 99, "login.other.example", "x@third.example");
        assert!(one.is_akin(&moved), "the same words from elsewhere: {}", one.likeness(&moved));
        let kept = serde_json::to_string(&one).unwrap();
        assert!(!kept.contains("山田") && !kept.contains("250"), "nobody's name or number: {kept}");
    }

    #[test]
    fn other_mails_are_of_another_hand() {
        let lure = lure("山田", 1, "pay.evil.example", "info@evil.example");
        let parcel = traits(
            "From: x@parcel.example\r\nSubject: parcel\r\n\r\n\
             お荷物をお届けに上がりましたが不在のため持ち帰りました。下記よりご確認ください。\
             http://parcel-check.example/1",
        );
        assert!(!lure.is_akin(&parcel), "{}", lure.likeness(&parcel));
        assert!(traits("").is_empty());
        assert!(!traits("").is_akin(&traits("")), "two of nothing have nothing in common");
    }

    proptest! {
        #[test]
        fn a_likeness_is_a_share_and_the_same_both_ways(one in "\\PC{0,300}", two in "\\PC{0,300}") {
            let (one, two) = (sketch(&one), sketch(&two));
            let of = |sketch: Vec<u32>| Traits { sketch, ..Traits::default() };
            let (one, two) = (of(one), of(two));
            let likeness = one.likeness(&two);
            prop_assert!((0.0..=1.0).contains(&likeness));
            prop_assert!((likeness - two.likeness(&one)).abs() < f64::EPSILON);
            let itself = one.likeness(&one);
            prop_assert!(itself > 0.999 || one.is_empty());
        }
    }
}
