//! Where something stands in a policy file: lines and columns, also inside its strings.

/// Line and column of byte offsets.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { text, starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }

    /// Line and column (in characters) of the byte at `offset`, both from 1.
    pub(super) fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..floor(self.text, offset)).unwrap_or("");
        (narrow(line), narrow(before.chars().count() + 1))
    }
}

/// The byte offset in `text` of a line and column, both from 1, the column in characters.
pub(super) fn offset_of(text: &str, line: isize, column: isize) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
}

/// For each byte of the TOML string written as `literal` (and one past its end), the offset in
/// `literal` it comes from. `None` where the literal is not one of the four kinds of TOML string.
pub(super) fn offsets_in(literal: &str, decoded: &str) -> Option<Vec<u32>> {
    let (quote, escapes) = match literal.as_bytes() {
        [b'"', b'"', b'"', ..] => (3, true),
        [b'\'', b'\'', b'\'', ..] => (3, false),
        [b'"', ..] => (1, true),
        [b'\'', ..] => (1, false),
        _ => return None,
    };
    let mut read = Decoder { rest: literal.get(quote..)?, at: quote, offsets: Vec::new() };
    if quote == 3 {
        read.skip_line_break();
    }
    let mut text = String::with_capacity(decoded.len());
    while text.len() < decoded.len() {
        let at = read.at;
        let char = read.take()?;
        let char = match char {
            '\\' if escapes => match read.escape() {
                Escape::Char(char) => char,
                Escape::Nothing => continue,
                Escape::Bad => return None,
            },
            '\r' if read.rest.starts_with('\n') => continue,
            char => char,
        };
        text.push(char);
        read.offsets.extend(std::iter::repeat_n(narrow(at), char.len_utf8()));
    }
    read.offsets.push(narrow(read.at));
    (text == decoded).then_some(read.offsets)
}

struct Decoder<'t> {
    rest: &'t str,
    at: usize,
    offsets: Vec<u32>,
}

enum Escape {
    Char(char),
    /// A backslash at the end of a line.
    Nothing,
    Bad,
}

impl Decoder<'_> {
    fn take(&mut self) -> Option<char> {
        let char = self.rest.chars().next()?;
        self.rest = self.rest.get(char.len_utf8()..)?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn skip_line_break(&mut self) {
        if self.rest.starts_with("\r\n") {
            self.take();
        }
        if self.rest.starts_with('\n') {
            self.take();
        }
    }

    fn escape(&mut self) -> Escape {
        let Some(char) = self.take() else { return Escape::Bad };
        let char = match char {
            'b' => Some('\u{8}'),
            't' => Some('\t'),
            'n' => Some('\n'),
            'f' => Some('\u{c}'),
            'r' => Some('\r'),
            'e' => Some('\u{1b}'),
            '"' | '\\' => Some(char),
            'x' => self.code(2),
            'u' => self.code(4),
            'U' => self.code(8),
            ' ' | '\t' | '\r' | '\n' => {
                while self.rest.starts_with([' ', '\t', '\r', '\n']) {
                    self.take();
                }
                return Escape::Nothing;
            }
            _ => None,
        };
        char.map_or(Escape::Bad, Escape::Char)
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let code = self.rest.get(..digits)?;
        let char = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
        for _ in 0..digits {
            self.take();
        }
        Some(char)
    }
}

/// The greatest character boundary of `text` at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_column_counts_characters_and_a_line_starts_at_one() {
        let lines = Lines::of("関所\nab\n");
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(3), (1, 2));
        assert_eq!(lines.place(7), (2, 1));
        assert_eq!(lines.place(8), (2, 2));
        assert_eq!(lines.place(999), (3, 1));
    }

    #[test]
    fn every_kind_of_toml_string_leads_back_to_where_it_was_written() {
        let literals = [
            (r#""a\tb\u95a2c""#, "a\tb関c", 'c'),
            ("'a\\tc'", "a\\tc", 'c'),
            ("\"\"\"\na \\\n   b\r\nc\"\"\"", "a b\nc", 'c'),
            ("'''\r\nab\nc'''", "ab\nc", 'c'),
        ];
        for (literal, decoded, char) in literals {
            let offsets = offsets_in(literal, decoded).unwrap();
            let place = offsets[decoded.find(char).unwrap()];
            assert_eq!(place as usize, literal.rfind(char).unwrap(), "{literal:?}");
            assert_eq!(offsets.len(), decoded.len() + 1);
        }
    }
}
