//! What a mail wants: phrases of known pretexts, in files that a translator can edit.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::fold::fold;

const FILE: &str = include_str!("../data/pretexts.toml");

/// The pretexts, in the order of [`Wants::hits`].
pub(crate) const PRETEXTS: [&str; 7] =
    ["account", "payment", "parcel", "prize", "urgency", "greeting", "press"];

/// How many phrases of each pretext stand in a mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wants {
    pub(crate) hits: [usize; PRETEXTS.len()],
}

struct Phrases {
    finder: AhoCorasick,
    of: Vec<usize>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    // The file comes with the program; a test reads it.
    let file: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        toml::from_str(FILE).unwrap_or_default();
    let (mut patterns, mut of) = (Vec::new(), Vec::new());
    for (number, pretext) in PRETEXTS.iter().enumerate() {
        for phrase in file.get(*pretext).into_iter().flat_map(BTreeMap::values).flatten() {
            patterns.push(fold(phrase));
            of.push(number);
        }
    }
    #[expect(clippy::expect_used, reason = "a constant file, read in a test")]
    let finder = AhoCorasick::new(&patterns).expect("the phrases can be looked for");
    Phrases { finder, of }
});

/// Looks for phrases in text that is folded already.
pub(crate) fn wants(folded: &str) -> Wants {
    let mut seen = vec![false; PHRASES.of.len()];
    let mut wants = Wants::default();
    for hit in PHRASES.finder.find_iter(folded) {
        let number = hit.pattern().as_usize();
        let Some(seen) = seen.get_mut(number) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        let pretext = PHRASES.of.get(number).and_then(|pretext| wants.hits.get_mut(*pretext));
        if let Some(count) = pretext {
            *count += 1;
        }
    }
    wants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_pretexts_is_sound_and_in_several_languages() {
        assert!(PHRASES.of.len() > 300, "{}", PHRASES.of.len());
        let r59 = wants(&fold(
            "カード情報を更新できませんでした。アカウントをロックしました。アカウントがロックされています。24時間以内に",
        ));
        assert!(r59.hits.first().is_some_and(|account| *account >= 1), "{r59:?}");
        assert!(r59.hits.get(1).is_some_and(|payment| *payment >= 1), "{r59:?}");
        let plain = wants("see you at lunch tomorrow, the patch is attached");
        assert_eq!(plain, Wants::default());
    }
}
