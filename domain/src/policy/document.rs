//! `docs/policy.md`: the format in words, and the generated table of fields.

use std::fmt::Write as _;

use super::field::fields;
use super::limits::{CONDITION_CHARS_MAX, NESTING_MAX, OPERATORS_MAX, RULES_MAX, TEXT_BYTES_MAX};
use super::names::OBLIGATIONS;
use super::{PRESETS, STEPS_MAX};

/// The page, whole.
pub fn policy_markdown() -> String {
    let mut page = include_str!("guide.md").to_owned();
    page.push_str("\n## Fields\n\n| field | type | says | missing when |\n|---|---|---|---|\n");
    for field in fields() {
        let missing = if field.missing.is_empty() { "never" } else { field.missing };
        let _ =
            writeln!(page, "| `{}` | {} | {} | {missing} |", field.name, (field.kind)(), field.doc);
    }
    page.push_str(
        "| `signals[\"code\"]` | double | evidence of a signal in nats, positive for an intruder \
         (`docs/generated/signals.md`) | the signal had nothing to say |\n\
         | `properties.name` | any | a property the operator declared fit for rules \
         (`policy_properties`) | the event has none of that name |\n",
    );
    page.push_str("\n## Obligations\n\n");
    for (_, name) in OBLIGATIONS {
        let _ = writeln!(page, "- `{name}`");
    }
    let _ = write!(
        page,
        "\n## Limits\n\n{TEXT_BYTES_MAX} bytes a policy, {RULES_MAX} rules; {CONDITION_CHARS_MAX} \
         characters a condition, brackets {NESTING_MAX} deep,\n{OPERATORS_MAX} operators and dots \
         (`&&` and `||` not counted). A rule takes at most {STEPS_MAX} steps over one event:\na \
         step is a part of the condition evaluated, an element of a list or 64 bytes of text \
         looked at;\nover it, the rule has failed.\n\n## Presets\n\n",
    );
    for name in PRESETS {
        let _ = writeln!(page, "- `{name}`: `sekisho policy show --preset {name}`");
    }
    page
}
