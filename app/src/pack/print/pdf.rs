//! Lines set on pages of A4. The fonts are named and not embedded: every reader of PDF has them, and a
//! pack stays small.

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::Line;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 54.0;
/// Room for the foot.
const FOOT: f32 = 36.0;
/// Latin: one of the fourteen fonts that every reader has (ISO 32000-1 §9.6.2.2).
const LATIN: Name<'_> = Name(b"F1");
/// Everything else: a Gothic that readers map to what they have, since its `CMap` is a predefined one of
/// the Adobe-Japan1 collection (§9.7.5.2).
const JAPANESE: Name<'_> = Name(b"F2");
const FACE: Name<'_> = Name(b"HeiseiKakuGo-W5");
const CMAP: Name<'_> = Name(b"UniJIS-UCS2-H");
/// CIDs of half-width signs in Adobe-Japan1.
const HALF: (u16, u16) = (231, 632);
/// Widths of Helvetica's signs from the space to the tilde, in thousandths of the size.
#[rustfmt::skip]
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// How a line is set: size, room above, indent.
const fn style(line: &Line) -> (f32, f32, f32) {
    match line {
        Line::Title(_) => (18.0, 0.0, 0.0),
        Line::Heading(_) => (12.0, 12.0, 0.0),
        Line::Text(_) => (9.5, 3.0, 0.0),
        Line::Indented(_) => (9.5, 0.0, 16.0),
    }
}

const fn words(line: &Line) -> &String {
    match line {
        Line::Title(words) | Line::Heading(words) | Line::Text(words) | Line::Indented(words) => {
            words
        }
    }
}

/// The document.
pub(super) fn write(lines: &[Line], title: &str, foot: &str) -> Vec<u8> {
    let pages = set(lines);
    let mut pdf = Pdf::new();
    let [catalog, tree, info, latin, japanese] = [1, 2, 3, 4, 5].map(Ref::new);
    let reference = |at: usize| Ref::new(i32::try_from(8 + at).unwrap_or(i32::MAX));
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr("Sekisho"));
    let kids = (0..pages.len()).map(|at| reference(at * 2));
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(kids).count(count);
    for (at, placed) in pages.iter().enumerate() {
        let (page_id, content_id) = (reference(at * 2), reference(at * 2 + 1));
        let mut page = pdf.page(page_id);
        page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content_id);
        page.resources().fonts().pair(LATIN, latin).pair(JAPANESE, japanese);
        page.finish();
        let mut content = Content::new();
        for one in placed {
            show(&mut content, one);
        }
        let foot = format!("{foot} · {}/{}", at + 1, pages.len());
        show(&mut content, &Placed { size: 8.0, x: MARGIN, y: FOOT, words: foot });
        pdf.stream(content_id, &content.finish());
    }
    fonts(&mut pdf, latin, japanese);
    pdf.finish()
}

fn fonts(pdf: &mut Pdf, latin: Ref, japanese: Ref) {
    let (cid, descriptor) = (Ref::new(6), Ref::new(7));
    let helvetica = Name(b"Helvetica");
    pdf.type1_font(latin).base_font(helvetica).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.type0_font(japanese).base_font(FACE).encoding_predefined(CMAP).descendant_font(cid);
    let mut face = pdf.cid_font(cid);
    face.subtype(CidFontType::Type0).base_font(FACE).font_descriptor(descriptor);
    face.system_info(SystemInfo {
        registry: Str(b"Adobe"),
        ordering: Str(b"Japan1"),
        supplement: 2,
    });
    face.default_width(1000.0).widths().same(HALF.0, HALF.1, 500.0);
    face.finish();
    pdf.font_descriptor(descriptor)
        .name(FACE)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(-92.0, -250.0, 1010.0, 922.0))
        .italic_angle(0.0)
        .ascent(752.0)
        .descent(-221.0)
        .cap_height(737.0)
        .stem_v(114.0);
}

/// Words at their place.
struct Placed {
    size: f32,
    x: f32,
    y: f32,
    words: String,
}

fn show(content: &mut Content, placed: &Placed) {
    content.begin_text();
    content.next_line(placed.x, placed.y);
    let signs: Vec<char> = placed.words.chars().collect();
    for run in signs.chunk_by(|one, next| latin(*one).is_some() == latin(*next).is_some()) {
        if run.first().copied().and_then(latin).is_some() {
            let bytes: Vec<u8> = run.iter().filter_map(|sign| latin(*sign)).collect();
            content.set_font(LATIN, placed.size).show(Str(&bytes));
        } else {
            let bytes: Vec<u8> = run.iter().flat_map(|sign| japanese(*sign)).collect();
            content.set_font(JAPANESE, placed.size).show(Str(&bytes));
        }
    }
    content.end_text();
}

/// The byte of a sign in `WinAnsiEncoding`; `None` where it is set in the Japanese font.
fn latin(sign: char) -> Option<u8> {
    match sign {
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(sign)).ok(),
        '…' => Some(0x85),
        '–' => Some(0x96),
        '—' => Some(0x97),
        sign if sign.is_control() => Some(b' '),
        _ => None,
    }
}

/// Two bytes a sign (UCS-2); what the font's collection cannot have is shown as a geta mark.
fn japanese(sign: char) -> [u8; 2] {
    u16::try_from(u32::from(sign)).unwrap_or(0x3013).to_be_bytes()
}

/// Every line at its place, page by page.
fn set(lines: &[Line]) -> Vec<Vec<Placed>> {
    let mut pages = vec![Vec::new()];
    let mut y = HEIGHT - MARGIN;
    for line in lines {
        let (size, above, indent) = style(line);
        let room = (WIDTH - 2.0 * MARGIN - indent) / size;
        y -= above;
        for words in broken(words(line), room) {
            y -= size * 1.5;
            if y < MARGIN + FOOT / 2.0 {
                pages.push(Vec::new());
                y = HEIGHT - MARGIN - size * 1.5;
            }
            if let Some(page) = pages.last_mut() {
                page.push(Placed { size, x: MARGIN + indent, y, words });
            }
        }
    }
    pages
}

/// Width of a sign in its size.
fn width(sign: char) -> f32 {
    let thousandths = match (latin(sign), sign) {
        (Some(byte @ 0x20..=0x7e), _) => {
            WIDTHS.get(usize::from(byte - 0x20)).copied().unwrap_or(1_000)
        }
        (Some(0xb7), _) => 278,
        (Some(0x85), _) => 1_000,
        (Some(_), _) => 584,
        (None, '\u{ff61}'..='\u{ff9f}') => 500,
        (None, _) => 1_000,
    };
    f32::from(thousandths) / 1_000.0
}

/// Broken where the room ends: at the last space of it, or anywhere in what has none.
fn broken(words: &str, room: f32) -> Vec<String> {
    let mut rows = Vec::new();
    for paragraph in words.lines() {
        let mut row = String::new();
        let mut used = 0.0;
        for sign in paragraph.chars() {
            if used + width(sign) > room && !row.is_empty() {
                let rest = match row.rfind(' ') {
                    Some(space) if sign != ' ' && space > row.len() / 2 => row.split_off(space + 1),
                    _ => String::new(),
                };
                rows.push(std::mem::replace(&mut row, rest));
                used = row.chars().map(width).sum();
                if sign == ' ' {
                    continue;
                }
            }
            row.push(sign);
            used += width(sign);
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_row_never_leaves_the_page() {
        for words in ["あ".repeat(200), "a".repeat(300), "seven words in a row ".repeat(20)] {
            for row in broken(&words, 40.0) {
                assert!(row.chars().map(width).sum::<f32>() <= 40.0, "{row}");
            }
        }
        assert_eq!(broken("one two three", 4.0), ["one two ", "three"]);
        assert_eq!(broken("one two", 1.7), ["one", "two"]);
        assert_eq!(broken("上\n下", 9.0), ["上", "下"]);
    }

    #[test]
    fn many_lines_go_on_many_pages_and_none_is_lost() {
        let lines: Vec<Line> = (0..200).map(|at| Line::Text(at.to_string())).collect();
        let pages = set(&lines);
        assert!(pages.len() > 3);
        assert_eq!(pages.iter().flatten().count(), 200);
        assert!(pages.iter().flatten().all(|one| one.y > FOOT));
    }

    #[test]
    fn signs_are_of_the_font_that_has_them_and_strange_ones_a_geta_mark() {
        assert_eq!((latin('a'), latin('·'), latin('山')), (Some(0x61), Some(0xb7), None));
        assert_eq!((japanese('山'), japanese('\u{1f600}')), ([0x5c, 0x71], [0x30, 0x13]));
        let document = write(&[Line::Text("関所 Sekisho".to_owned())], "関所", "1");
        let text = String::from_utf8_lossy(&document);
        assert!(text.starts_with("%PDF-1."));
        assert!(text.contains("<95A26240>") && text.contains("( Sekisho)"), "{text}");
        assert_eq!(broken("", 9.0).len(), 0);
        assert_eq!(set(&[]).first().unwrap().len(), 0);
        assert_eq!(pages_of(&document), 1);
    }

    fn pages_of(document: &[u8]) -> usize {
        let text = String::from_utf8_lossy(document);
        text.split("/Type /Page").skip(1).filter(|rest| rest.as_bytes()[0] != b's').count()
    }
}
