//! What must hold of the source itself: the walls between rooms, sizes, dependencies, papers.
//!
//! Runs as tests. Numbers that may fall but never rise stand in `xtask/ratchet.txt`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod dependencies;
mod papers;
mod sizes;
mod source;
mod threats;
mod walls;

use std::path::Path;

use crate::doc_links::tracked;

/// A file that git tracks: its path in the repository and its text.
struct Tracked {
    path: String,
    text: String,
}

/// Every tracked file whose path matches `pattern` and that is text.
fn files(pattern: &str) -> Vec<Tracked> {
    let root = crate::root();
    let read = |path: String| {
        let text = std::fs::read_to_string(root.join(&path)).ok()?;
        Some(Tracked { path, text })
    };
    tracked(&root, pattern).unwrap_or_default().into_iter().filter_map(read).collect()
}

/// The part of a source file that is not its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// Whether the file is only built for tests.
fn is_test(path: &str) -> bool {
    path.contains("/tests/")
        || path.contains("/examples/")
        || path.ends_with("/tests.rs")
        || path.contains("/benches/")
}

/// The recorded maximum called `name`.
fn recorded(name: &str) -> usize {
    let text = std::fs::read_to_string(crate::root().join("xtask/ratchet.txt")).unwrap_or_default();
    let line = text.lines().filter_map(|line| line.split_once(' '));
    let found =
        line.filter(|(one, _)| *one == name).find_map(|(_, count)| count.trim().parse().ok());
    found.unwrap_or(0)
}

/// Fails with every complaint, one a line.
fn none(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{what}:\n{}", complaints.join("\n"));
}

/// The room a path lies in.
fn room(path: &str) -> &str {
    Path::new(path).iter().next().and_then(std::ffi::OsStr::to_str).unwrap_or_default()
}
