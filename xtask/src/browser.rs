//! The pages in a real browser: the tests of `browser/`, against the real program.

use std::process::Command;

use crate::machine;
use crate::steps::{Outcome, cargo, shown};

/// Installs what `browser/` locks, and runs its tests; pictures of all pages are left in
/// `target/screenshots`.
pub(crate) fn check() -> Outcome {
    machine::prepare_browser()?;
    let root = crate::root();
    let folder = root.join("browser");
    let npm = ["ci", "--no-audit", "--no-fund"];
    shown(Command::new("npm").current_dir(&folder).args(npm))
        .map_err(|why| format!("browser/ wants Node 20 or newer with npm ({why})"))?;
    shown(&mut cargo(&["build", "-p", "sekisho", "-p", "example-store", "--locked"]))?;
    // They stand beside us.
    let us = std::env::current_exe().map_err(|error| error.to_string())?;
    let old = root.join("target/screenshots");
    if old.exists() {
        std::fs::remove_dir_all(&old).map_err(|error| format!("{}: {error}", old.display()))?;
    }
    // One file after another: each has a server and a browser of its own.
    let test = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
    let mut node = Command::new("node");
    node.env("SEKISHO", us.with_file_name("sekisho"));
    node.env("STORE", us.with_file_name("example-store"));
    shown(node.current_dir(&folder).args(test))
}
