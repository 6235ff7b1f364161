//! Papers stay short enough to be read.

use std::fmt::Write as _;

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
fn the_index_of_decisions_is_up_to_date() {
    let place = crate::root().join("docs/decisions/README.md");
    let mut index =
        "# Decisions\n\nWhy things are as they are; at most 60 lines each.\n\n".to_owned();
    for record in files("docs/decisions/0*.md") {
        let name = record.path.rsplit('/').next().unwrap_or_default();
        let title = record.text.lines().next().unwrap_or_default().trim_start_matches("# ");
        writeln!(index, "- [{title}]({name})").unwrap();
    }
    if std::env::var_os("SEKISHO_WRITE_GENERATED").is_some() {
        std::fs::write(&place, &index).unwrap();
    }
    let committed = std::fs::read_to_string(&place).unwrap_or_default();
    assert_eq!(committed, index, "run the tests once with SEKISHO_WRITE_GENERATED=1");
}

#[test]
fn every_room_is_on_the_map() {
    let map = files("ARCHITECTURE.md").pop().map(|file| file.text).unwrap_or_default();
    let rooms = files("*/Cargo.toml").into_iter();
    let rooms = rooms.map(|file| super::room(&file.path).to_owned());
    let missing: Vec<String> = rooms.filter(|room| !map.contains(&format!("`{room}`"))).collect();
    none("not in ARCHITECTURE.md", &missing);
}
