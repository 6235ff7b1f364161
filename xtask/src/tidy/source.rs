//! What never stands in source.

use super::{files, none};

/// Put together here so that this file does not name what it looks for.
fn unfinished() -> [String; 3] {
    ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("))
}

#[test]
fn nothing_unfinished_is_left() {
    let mut complaints = Vec::new();
    for file in files("*.rs") {
        for (at, line) in file.text.lines().enumerate() {
            if unfinished().iter().any(|word| line.contains(word)) {
                complaints.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none("unfinished", &complaints);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let places = ["/wo rk/", "/ro ot/", "/ho me/"].map(|place| place.replace(' ', ""));
    let mut complaints = Vec::new();
    for file in files("*").into_iter().filter(|file| file.path != "Cargo.lock") {
        for (at, line) in file.text.lines().enumerate() {
            let starts = |place: &String| {
                line.match_indices(place).any(|(found, _)| {
                    let before = line.get(..found).and_then(|text| text.chars().next_back());
                    before.is_none_or(|before| !before.is_alphanumeric() && !"./}".contains(before))
                })
            };
            if places.iter().any(starts) {
                complaints.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none("paths of a machine", &complaints);
}
