//! `cargo xtask bench`: a release build of everything, then the numbers of design §7.

use std::process::{Command, ExitCode};

use crate::steps::{cargo, shown};

/// Builds, then measures; what follows is handed to the bench (`--quick`, `--only PART`).
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let built = shown(&mut cargo(&["build", "--release", "-p", "sekisho", "-p", "bench"]));
    if let Err(error) = built {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate::root().join("target"), std::path::PathBuf::from);
    let programs = target.join("release");
    let mut bench = Command::new(programs.join("bench"));
    bench.arg("--program").arg(programs.join("sekisho")).args(["--out"]);
    bench.arg(target.join("bench.json")).args(arguments);
    match bench.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("the bench ended with {status}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cannot run the bench: {error}");
            ExitCode::FAILURE
        }
    }
}
