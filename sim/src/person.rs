//! A customer: everything about them follows from the seed and their number, so that ten million
//! of them take no memory.

use std::net::IpAddr;

use crate::device::Device;
use crate::dice::{Dice, mix};
use crate::network::{self, Kind, Network};
use crate::shop::Shelf;

/// A person with an account.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "habits, independent of one another")]
pub struct Person {
    seed: u64,
    /// Number of the account, from 0.
    pub number: u64,
    /// Also sells.
    pub seller: bool,
    /// Buys for a firm, in bulk.
    pub business: bool,
    /// Uses a VPN on the computer.
    pub vpn: bool,
    /// Signs in with a passkey.
    pub passkey: bool,
    /// Works on the computer, rather than the phone, this share of the time.
    pub computer_share: f64,
    /// Scales what they spend.
    pub taste: f64,
    /// Shelves they buy from.
    pub likes: [&'static Shelf; 3],
    /// Days before the simulation that the account was opened.
    pub age_days: u32,
}

/// Things that happen to people once in a while; each on a day of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// A new phone.
    NewPhone,
    /// A new home, with a new line.
    Move,
    /// A new password.
    Password,
    /// A new mail address.
    Email,
    /// A new telephone number.
    Phone,
    /// A journey abroad.
    Trip,
    /// A new card.
    Card,
    /// Cookies deleted.
    Cookies,
}

impl Turn {
    /// Days between two such things, for one person; primes, so that they do not march in step.
    pub const fn every_days(self) -> u64 {
        match self {
            Self::NewPhone => 701,
            Self::Move => 1_499,
            Self::Password => 367,
            Self::Email => 1_103,
            Self::Phone => 1_301,
            Self::Trip => 251,
            Self::Card => 521,
            Self::Cookies => 127,
        }
    }

    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::NewPhone,
        Self::Move,
        Self::Password,
        Self::Email,
        Self::Phone,
        Self::Trip,
        Self::Card,
        Self::Cookies,
    ];

    const fn shift(self) -> u64 {
        self.every_days() / 3 + self as u64 * 11
    }

    /// Numbers of the accounts to which it happens on `day`, below `accounts`.
    pub fn on_day(self, day: u32, accounts: u64) -> impl Iterator<Item = u64> {
        let every = self.every_days();
        let first = (u64::from(day) + self.shift()) % every;
        (0..).map(move |round| first + round * every).take_while(move |n| *n < accounts)
    }

    /// How often it has happened to `number` by the end of `day`.
    pub fn times(self, number: u64, day: u32) -> u64 {
        let every = self.every_days();
        // number ≡ day + shift (mod every)
        let first = (number % every + every - self.shift() % every) % every;
        u64::from(day).checked_sub(first).map_or(0, |since| since / every + 1)
    }

    /// Days since it last happened to `number`, if it has.
    pub fn days_since(self, number: u64, day: u32) -> Option<u64> {
        let every = self.every_days();
        let first = (number % every + every - self.shift() % every) % every;
        u64::from(day).checked_sub(first).map(|since| since % every)
    }
}

impl Person {
    /// Person number `number` of the world of `seed`.
    pub fn of(seed: u64, number: u64) -> Self {
        let mut dice = Dice::of(seed, &[number, 0x9e]);
        Self {
            seed,
            number,
            seller: dice.chance(0.02),
            business: dice.chance(0.01),
            vpn: dice.chance(0.03),
            passkey: dice.chance(0.08),
            computer_share: if dice.chance(0.35) { 0.0 } else { dice.share() },
            taste: (dice.normal() * 0.4).exp(),
            likes: [Shelf::liked(&mut dice), Shelf::liked(&mut dice), Shelf::liked(&mut dice)],
            age_days: u32::try_from(30 + dice.below(1_500)).unwrap_or(30),
        }
    }

    /// A key for something of theirs.
    pub fn key(&self, of: u64, version: u64) -> u64 {
        mix(self.seed, &[self.number, of, version])
    }

    /// The account's id.
    pub fn id(&self) -> String {
        format!("u-{}", self.number)
    }

    /// Mail address on `day`.
    pub fn email(&self, day: u32) -> String {
        email(self.key(1, Turn::Email.times(self.number, day)))
    }

    /// Telephone number on `day`; in a range that is not given out.
    pub fn phone_number(&self, day: u32) -> String {
        phone_number(self.key(2, Turn::Phone.times(self.number, day)))
    }

    /// The store's keyed hash of the password on `day`.
    pub fn secret(&self, day: u32) -> u64 {
        self.key(3, Turn::Password.times(self.number, day))
    }

    /// The phone on `day`.
    pub fn phone(&self, day: u32) -> Device {
        Device::phone(self.key(4, Turn::NewPhone.times(self.number, day)))
    }

    /// The computer on `day`.
    pub fn computer(&self, day: u32) -> Device {
        let computer = Device::computer(self.key(5, 0));
        match (computer.token, Turn::Cookies.times(self.number, day)) {
            (Some(_), times @ 1..) => computer.with_fresh_token(self.key(6, times)),
            _ => computer,
        }
    }

    /// Network and town of the home on `day`.
    pub fn home(&self, day: u32) -> (&'static Network, u32) {
        let mut dice = Dice::of(self.key(7, Turn::Move.times(self.number, day)), &[]);
        let network = network::draw(Kind::Fixed, "JP", &mut dice);
        (network, u32::try_from(dice.below(u64::from(network::TOWNS))).unwrap_or_default())
    }

    /// Address of the home line on `day`: a new one now and then.
    #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
    pub fn home_address(&self, day: u32) -> IpAddr {
        let (network, town) = self.home(day);
        let lease = u64::from(day + self.age_days) / (20 + self.key(8, 0) % 60);
        network.address(town, self.key(9, lease) as u32)
    }

    /// The phone's address in one session.
    pub fn mobile_address(&self, dice: &mut Dice) -> IpAddr {
        let mut own = Dice::of(self.key(10, 0), &[]);
        network::draw(Kind::Mobile, "JP", &mut own).any_address(dice)
    }

    /// The address at work; `None` for those who do not shop there.
    #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
    pub fn office_address(&self) -> Option<IpAddr> {
        let mut own = Dice::of(self.key(11, 0), &[]);
        let works = own.chance(0.25);
        let network = network::draw(Kind::Office, "JP", &mut own);
        works.then(|| network.address(own.bits() as u32, own.bits() as u32))
    }

    /// Where they are on holiday, if they are.
    pub fn abroad(&self, day: u32) -> Option<&'static Network> {
        let away = Turn::Trip.days_since(self.number, day)? < 4 + self.key(12, 0) % 5;
        let mut own = Dice::of(self.key(13, Turn::Trip.times(self.number, day)), &[]);
        away.then(|| network::holiday(&mut own))
    }

    /// Key of the address they live at.
    pub fn address(&self, day: u32) -> u64 {
        self.key(14, Turn::Move.times(self.number, day))
    }

    /// Key of one of the few they send gifts to.
    pub fn gift_address(&self, dice: &mut Dice) -> u64 {
        self.key(15, dice.below(6))
    }

    /// Key of the card on `day`.
    pub fn card(&self, day: u32) -> u64 {
        self.key(16, Turn::Card.times(self.number, day))
    }

    /// Whether a card is stored, as most do.
    pub fn stores_card(&self) -> bool {
        self.key(17, 0) % 10 < 7
    }

    /// Key of the session that stays open on one device for a month or so.
    pub fn open_session(&self, day: u32) -> u64 {
        self.key(18, u64::from(day) / 30)
    }

    /// Key of the bank account for payouts.
    pub fn bank(&self) -> u64 {
        self.key(19, 0)
    }
}

/// A mail address; the domains are for documentation (RFC 2606, RFC 6761).
pub fn email(key: u64) -> String {
    let domain = ["mail.example", "post.example.jp", "tayori.example", "example.net"];
    let domain =
        domain.get(usize::try_from(key % 4).unwrap_or_default()).unwrap_or(&"mail.example");
    format!("c{:x}@{domain}", key >> 20)
}

/// A telephone number in a range that is not given out.
pub fn phone_number(key: u64) -> String {
    format!("+81900{:08}", key % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_on_a_day_has_happened_to_those_people_once_more() {
        for turn in Turn::ALL {
            for day in [0, 1, 40, 800] {
                for number in turn.on_day(day, 5_000) {
                    assert_eq!(turn.days_since(number, day), Some(0), "{turn:?} {day} {number}");
                    let before = day.checked_sub(1).map_or(0, |day| turn.times(number, day));
                    assert_eq!(turn.times(number, day), before + 1, "{turn:?} {day} {number}");
                }
            }
        }
    }

    #[test]
    fn a_person_is_the_same_each_time() {
        let (one, other) = (Person::of(3, 42), Person::of(3, 42));
        assert_eq!(one.home_address(5), other.home_address(5));
        assert_eq!(one.email(5), other.email(5));
        assert_ne!(one.email(5), Person::of(4, 42).email(5));
    }
}
