//! What is wrong with a policy text is named with its place.

use proptest::prelude::*;

use crate::policy::{Policy, PolicyError};

fn errors(text: &str) -> Vec<PolicyError> {
    Policy::compile(text).err().unwrap_or_default()
}

fn places(text: &str) -> Vec<(u32, u32, String)> {
    errors(text).into_iter().map(|error| (error.line, error.column, error.message)).collect()
}

/// The error in one condition, written in a rule on line 5 from column 9.
fn flaw(when: &str) -> Vec<(u32, u32, String)> {
    places(&format!(
        "name = \"p\"\ndefault = \"allow\"\n[[rule]]\nname = \"r\"\nwhen = '{when}'\nverdict = \"deny\"\n"
    ))
}

fn one(line: u32, column: u32, message: &str) -> Vec<(u32, u32, String)> {
    vec![(line, column, message.to_owned())]
}

#[test]
fn every_error_is_named_at_once_in_the_order_of_the_text() {
    let text = r#"
nmae = "p"
default = "alow"

[[rule]]
name = "one"
types = ["logn", "order.*"]
when = "scor > 0.5 && order.amuont > 3"
verdict = "deny"
obligations = ["notify_ownr"]

[[rule]]
name = "one"
when = "true"
verdict = "deny"
mode = { percent = 120 }
on_error = "explode"
"#;
    let found = places(text);
    let expected = [
        (1, 1, "the policy has no `name`"),
        (2, 1, "no setting `nmae`; did you mean `name`?"),
        (3, 11, "no verdict `alow`; did you mean `allow`?"),
        (7, 10, "no type of event `logn`; did you mean `login`?"),
        (8, 9, "no field `scor`; did you mean `score`?"),
        (8, 28, "no field `order.amuont`; did you mean `order.amount`?"),
        (10, 16, "no obligation `notify_ownr`; did you mean `notify_owner`?"),
        (13, 8, "there is a rule `one` already"),
        (16, 8, "`percent` is a number from 0 to 100"),
        (17, 12, "no fallback `explode`"),
    ];
    let expected: Vec<_> = expected.map(|(l, c, m)| (l, c, m.to_owned())).into();
    assert_eq!(found, expected);
}

#[test]
fn an_error_in_a_multi_line_condition_stands_on_its_own_line() {
    let text = "name = \"p\"\ndefault = \"allow\"\n[[rule]]\nname = \"r\"\nwhen = '''\nscore > 0.5\n  \
                && 関\n'''\nverdict = \"deny\"\n";
    assert_eq!(errors(text)[0].line, 7);
    assert_eq!(errors(text)[0].column, 6);
}

#[test]
fn columns_after_an_escape_are_those_of_the_file() {
    let text = "name = \"p\"\ndefault = \"allow\"\n[[rule]]\nname = \"r\"\nverdict = \"deny\"\n\
                when = \"event.type == \\\"\\u95a2\\\" && foo\"\n";
    assert_eq!(places(text), one(6, 37, "no field `foo`"));
}

#[test]
fn types_that_do_not_fit_are_refused_where_they_can_be_told() {
    let cases = [
        ("score", 1, "a condition must be true or false, and this is double"),
        ("score > \"a\"", 7, "double and string have no order"),
        ("event.type == 1", 12, "string and int are never equal"),
        (
            "order.amount * 1.5 > 3.0",
            14,
            "int and double do not mix: write double(…) around the int",
        ),
        ("score && true", 1, "this must be true or false, and it is double"),
        ("order.amount == null", 17, "there is no null: ask whether a fact is there with has(…)"),
        ("order", 1, "`order` is a group of fields; name one of them"),
        ("signals.foo > 1.0", 8, "write signals[\"…\"] or \"…\" in signals, not `signals.foo`"),
        ("\"nope.nothing\" in signals", 1, "no signal `nope.nothing`"),
        ("1 in lists", 3, "int is never in a list of string"),
        (
            "lists.exist(x, true)",
            12,
            "no function `exist` with these arguments; did you mean `exists`?",
        ),
        ("lists.exists(score, true)", 13, "`score` is a field; name the variable otherwise"),
        ("event.type.matches(\"(\")", 20, "not a regular expression, or too large a one"),
        (
            "event.type.matches(event.status)",
            25,
            "a pattern must be written out, so that it is compiled once",
        ),
        ("score > 0.5u", 12, "syntax: extraneous input 'u'"),
        ("1u == 1u", 1, "unsigned numbers are not supported; leave out the u"),
        ("{} == {}", 1, "maps cannot be written in a rule"),
        ("score >", 8, "the condition ends too early"),
        ("", 1, "the condition ends too early"),
    ];
    for (when, column, message) in cases {
        assert_eq!(flaw(when).first(), one(5, column + 8, message).first(), "{when}");
    }
}

#[test]
fn nesting_length_and_number_are_bounded_before_anything_is_parsed() {
    let deep = format!("{}true{}", "(".repeat(200), ")".repeat(200));
    assert!(flaw(&deep)[0].2.contains("nested more than 16 deep"));
    let lists = format!("{}1{} == []", "[".repeat(200), "]".repeat(200));
    assert!(flaw(&lists)[0].2.contains("nested more than 16 deep"));
    let chain = format!("1{} > 2", "+1".repeat(900));
    assert!(flaw(&chain)[0].2.contains("more than 150 operators"));
    let long = format!("\"{}\" == \"\"", "a".repeat(3_000));
    assert!(flaw(&long)[0].2.contains("a condition has at most 2000"));
    let rule = |r| format!("[[rule]]\nname = \"r{r}\"\nwhen = \"true\"\nverdict = \"deny\"\n");
    let rules = (0..201).map(rule).collect::<Vec<_>>().concat();
    let many = format!("name = \"p\"\ndefault = \"allow\"\n{rules}");
    assert!(errors(&many).iter().any(|error| error.message.contains("at most 200 rules")));
    assert!(errors(&"#".repeat(1_000_000))[0].message.contains("at most 262144"));
    let nested = format!("a = {}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(!errors(&nested).is_empty());
    let dotted = format!("{}a = 1", "a.".repeat(20_000));
    assert!(!errors(&dotted).is_empty());
}

#[test]
fn conditions_as_large_as_allowed_fit_the_stack() {
    let chains = [
        format!("{}true{}", "(".repeat(16), ")".repeat(16)),
        format!("1{} > 2", "+1".repeat(149)),
        format!("1{} == true", "<1".repeat(148)),
        format!("true{}", " && true".repeat(240)),
        format!("score{} == 1", ".a".repeat(147)),
        format!("{}true", "true?true:".repeat(16)),
        format!("{}true", "!".repeat(150)),
        format!("{}true{}", "!(".repeat(16), ")".repeat(16)),
    ];
    for chain in chains {
        let flaws = flaw(&chain);
        assert!(!flaws.iter().any(|flaw| flaw.2.contains("more than")), "{chain}");
    }
}

#[test]
fn control_characters_and_rubbish_are_refused_with_a_place() {
    for text in
        ["\0", "name = \"a\0b\"", "\u{202e}", "[[rule]", "name = 'p'\r", "= = =", "\u{feff}"]
    {
        let errors = errors(text);
        assert!(!errors.is_empty(), "{text:?}");
        assert!(errors.iter().all(|error| error.line >= 1 && error.column >= 1), "{text:?}");
    }
    assert_eq!(flaw("score > 0.5 && \u{1f}").len(), 1);
}

/// The body of the fuzz target `policy`: whatever the bytes, no panic, and errors have a place.
fn compile_any(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(errors) = Policy::compile(&text) {
        assert!(!errors.is_empty());
        assert!(errors.iter().all(|error| error.line >= 1 && error.column >= 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_compile_or_are_refused_with_places(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        compile_any(&bytes);
    }

    #[test]
    fn any_text_as_a_condition_compiles_or_is_refused_with_places(
        when in "([a-z.]{1,8}|[0-9]{1,3}|[-+*/%<>=!?:&|()\\[\\]{},'\"\\\\ \n]|関|\\PC){0,40}"
    ) {
        let quoted = when.replace("'''", "");
        let text = format!("name = \"p\"\ndefault = \"allow\"\n[[rule]]\nname = \"r\"\nverdict = \"deny\"\nwhen = '''\n{quoted} '''\n");
        for error in errors(&text) {
            prop_assert!(error.line >= 1 && error.column >= 1, "{error:?}");
        }
    }

    #[test]
    fn a_broken_preset_is_refused_with_places(at in 0_usize..4_000, with in any::<u8>()) {
        let mut bytes = Policy::preset_text("marketplace").unwrap().as_bytes().to_vec();
        let length = bytes.len();
        bytes[at % length] = with;
        compile_any(&bytes);
    }
}
