//! The layouts that are known by name.

use csv::StringRecord;

use super::columns::plain;
use crate::day::DateOrder;
use crate::line::Layout;
use crate::money::Currency;

/// A table that is recognised by columns it must have.
pub(super) struct Known {
    pub(super) layout: Layout,
    /// All of these.
    has: &'static [&'static str],
    pub(super) dates: DateOrder,
    pub(super) purchases_negative: bool,
    pub(super) currency: Currency,
}

impl Known {
    const fn japanese(layout: Layout, has: &'static [&'static str]) -> Self {
        Self {
            layout,
            has,
            dates: DateOrder::Ymd,
            purchases_negative: false,
            currency: Currency::JPY,
        }
    }
}

/// The more particular first.
const KNOWN: &[Known] = &[
    Known::japanese(Layout::AmexJapan, &["ご利用日", "データ処理日", "ご利用内容", "金額"]),
    Known::japanese(Layout::PaypayCard, &["利用日/キャンセル日", "利用店名・商品名", "利用金額"]),
    Known::japanese(
        Layout::RakutenEnavi,
        &["利用日", "利用店名・商品名", "利用者", "支払方法", "利用金額"],
    ),
    Known::japanese(Layout::Paypay, &["取引日", "出金金額（円）", "入金金額（円）", "取引先"]),
    Known::japanese(Layout::Jcb, &["ご利用者", "ご利用日", "ご利用先など", "ご利用金額(￥)"]),
    Known::japanese(Layout::Vpass, &["ご利用日", "ご利用先など", "ご利用金額"]),
    Known::japanese(Layout::View, &["ご利用年月日", "ご利用箇所", "ご利用額", "払戻額"]),
    Known::japanese(Layout::Aeon, &["ご利用日", "利用者区分", "ご利用先", "ご利用金額"]),
    Known::japanese(Layout::Saison, &["利用日", "ご利用店名及び商品名", "利用金額"]),
    Known::japanese(Layout::Epos, &["ご利用年月日", "ご利用場所", "ご利用金額"]),
    Known {
        layout: Layout::Chase,
        has: &["Transaction Date", "Post Date", "Description", "Category", "Type", "Amount"],
        dates: DateOrder::Mdy,
        purchases_negative: true,
        currency: Currency::USD,
    },
];

/// The layout whose columns `header` has.
pub(super) fn of_header(header: &StringRecord) -> Option<&'static Known> {
    if header.len() < 3 {
        return None;
    }
    let folded: Vec<String> = header.iter().map(plain).collect();
    KNOWN.iter().find(|known| known.has.iter().all(|name| folded.contains(&plain(name))))
}
