//! What the shop sells, and who sells it.

use crate::words::Language;

/// Something on the shelf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goods {
    pub(crate) sku: &'static str,
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
    pub(crate) category: &'static str,
    /// `physical` or `gift_card`.
    pub(crate) kind: &'static str,
    /// Yen, with tax.
    pub(crate) price: i64,
    /// A seller of the marketplace; none where it is the shop's own.
    pub(crate) seller: Option<&'static str>,
}

impl Goods {
    pub(crate) const fn title(&self, language: Language) -> &'static str {
        match language {
            Language::Japanese => self.ja,
            Language::English => self.en,
        }
    }
}

const fn own(
    sku: &'static str,
    names: [&'static str; 2],
    category: &'static str,
    price: i64,
) -> Goods {
    let [ja, en] = names;
    Goods { sku, ja, en, category, kind: "physical", price, seller: None }
}

/// The shelf.
pub(crate) static SHELF: [Goods; 9] = [
    own("bk-101", ["文庫本「春の海」", "Paperback “Spring Sea”"], "books", 660),
    own("kt-210", ["南部鉄器の急須", "Cast-iron teapot"], "kitchen", 4_800),
    own("kt-233", ["コーヒー豆 500g", "Coffee beans, 500 g"], "kitchen", 2_160),
    own("gm-402", ["家庭用ゲーム機", "Game console"], "games", 48_000),
    own("pc-510", ["タブレット 11インチ", "Tablet, 11 inches"], "computers", 69_800),
    own(
        "au-620",
        ["ノイズキャンセリングヘッドホン", "Noise-cancelling headphones"],
        "audio",
        38_500,
    ),
    Goods {
        sku: "cm-900",
        ja: "ミラーレスカメラ 上位機",
        en: "Mirrorless camera, flagship",
        category: "cameras",
        kind: "physical",
        price: 420_000,
        seller: Some("sel-3"),
    },
    Goods {
        sku: "gf-005",
        ja: "ギフトカード 5,000円",
        en: "Gift card, ¥5,000",
        category: "gift_cards",
        kind: "gift_card",
        price: 5_000,
        seller: None,
    },
    Goods {
        sku: "gf-010",
        ja: "ギフトカード 10,000円",
        en: "Gift card, ¥10,000",
        category: "gift_cards",
        kind: "gift_card",
        price: 10_000,
        seller: None,
    },
];

pub(crate) fn find(sku: &str) -> Option<&'static Goods> {
    SHELF.iter().find(|goods| goods.sku == sku)
}
