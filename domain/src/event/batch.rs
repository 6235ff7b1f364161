//! A request body taken apart into its events, without reading them: one broken event does not lose
//! the others.
//!
//! In NDJSON every line stands alone. In an array a small scanner follows strings and brackets: an
//! item ends at the comma or bracket that closes it, whatever is wrong inside it. Where brackets do
//! not match or a string never ends, nobody can tell where the next item begins: what came before
//! stays, and the rest is one broken item (guessing could take a part of an event for an event).

use super::{BATCH_EVENTS_MAX, BODY_BYTES_MAX, DEPTH_MAX, Refused};

/// How events stand in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON array.
    Array,
    /// One JSON document a line.
    Lines,
}

/// One item of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'a> {
    /// 1-based line on which it begins.
    pub line: usize,
    /// Offset of its first byte in the body.
    pub offset: usize,
    /// Its text, to be given to [`parse`](super::parse()); or why it cannot be told from its neighbours.
    pub text: Result<&'a [u8], Refused>,
}

/// Why a body is no batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoBatch {
    /// More than [`BODY_BYTES_MAX`] (413).
    #[error("the body is larger than {} MiB", BODY_BYTES_MAX >> 20)]
    TooManyBytes,
    /// More than [`BATCH_EVENTS_MAX`] (413).
    #[error("the batch has more than {BATCH_EVENTS_MAX} events")]
    TooManyEvents,
    /// It does not begin with a bracket (400).
    #[error("the body is not a JSON array")]
    NotAnArray,
}

/// Takes a body apart. Empty lines of [`Form::Lines`] are no items.
pub fn split(body: &[u8], form: Form) -> Result<Vec<Item<'_>>, NoBatch> {
    if body.len() > BODY_BYTES_MAX {
        return Err(NoBatch::TooManyBytes);
    }
    let marked = body.starts_with(b"\xef\xbb\xbf");
    let scan = Scan { body, at: if marked { 3 } else { 0 }, line: 1 };
    match form {
        Form::Array => scan.array(),
        Form::Lines => lines(body, scan.at),
    }
}

fn lines(body: &[u8], mut offset: usize) -> Result<Vec<Item<'_>>, NoBatch> {
    let mut items = Vec::new();
    let text = body.get(offset..).unwrap_or_default();
    for (text, line) in text.split(|&byte| byte == b'\n').zip(1..) {
        let trimmed = text.trim_ascii();
        if !trimmed.is_empty() {
            if items.len() == BATCH_EVENTS_MAX {
                return Err(NoBatch::TooManyEvents);
            }
            let before = text.len() - text.trim_ascii_start().len();
            items.push(Item { line, offset: offset + before, text: Ok(trimmed) });
        }
        offset += text.len() + 1;
    }
    Ok(items)
}

/// Where in the body the scanner stands.
struct Scan<'a> {
    body: &'a [u8],
    at: usize,
    line: usize,
}

/// How an item ended.
enum End {
    /// At a comma: another item follows.
    Comma,
    /// At the bracket that closes the array.
    Closed,
    /// Brackets that do not match, or the end of the body.
    Lost(&'static str),
}

impl<'a> Scan<'a> {
    fn array(mut self) -> Result<Vec<Item<'a>>, NoBatch> {
        self.skip_space();
        if self.next() != Some(b'[') {
            return Err(NoBatch::NotAnArray);
        }
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.next();
            return Ok(self.closed(items));
        }
        loop {
            if items.len() == BATCH_EVENTS_MAX {
                return Err(NoBatch::TooManyEvents);
            }
            self.skip_space();
            let (line, offset) = (self.line, self.at);
            let end = self.item();
            let text = match &end {
                End::Lost(why) => Err(Refused::syntax(*why)),
                // The closing sign itself is one byte.
                End::Comma | End::Closed => {
                    Ok(self.body.get(offset..self.at - 1).unwrap_or_default().trim_ascii_end())
                }
            };
            items.push(Item { line, offset, text });
            match end {
                End::Comma => {}
                End::Closed => return Ok(self.closed(items)),
                End::Lost(_) => return Ok(items),
            }
        }
    }

    /// Nothing but space may follow the array.
    fn closed(mut self, mut items: Vec<Item<'a>>) -> Vec<Item<'a>> {
        self.skip_space();
        if self.peek().is_some() {
            let text = Err(Refused::syntax("text follows the end of the array"));
            items.push(Item { line: self.line, offset: self.at, text });
        }
        items
    }

    /// Walks over one item and the sign that ends it.
    fn item(&mut self) -> End {
        // Closing brackets that are awaited, innermost last.
        let mut awaited: Vec<u8> = Vec::new();
        while let Some(byte) = self.next() {
            match byte {
                b'"' if !self.string() => break,
                b'{' => awaited.push(b'}'),
                b'[' => awaited.push(b']'),
                b',' if awaited.is_empty() => return End::Comma,
                b']' if awaited.is_empty() => return End::Closed,
                b'}' | b']' if awaited.pop() != Some(byte) => {
                    return End::Lost("the brackets do not match from here on");
                }
                _ => {}
            }
            if awaited.len() > 4 * DEPTH_MAX {
                return End::Lost("nested so deep that the rest cannot be told apart");
            }
        }
        End::Lost("the array does not end")
    }

    /// Walks over the rest of a string; whether it ends.
    fn string(&mut self) -> bool {
        while let Some(byte) = self.next() {
            match byte {
                b'"' => return true,
                b'\\' => {
                    self.next();
                }
                _ => {}
            }
        }
        false
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        self.line += usize::from(byte == b'\n');
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.next();
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    /// Texts of the items; `None` for one that cannot be told apart.
    fn texts(body: &str, form: Form) -> Vec<Option<String>> {
        let items = split(body.as_bytes(), form).unwrap();
        let text = |item: Item<'_>| item.text.ok().map(|text| String::from_utf8_lossy(text).into());
        items.into_iter().map(text).collect()
    }

    fn some(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn a_broken_item_in_the_middle_leaves_its_neighbours() {
        let body = r#"[ {"a":"],{"} , {"b": nonsense 1 2}, {"c":[1,[2]]}, tru, "x\"," ]"#;
        let expected =
            [r#"{"a":"],{"}"#, r#"{"b": nonsense 1 2}"#, r#"{"c":[1,[2]]}"#, "tru", r#""x\",""#];
        assert_eq!(texts(body, Form::Array), some(&expected));
        assert_eq!(texts("[1,,2,]", Form::Array), some(&["1", "", "2", ""]));
    }

    #[test]
    fn brackets_that_do_not_match_lose_the_rest_and_never_what_came_before() {
        for body in [r#"[{"a":1},{"b":[},{"c":1}]"#, r#"[{"a":1},{"b":1"#, r#"[{"a":1},{"b":"}]"#] {
            let found = texts(body, Form::Array);
            assert_eq!(found, [Some(r#"{"a":1}"#.to_owned()), None], "{body}");
        }
        assert_eq!(texts("[1] x", Form::Array), [Some("1".to_owned()), None]);
    }

    #[test]
    fn every_item_knows_its_line_and_place() {
        let body = "\u{feff}[\n {\"a\":\n1},\n\n{}]\n";
        let items = split(body.as_bytes(), Form::Array).unwrap();
        let places: Vec<_> = items.iter().map(|item| (item.line, item.offset)).collect();
        assert_eq!(places, [(2, 6), (5, 17)]);
        let items = split(b"{}\r\n\n  {\"a\":1}  \nx", Form::Lines).unwrap();
        let places: Vec<_> = items.iter().map(|item| (item.line, item.offset)).collect();
        assert_eq!(places, [(1, 0), (3, 7), (4, 17)]);
        assert_eq!(items[1].text, Ok(&b"{\"a\":1}"[..]));
    }

    #[test]
    fn an_empty_batch_has_no_items() {
        assert_eq!(texts(" [ ] ", Form::Array), []);
        assert_eq!(texts("\n\r\n", Form::Lines), []);
        assert_eq!(texts("", Form::Lines), []);
    }

    #[test]
    fn what_is_no_array_and_what_is_too_much_is_refused() {
        for body in ["", "{}", "null", "  \n", "\"[\""] {
            assert_eq!(split(body.as_bytes(), Form::Array), Err(NoBatch::NotAnArray), "{body}");
        }
        let many = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
        assert_eq!(split(many(10_000).as_bytes(), Form::Array).unwrap().len(), 10_000);
        assert_eq!(split(many(10_001).as_bytes(), Form::Array), Err(NoBatch::TooManyEvents));
        let lines = "{}\n".repeat(10_001);
        assert_eq!(split(lines.as_bytes(), Form::Lines), Err(NoBatch::TooManyEvents));
        let body = vec![b' '; BODY_BYTES_MAX + 1];
        assert_eq!(split(&body, Form::Lines), Err(NoBatch::TooManyBytes));
        assert!(split(&vec![b'['; BODY_BYTES_MAX], Form::Array).unwrap()[0].text.is_err());
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Into::into),
            "\\PC{0,12}".prop_map(Into::into),
            Just(serde_json::Value::Null),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                proptest::collection::vec(("\\PC{0,6}", inner), 0..4).prop_map(|fields| fields
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_sound_array_is_taken_apart_as_a_json_reader_does(
            items in proptest::collection::vec(any_json(), 0..12), pretty: bool,
        ) {
            let body = if pretty { serde_json::to_string_pretty(&items) } else { serde_json::to_string(&items) };
            let body = body.unwrap();
            let found = split(body.as_bytes(), Form::Array).unwrap();
            let read: Vec<serde_json::Value> =
                found.iter().map(|item| serde_json::from_slice(item.text.as_ref().unwrap()).unwrap()).collect();
            prop_assert_eq!(read, items);
        }

        #[test]
        fn no_bytes_make_it_fall_over(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = split(&body, Form::Array);
            let _ = split(&body, Form::Lines);
            let _ = split(&[b"[", body.as_slice()].concat(), Form::Array);
        }
    }
}
