//! Limits on policies, and the check of a condition before it reaches the parser.
//!
//! The parser is a recursive descent with large frames (measured: 16 nested brackets overflow 2 MiB
//! of stack in a debug build), so depth is bounded before it runs and it runs on a stack of its own.

use super::lower::Flaw;

/// Bytes of a policy text.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// Rules of a policy.
pub const RULES_MAX: usize = 200;
/// Characters of a condition.
pub const CONDITION_CHARS_MAX: usize = 2_000;
/// Brackets within brackets, and `?` one after the other.
pub const NESTING_MAX: usize = 16;
/// Stack for compiling: over twenty times what the deepest condition allowed takes.
pub(super) const STACK_BYTES: usize = 64 << 20;
/// Operators and dots in one condition, `&&` and `||` not counted.
pub const OPERATORS_MAX: usize = 150;
/// Errors told at once.
pub const ERRORS_MAX: usize = 100;

/// Whether `source` may be parsed.
pub(super) fn check(source: &str) -> Result<(), Flaw> {
    let length = source.chars().count();
    if length > CONDITION_CHARS_MAX {
        let message = format!("{length} characters; a condition has at most {CONDITION_CHARS_MAX}");
        return Err(Flaw { offset: 0, message });
    }
    let mut depth = 0_usize;
    let mut operators = 0_usize;
    let mut chars = source.char_indices().peekable();
    while let Some((offset, char)) = chars.next() {
        match char {
            '(' | '[' | '{' => {
                depth += 1;
                operators += usize::from(char == '[');
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' => depth += 1,
            '.' | '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '!' => operators += 1,
            // `in`
            'i' if chars.peek().is_some_and(|(_, next)| *next == 'n') => operators += 1,
            _ => {}
        }
        let what = if depth > NESTING_MAX {
            format!("brackets and `?` are nested more than {NESTING_MAX} deep")
        } else if operators > OPERATORS_MAX {
            format!("more than {OPERATORS_MAX} operators and dots; split the rule")
        } else {
            continue;
        };
        return Err(Flaw { offset, message: what });
    }
    Ok(())
}
