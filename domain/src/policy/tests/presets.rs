//! The policies that come with Sekisho do what their examples say.

use crate::policy::{Examples, PRESETS, Policy, policy_markdown};

#[test]
fn every_preset_compiles_and_is_named_after_itself() {
    for name in PRESETS {
        let compiled = Policy::compile(Policy::preset_text(name).unwrap());
        let policy = compiled.unwrap_or_else(|errors| panic!("{name}: {errors:#?}"));
        assert_eq!(policy.name(), name);
        assert!(!policy.is_empty());
    }
}

#[test]
fn every_preset_says_what_its_examples_expect() {
    for name in PRESETS {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/presets");
        let text = std::fs::read_to_string(format!("{folder}/{name}.examples.toml")).unwrap();
        let examples =
            Examples::from_toml(&text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let policy = Policy::preset(name).unwrap();
        assert!(examples.examples.len() >= 3, "{name} has too few examples");
        for example in &examples.examples {
            let outcome = policy.try_example(example);
            assert_eq!(outcome, Ok(()), "{name}: {}", example.name);
        }
    }
}

#[test]
fn every_rule_of_a_preset_decides_or_adds_in_some_example() {
    for name in PRESETS {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/presets");
        let text = std::fs::read_to_string(format!("{folder}/{name}.examples.toml")).unwrap();
        let policy = Policy::preset(name).unwrap();
        for place in 0..u16::try_from(policy.len()).unwrap() {
            let rule = policy.rule_name(place).unwrap();
            assert!(text.contains(rule), "{name}: no example names the rule {rule}");
        }
    }
}

#[test]
fn the_page_about_policies_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/policy.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == policy_markdown(),
        "docs/policy.md is stale: run this test module with --ignored"
    );
}

#[test]
#[ignore = "writes docs/policy.md anew"]
fn write_the_page_about_policies() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/policy.md");
    std::fs::write(path, policy_markdown()).unwrap();
}

#[test]
fn the_example_in_the_page_compiles_and_does_what_it_says() {
    let page = policy_markdown();
    let blocks: Vec<&str> =
        page.split("```toml\n").skip(1).map(|b| b.split("```").next().unwrap()).collect();
    let policy = Policy::compile(blocks[0]).unwrap();
    assert_eq!(policy.rule_name(0), Some("unusual-sign-in"));
}
