//! The bodies of the fuzz targets, over the committed corpus, its mutilations and random bytes.

use std::path::Path;

use proptest::prelude::*;

#[path = "../../../fuzz/bodies.rs"]
mod bodies;

/// Name of a target and what it does with bytes.
type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] = &[
    ("event", bodies::event),
    ("batch", bodies::batch),
    ("lists", bodies::lists),
    ("networks", bodies::networks),
    ("agent", bodies::agent),
    ("policy", bodies::policy),
    ("observation", bodies::observation),
];

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn every_parser_holds_over_its_corpus_and_every_cut_of_it() {
    for (target, body) in TARGETS {
        let inputs = corpus(target);
        assert!(inputs.len() >= 2, "{target} has a corpus");
        for input in &inputs {
            body(input);
            for end in (0..input.len()).step_by(1 + input.len() / 40) {
                body(&input[..end]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_parser_holds_over_random_bytes_and_flipped_ones(
        random in proptest::collection::vec(any::<u8>(), 0..200),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        which in any::<prop::sample::Index>(),
    ) {
        for (target, body) in TARGETS {
            body(&random);
            let inputs = corpus(target);
            let mut input = inputs[which.index(inputs.len())].clone();
            for (at, byte) in &flips {
                if !input.is_empty() {
                    let at = at.index(input.len());
                    input[at] = *byte;
                }
            }
            body(&input);
        }
    }
}
