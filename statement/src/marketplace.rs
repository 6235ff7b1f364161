//! Which lines of a statement are charges of the shop that is asked about.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::fold::fold;

/// A marketplace and how statements spell it.
#[derive(Debug, Deserialize)]
pub struct Marketplace {
    /// Short name, for `--merchant` and in reports.
    pub id: String,
    sites: Vec<String>,
    spellings: Vec<String>,
    except: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    marketplace: Vec<Marketplace>,
}

static KNOWN: LazyLock<Vec<Marketplace>> = LazyLock::new(|| {
    // A test of this file holds that it can be read.
    let file: Option<File> = toml::from_str(include_str!("../data/marketplaces.toml")).ok();
    let mut known = file.map(|file| file.marketplace).unwrap_or_default();
    for one in &mut known {
        for names in [&mut one.sites, &mut one.spellings, &mut one.except] {
            for name in names {
                *name = fold(name);
            }
        }
    }
    known
});

/// The marketplace that the site of an order export (`Amazon.co.jp`) belongs to.
pub fn of_site(site: &str) -> Option<&'static Marketplace> {
    let site = fold(site);
    KNOWN.iter().find(|one| one.sites.iter().any(|name| site.contains(name.as_str())))
}

/// The shops whose lines are judged.
#[derive(Debug, Clone, Default)]
pub struct Shops {
    known: Vec<&'static Marketplace>,
    named: Vec<String>,
}

impl Shops {
    /// The shops that `names` stand for: ids of marketplaces, or spellings on the statement. A name
    /// that folds to nothing is left out.
    pub fn named<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut shops = Self::default();
        for name in names {
            let folded = fold(name);
            match KNOWN.iter().find(|one| fold(&one.id) == folded) {
                Some(known) => shops.known.push(known),
                None if !folded.is_empty() => shops.named.push(folded),
                None => {}
            }
        }
        shops
    }

    /// Every known marketplace.
    pub fn every() -> Self {
        Self { known: KNOWN.iter().collect(), named: Vec::new() }
    }

    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.named.is_empty()
    }

    /// Whether a line of this folded name is theirs.
    pub fn have(&self, folded: &str) -> bool {
        let holds = |names: &[String]| names.iter().any(|name| folded.contains(name.as_str()));
        self.known.iter().any(|one| holds(&one.spellings) && !holds(&one.except))
            || holds(&self.named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_can_be_read_and_every_spelling_is_long_enough_to_mean_something() {
        assert!(KNOWN.len() >= 10);
        for one in KNOWN.iter() {
            for name in &one.spellings {
                assert!(name.chars().count() >= 3, "{} of {}", name, one.id);
            }
            assert!(!one.sites.is_empty() && one.sites.iter().all(|site| site.len() >= 4));
        }
    }

    #[test]
    fn charges_of_a_marketplace_are_told_from_its_namesakes() {
        let amazon = Shops::named(["Amazon"].into_iter());
        let names = [
            "ＶＩＳＡ国内利用　VS ｱﾏｿﾞﾝ ｼﾞｴ-ﾋﾟ-",
            "AMAZON.CO.JP*M12AB3CD4",
            "アマゾン　ＪＰ　マーケットプレイス",
            "AMZN MKTP US",
        ];
        for name in names {
            assert!(amazon.have(&fold(name)), "{name}");
        }
        for name in ["Amazon Web Services", "ラクテンイチバ", "コンビニ"] {
            assert!(!amazon.have(&fold(name)), "{name}");
        }
        assert!(Shops::every().have(&fold("楽天市場")));
        assert!(Shops::named(["関所ストア"].into_iter()).have(&fold("VS 関所ストア　東京")));
        assert!(Shops::named(["　"].into_iter()).is_empty());
    }

    #[test]
    fn the_site_of_an_export_names_its_marketplace() {
        assert_eq!(of_site("Amazon.co.jp").map(|one| one.id.as_str()), Some("amazon"));
        assert!(of_site("example.jp").is_none());
    }
}
