//! The bodies of the fuzz targets, over the committed corpus, its mutilations and random bytes.

use proptest::prelude::*;

use crate::files::{bytes, manifest};

#[path = "../../../fuzz/statements.rs"]
mod bodies;

/// Name of a target and what it does with bytes.
type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] = &[
    ("statement_csv", bodies::statement_csv),
    ("statement_ofx", bodies::statement_ofx),
    ("statement_orders", bodies::statement_orders),
];

/// Every file of the corpus; each target looks at all, as a reader might hand over any.
fn corpus() -> Vec<Vec<u8>> {
    let mut names: Vec<String> = manifest().into_iter().map(|row| row[1].clone()).collect();
    names.dedup();
    names.iter().map(|name| bytes(name)).collect()
}

#[test]
fn every_reader_holds_over_the_corpus_and_every_cut_of_it() {
    let inputs = corpus();
    assert!(inputs.len() >= 40);
    for (_, body) in TARGETS {
        for input in &inputs {
            body(input);
            for end in (0..input.len()).step_by(1 + input.len() / 20) {
                body(&input[..end]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_reader_holds_over_random_bytes_and_flipped_ones(
        random in proptest::collection::vec(any::<u8>(), 0..200),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        which in any::<prop::sample::Index>(),
    ) {
        let inputs = corpus();
        let mut input = inputs[which.index(inputs.len())].clone();
        for (at, byte) in &flips {
            if !input.is_empty() {
                let at = at.index(input.len());
                input[at] = *byte;
            }
        }
        for (_, body) in TARGETS {
            body(&random);
            body(&input);
        }
    }
}
