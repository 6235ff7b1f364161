//! Files stay small: what is large may stay, nothing may grow.

use super::{files, none, recorded, without_tests};
use crate::doc_links::tracked;

/// Lines above which a file must be in the ratchet.
const FREE: usize = 400;
/// Lines that no file may have.
const MOST: usize = 500;
/// Bytes that no tracked file may have.
const BYTES_MAX: u64 = 1 << 20;

#[test]
fn no_large_file_grows() {
    let mut complaints = Vec::new();
    for file in files("*.rs") {
        let lines = file.text.lines().count();
        let most = recorded(&file.path).max(FREE);
        if lines > most || lines > MOST {
            let code = without_tests(&file.text).lines().count();
            let path = &file.path;
            complaints
                .push(format!("{path}: {lines} lines ({code} without tests), {most} at most"));
        }
    }
    none("split by noun, or lower the number in xtask/ratchet.txt", &complaints);
}

#[test]
fn no_tracked_file_is_larger_than_a_mebibyte() {
    let root = crate::root();
    let too_large =
        |path: &String| std::fs::metadata(root.join(path)).is_ok_and(|file| file.len() > BYTES_MAX);
    let large: Vec<String> = tracked(&root, "*").unwrap().into_iter().filter(too_large).collect();
    none("larger than 1 MiB", &large);
}
