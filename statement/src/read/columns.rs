//! Which column is which: by what the caller said, else by its name.

use std::str::FromStr;

use csv::StringRecord;

use super::Unreadable;
use crate::day::DateOrder;
use crate::fold::fold;
use crate::limits::CELLS_MAX;

/// What a column of a statement or of orders holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// The day of use, or of the order.
    Date,
    Posted,
    Merchant,
    Amount,
    /// Money that left, where two columns tell the direction.
    Out,
    /// Money that came back.
    In,
    Foreign,
    Currency,
    Account,
    /// A mark of reversal.
    Reversed,
    Memo,
    Id,
    Shipped,
    Status,
    Payment,
    Site,
    NotMine,
}

/// Names of roles in `--columns`.
const ROLES: &[(&str, Role)] = &[
    ("date", Role::Date),
    ("posted", Role::Posted),
    ("merchant", Role::Merchant),
    ("amount", Role::Amount),
    ("out", Role::Out),
    ("in", Role::In),
    ("foreign", Role::Foreign),
    ("currency", Role::Currency),
    ("account", Role::Account),
    ("memo", Role::Memo),
    ("id", Role::Id),
    ("shipped", Role::Shipped),
    ("status", Role::Status),
    ("payment", Role::Payment),
    ("site", Role::Site),
    ("not_mine", Role::NotMine),
];

/// What the caller said of columns: `date=利用日,merchant=店名,amount=3`. Values are names or
/// 1-based numbers. Besides, `purchases=negative` (or `positive`) says which sign a charge has, and
/// `dates=mdy` (or `dmy`, `ymd`) in which order dates stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    said: Vec<(Role, String)>,
    pub(super) purchases_negative: Option<bool>,
    pub(super) dates: Option<DateOrder>,
}

/// What makes no sense in a `--columns`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{part}: expected date=…, posted, merchant, amount, out, in, foreign, currency, account, memo, id, shipped, status, payment, site or not_mine with a column's name or number, purchases=negative|positive, dates=ymd|mdy|dmy"
)]
pub struct BadColumns {
    part: String,
}

impl FromStr for Columns {
    type Err = BadColumns;

    fn from_str(text: &str) -> Result<Self, BadColumns> {
        let mut columns = Self::default();
        for part in text.split(',').map(str::trim) {
            columns.hear(part).ok_or_else(|| BadColumns { part: part.to_owned() })?;
        }
        Ok(columns)
    }
}

impl Columns {
    fn hear(&mut self, part: &str) -> Option<()> {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        match (name, value) {
            ("purchases", "negative") => self.purchases_negative = Some(true),
            ("purchases", "positive") => self.purchases_negative = Some(false),
            ("dates", "ymd") => self.dates = Some(DateOrder::Ymd),
            ("dates", "mdy") => self.dates = Some(DateOrder::Mdy),
            ("dates", "dmy") => self.dates = Some(DateOrder::Dmy),
            (_, "") => return None,
            _ => {
                let (_, role) = ROLES.iter().find(|(known, _)| *known == name)?;
                self.said.push((*role, value.to_owned()));
            }
        }
        Some(())
    }

    /// Whether any column was named.
    pub(super) fn name_any(&self) -> bool {
        !self.said.is_empty()
    }

    /// Whether one of the columns said stands in `header` by name.
    pub(super) fn are_named_in(&self, header: &StringRecord) -> bool {
        self.said.iter().any(|(_, which)| by_name(header, which).is_some())
    }

    /// The places of the columns said, in a table with this header or this many columns.
    pub(super) fn place(
        &self,
        header: Option<&StringRecord>,
        count: usize,
    ) -> Result<Places, Unreadable> {
        let mut places = Places::default();
        for (role, which) in &self.said {
            let number =
                which.parse().ok().filter(|number| (1..=count.min(CELLS_MAX)).contains(number));
            let found = header
                .and_then(|header| by_name(header, which))
                .or(number.map(|number: usize| number - 1));
            let column = found.ok_or_else(|| Unreadable::NoSuchColumn {
                column: which.clone(),
                columns: header.map_or_else(|| vec![format!("{count} without names")], names_of),
            })?;
            places.set(*role, column);
        }
        Ok(places)
    }
}

/// Where the columns are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<(Role, usize)>);

impl Places {
    /// The places of the columns with usual names.
    pub(super) fn by_usual_names(header: &StringRecord, names: &[(Role, &[&str])]) -> Self {
        let folded: Vec<String> = header.iter().map(plain).collect();
        let mut places = Self::default();
        for (role, usual) in names {
            let found = usual.iter().find_map(|name| {
                let name = plain(name);
                folded.iter().position(|cell| *cell == name)
            });
            if let Some(column) =
                found.filter(|column| !places.0.iter().any(|(_, taken)| taken == column))
            {
                places.set(*role, column);
            }
        }
        places
    }

    /// The place of `role`.
    pub(super) fn of(&self, role: Role) -> Option<usize> {
        self.0.iter().find(|(known, _)| *known == role).map(|(_, column)| *column)
    }

    pub(super) fn set(&mut self, role: Role, column: usize) {
        self.0.retain(|(known, _)| *known != role);
        self.0.push((role, column));
    }

    /// These, with `over` winning.
    pub(super) fn overlaid(mut self, over: Self) -> Self {
        for (role, column) in over.0 {
            self.set(role, column);
        }
        self
    }

    /// Whether a line can be read: a day, a name, an amount.
    pub(super) fn suffice(&self) -> bool {
        (self.of(Role::Date).is_some() || self.of(Role::Posted).is_some())
            && self.of(Role::Merchant).is_some()
            && (self.of(Role::Amount).is_some() || self.of(Role::Out).is_some())
    }

    /// In the words of [`Columns`], by name where there is one that can be said there.
    pub(super) fn said(&self, header: Option<&StringRecord>) -> String {
        let words = ROLES.iter().filter_map(|(word, role)| {
            let column = self.of(*role)?;
            let name = header
                .and_then(|header| header.get(column))
                .map(|name| name.trim().trim_start_matches('\u{feff}'));
            let sayable = name.filter(|name| {
                !name.is_empty()
                    && !name
                        .contains(|letter: char| matches!(letter, ',' | '=') || letter.is_control())
            });
            Some(
                sayable.map_or_else(
                    || format!("{word}={}", column + 1),
                    |name| format!("{word}={name}"),
                ),
            )
        });
        words.collect::<Vec<_>>().join(",")
    }
}

/// The names of a header, for a complaint.
pub(super) fn names_of(header: &StringRecord) -> Vec<String> {
    let shown = |name: &str| crate::fold::shown(name).chars().take(60).collect();
    header.iter().take(60).map(shown).collect()
}

fn by_name(header: &StringRecord, name: &str) -> Option<usize> {
    let name = plain(name);
    header.iter().position(|cell| !name.is_empty() && plain(cell) == name)
}

/// A column's name as it is compared.
pub(super) fn plain(name: &str) -> String {
    let open = name.find(['(', '（']).unwrap_or(name.len());
    let outside = name.get(..open).filter(|outside| !outside.trim().is_empty()).unwrap_or(name);
    let folded = fold(outside);
    folded.strip_prefix(['ゴ', 'オ']).map(str::to_owned).unwrap_or(folded)
}

#[cfg(test)]
mod tests {
    use super::super::names::STATEMENT_NAMES;
    use super::*;

    #[test]
    fn columns_are_said_and_heard_in_the_same_words() {
        let header = StringRecord::from(vec!["日", "店,の名", "額"]);
        let said: Columns =
            "date=日,merchant=2,amount=額,purchases=negative,dates=mdy".parse().unwrap_or_default();
        let places = said.place(Some(&header), 3).unwrap_or_default();
        assert_eq!(places.said(Some(&header)), "date=日,merchant=2,amount=額");
        assert_eq!(places.said(None), "date=1,merchant=2,amount=3");
        assert_eq!((said.purchases_negative, said.dates), (Some(true), Some(DateOrder::Mdy)));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for bad in ["", "date", "day=1", "date=", "purchases=maybe"] {
            assert!(bad.parse::<Columns>().is_err(), "{bad}");
        }
        let said: Columns = "date=9".parse().unwrap_or_default();
        assert!(
            said.place(None, 3).is_err_and(|error| error.to_string().contains("\u{201c}9\u{201d}"))
        );
    }

    #[test]
    fn honorifics_brackets_and_widths_do_not_hide_a_column() {
        let header = StringRecord::from(vec![
            "ご利用日",
            "ｺﾞ利用金額（￥）",
            "お支払い金額(￥)",
            "ご利用先など",
        ]);
        let places = Places::by_usual_names(&header, STATEMENT_NAMES);
        assert_eq!(
            (places.of(Role::Date), places.of(Role::Amount), places.of(Role::Merchant)),
            (Some(0), Some(1), Some(3))
        );
    }
}
