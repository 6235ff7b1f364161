//! What the shop sells, and what people buy.

use crate::dice::Dice;

/// Kind of goods, as in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Goods {
    Physical,
    Digital,
    GiftCard,
}

/// A shelf of the shop.
#[derive(Debug, PartialEq)]
pub struct Shelf {
    /// Category as the events name it.
    pub category: &'static str,
    /// Kind of goods.
    pub kind: Goods,
    /// Titles; a number is added to make many.
    pub titles: [&'static str; 3],
    /// Typical price, yen.
    pub price: f64,
    /// How often people like it, relative to others.
    pub weight: u32,
}

const fn shelf(
    category: &'static str,
    titles: [&'static str; 3],
    price: f64,
    weight: u32,
) -> Shelf {
    Shelf { category, kind: Goods::Physical, titles, price, weight }
}

/// Ordinary shelves.
pub static SHELVES: [Shelf; 10] = [
    shelf("food", ["新茶 煎茶", "有機 味噌", "讃岐うどん 詰合せ"], 2_400.0, 20),
    shelf("kitchen", ["土鍋", "包丁", "急須 常滑焼"], 4_200.0, 12),
    shelf("books", ["文庫本", "料理の本", "地図帳"], 1_300.0, 16),
    shelf("clothes", ["綿 シャツ", "手ぬぐい", "足袋ソックス"], 3_600.0, 14),
    shelf("garden", ["剪定ばさみ", "植木鉢", "花の種"], 2_100.0, 7),
    shelf("toys", ["木の積み木", "折り紙 セット", "けん玉"], 2_800.0, 8),
    shelf("stationery", ["万年筆", "和紙 便箋", "ノート"], 1_500.0, 10),
    shelf("outdoor", ["水筒", "寝袋", "ヘッドライト"], 6_800.0, 6),
    shelf("beauty", ["椿油", "石けん", "化粧水"], 2_900.0, 9),
    shelf("appliances", ["電気ケトル", "炊飯器", "掃除機"], 14_000.0, 5),
];

/// What is easily sold on.
pub static RESALE: [Shelf; 3] = [
    shelf("camera", ["ミラーレスカメラ", "交換レンズ", "アクションカメラ"], 128_000.0, 1),
    shelf("games", ["据置ゲーム機", "携帯ゲーム機", "コントローラー"], 49_800.0, 1),
    shelf("phones", ["スマートフォン 256GB", "ワイヤレスイヤホン", "腕時計型端末"], 98_000.0, 1),
];

/// Gift cards.
pub static GIFT_CARDS: Shelf = Shelf {
    category: "gift_cards",
    kind: Goods::GiftCard,
    titles: ["ギフトカード Eメール", "ギフトカード 印刷", "プリペイドコード"],
    price: 10_000.0,
    weight: 2,
};

/// One line of an order.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Line {
    sku: String,
    title: String,
    category: &'static str,
    /// Pieces.
    pub quantity: u32,
    /// Price of one, yen.
    pub unit_amount: i64,
    kind: Goods,
    #[serde(skip_serializing_if = "Option::is_none")]
    seller_id: Option<String>,
}

impl Shelf {
    /// A line from this shelf; `taste` scales the price.
    pub fn line(&self, taste: f64, quantity: u32, dice: &mut Dice) -> Line {
        let item = dice.below(60);
        let title = format!("{} {item}", dice.pick(&self.titles));
        let price = match self.kind {
            Goods::GiftCard => *dice.pick(&[3_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0]),
            Goods::Physical | Goods::Digital => {
                (self.price * taste * (dice.normal() * 0.45).exp() / 10.0).round().max(10.0) * 10.0
            }
        };
        #[expect(clippy::cast_possible_truncation, reason = "yen")]
        let unit_amount = price as i64;
        let seller_id = dice.chance(0.4).then(|| format!("sel-{}", dice.below(80)));
        let sku = format!("{}-{item:03}", self.category);
        let (category, kind) = (self.category, self.kind);
        Line { sku, title, category, quantity, unit_amount, kind, seller_id }
    }

    /// The shelf that people like as `weights` say.
    pub fn liked(dice: &mut Dice) -> &'static Self {
        let mut left = dice.below(SHELVES.iter().map(|shelf| u64::from(shelf.weight)).sum());
        for shelf in &SHELVES {
            match left.checked_sub(u64::from(shelf.weight)) {
                Some(less) => left = less,
                None => return shelf,
            }
        }
        dice.pick(&SHELVES)
    }
}

impl Line {
    /// A line with every part said.
    pub fn exactly(shelf: &Shelf, title: &str, unit_amount: i64, seller: Option<&str>) -> Self {
        Self {
            sku: format!("{}-900", shelf.category),
            title: title.to_owned(),
            category: shelf.category,
            quantity: 1,
            unit_amount,
            kind: shelf.kind,
            seller_id: seller.map(str::to_owned),
        }
    }
}
