//! The script: who they are, and what happens when. Times are Japan's.

use super::hand::Guise;
use crate::carrier::Move;

/// An owner, and the intruder in their account.
pub(super) struct Victim {
    pub(super) mail: &'static str,
    pub(super) phone: &'static str,
    pub(super) password: &'static str,
    pub(super) name: &'static str,
    /// A card number that providers set aside for tests.
    pub(super) card: &'static str,
    pub(super) place: (&'static str, &'static str),
    pub(super) owner: Guise,
    pub(super) intruder: Guise,
    /// The intruder's own mail and phone.
    pub(super) theirs: (&'static str, &'static str),
    /// Sekisho judges and nobody obeys.
    pub(super) unguarded: bool,
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 \
                      (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Chrome/148.0.0.0 Safari/537.36";

/// Hanako's store does not obey, Taro's does. Addresses are of 240.0.0.0/4, which is nobody's.
pub(super) static CAST: [Victim; 2] = [
    Victim {
        mail: "hanako@example.jp",
        phone: "+819012340001",
        password: "hanako no himitsu no kotoba",
        name: "山田 花子",
        card: "4242424242424242",
        place: ("1500001", "東京都渋谷区神宮前1-2-3"),
        owner: Guise { ip: "240.3.17.20", user_agent: SAFARI },
        intruder: Guise { ip: "241.162.126.23", user_agent: CHROME },
        theirs: ("h.yamada@example.net", "+819055550001"),
        unguarded: true,
    },
    Victim {
        mail: "taro@example.jp",
        phone: "+819012340002",
        password: "taro no himitsu no kotoba",
        name: "佐藤 太郎",
        card: "4111111111111111",
        place: ("5300001", "大阪府大阪市北区梅田4-5-6"),
        owner: Guise { ip: "240.18.5.77", user_agent: FIREFOX },
        intruder: Guise { ip: "241.170.3.9", user_agent: CHROME },
        theirs: ("t.sato@example.net", "+819055550002"),
        unguarded: false,
    },
];

/// What somebody does.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// The owner becomes a member, with a phone, an address and a card.
    Join,
    /// The owner signs in and buys.
    Shop(&'static str),
    /// The intruder signs in with the leaked password; a code they talk the owner into telling them.
    Enter,
    /// The owner's mail address makes way for the intruder's.
    ChangeMail,
    ChangePhone,
    /// The intruder's authenticator app goes on.
    AddApp,
    /// The vacant flat to which things go.
    AddAddress,
    /// The intruder buys with the stored card.
    Buy(&'static str),
    /// A gift code of this order of theirs is used up.
    Redeem(usize),
    /// Something happens to the parcel of this order of the account, counted from its first.
    Parcel(usize, Move),
}

impl What {
    /// Text key.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Join => "night-join",
            Self::Shop(_) => "night-shop",
            Self::Enter => "night-enter",
            Self::ChangeMail => "night-change-mail",
            Self::ChangePhone => "night-change-phone",
            Self::AddApp => "night-add-app",
            Self::AddAddress => "night-add-address",
            Self::Buy(_) => "night-buy",
            Self::Redeem(_) => "night-redeem",
            Self::Parcel(_, Move::Ship) => "night-ship",
            Self::Parcel(..) => "night-deliver",
        }
    }
}

/// The quiet months: one order each.
pub(super) static SPRING: [(&str, What); 16] = [
    ("2025-12-10T10:00:00+09:00", What::Join),
    ("2026-01-06T20:10:00+09:00", What::Shop("kt-233")),
    ("2026-01-07T09:00:00+09:00", What::Parcel(0, Move::Ship)),
    ("2026-01-08T13:30:00+09:00", What::Parcel(0, Move::Deliver)),
    ("2026-02-07T20:17:00+09:00", What::Shop("bk-101")),
    ("2026-02-08T09:00:00+09:00", What::Parcel(1, Move::Ship)),
    ("2026-02-09T13:30:00+09:00", What::Parcel(1, Move::Deliver)),
    ("2026-03-08T20:24:00+09:00", What::Shop("kt-210")),
    ("2026-03-09T09:00:00+09:00", What::Parcel(2, Move::Ship)),
    ("2026-03-10T13:30:00+09:00", What::Parcel(2, Move::Deliver)),
    ("2026-04-05T20:31:00+09:00", What::Shop("bk-101")),
    ("2026-04-06T09:00:00+09:00", What::Parcel(3, Move::Ship)),
    ("2026-04-07T13:30:00+09:00", What::Parcel(3, Move::Deliver)),
    ("2026-05-03T20:38:00+09:00", What::Shop("kt-233")),
    ("2026-05-04T09:00:00+09:00", What::Parcel(4, Move::Ship)),
    ("2026-05-05T13:30:00+09:00", What::Parcel(4, Move::Deliver)),
];

/// One small order, nine gift codes, four parcels of which one is a seller's for ¥420,000 (§6).
pub(super) static NIGHT: [(&str, What); 28] = [
    ("2026-06-03T20:50:00+09:00", What::Enter),
    ("2026-06-03T20:52:00+09:00", What::ChangeMail),
    ("2026-06-03T20:53:00+09:00", What::ChangePhone),
    ("2026-06-03T20:54:00+09:00", What::AddApp),
    ("2026-06-03T20:58:00+09:00", What::AddAddress),
    ("2026-06-03T21:00:00+09:00", What::Buy("bk-101")),
    ("2026-06-03T21:40:00+09:00", What::Buy("gf-005")),
    ("2026-06-03T21:43:00+09:00", What::Redeem(6)),
    ("2026-06-03T22:15:00+09:00", What::Buy("gf-010")),
    ("2026-06-03T22:18:00+09:00", What::Redeem(7)),
    ("2026-06-03T22:50:00+09:00", What::Buy("gf-010")),
    ("2026-06-03T22:54:00+09:00", What::Redeem(8)),
    ("2026-06-03T23:30:00+09:00", What::Buy("gf-010")),
    ("2026-06-03T23:33:00+09:00", What::Redeem(9)),
    ("2026-06-04T00:05:00+09:00", What::Buy("gf-010")),
    ("2026-06-04T00:09:00+09:00", What::Redeem(10)),
    ("2026-06-04T00:40:00+09:00", What::Buy("gf-005")),
    ("2026-06-04T01:20:00+09:00", What::Buy("gf-005")),
    ("2026-06-04T01:55:00+09:00", What::Buy("gf-010")),
    ("2026-06-04T02:30:00+09:00", What::Buy("gf-010")),
    ("2026-06-04T03:05:00+09:00", What::Buy("cm-900")),
    ("2026-06-04T03:40:00+09:00", What::Buy("gm-402")),
    ("2026-06-04T04:15:00+09:00", What::Buy("au-620")),
    ("2026-06-04T04:50:00+09:00", What::Buy("pc-510")),
    ("2026-06-04T08:00:00+09:00", What::Parcel(15, Move::Ship)),
    ("2026-06-04T08:05:00+09:00", What::Parcel(16, Move::Ship)),
    ("2026-06-04T14:30:00+09:00", What::Parcel(15, Move::Deliver)),
    ("2026-06-04T18:00:00+09:00", What::Parcel(17, Move::Ship)),
];

/// Half a day later the owner looks at their card statement.
pub(super) const NOTICED_AT: &str = "2026-06-05T09:00:00+09:00";
