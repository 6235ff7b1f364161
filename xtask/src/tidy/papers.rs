//! Papers stay short enough to be read.

use super::{files, none};

fn longer_than(pattern: &str, most: usize) -> Vec<String> {
    let lines = |text: &str| text.lines().count();
    let long = files(pattern).into_iter().filter(|file| lines(&file.text) > most);
    long.map(|file| format!("{}: {} lines, {most} at most", file.path, lines(&file.text))).collect()
}

#[test]
fn decision_records_are_at_most_60_lines() {
    none("long", &longer_than("docs/decisions/0*.md", 60));
}

#[test]
fn the_map_is_at_most_200_lines() {
    none("long", &longer_than("ARCHITECTURE.md", 200));
    assert_eq!(files("ARCHITECTURE.md").len(), 1, "the map is there");
}

#[test]
fn every_decision_record_is_in_the_index() {
    let index = files("docs/decisions/README.md").pop().map(|file| file.text).unwrap_or_default();
    let missing = files("docs/decisions/0*.md").into_iter().filter(|record| {
        let name = record.path.rsplit('/').next().unwrap_or_default();
        !index.contains(name)
    });
    none("not in docs/decisions/README.md", &missing.map(|file| file.path).collect::<Vec<_>>());
}

#[test]
fn every_room_is_on_the_map() {
    let map = files("ARCHITECTURE.md").pop().map(|file| file.text).unwrap_or_default();
    let rooms = files("*/Cargo.toml").into_iter();
    let rooms = rooms.map(|file| super::room(&file.path).to_owned());
    let missing: Vec<String> = rooms.filter(|room| !map.contains(&format!("`{room}`"))).collect();
    none("not in ARCHITECTURE.md", &missing);
}
