//! What the machine must have before anything can be tested, and how it gets it.
//!
//! Only the PostgreSQL programs are wanted: the tests start a server of their own in a temporary
//! folder. The machine's own cluster is never made or started by us.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::steps::{Outcome, cargo, shown};

/// Makes sure everything is there; installs it as root or through passwordless sudo.
pub(crate) fn prepare() -> Outcome {
    prepare_toolchain()?;
    if !has_program("cc") {
        install(&["build-essential"], "a C compiler, for ring, SQLite and zstd")?;
    }
    if postgres_folder().is_none() {
        keep_the_machines_own_cluster_away()?;
        install(&["postgresql"], "the PostgreSQL programs (initdb, postgres), for the tests")?;
    }
    match postgres_folder() {
        Some(folder) => println!("PostgreSQL programs: {}", folder.display()),
        None => return Err("initdb and postgres are still not found after installing".into()),
    }
    Ok(())
}

/// Makes sure that there is a browser, and letters for it to write Japanese with. `CHROMIUM` names
/// another than Debian's.
pub(crate) fn prepare_browser() -> Outcome {
    if std::env::var_os("CHROMIUM").is_some() || Path::new("/usr/bin/chromium").exists() {
        return Ok(());
    }
    install(&["chromium", "fonts-noto-cjk"], "Chromium and a Japanese font, for the browser tests")
}

fn prepare_toolchain() -> Outcome {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let there = cargo(&[subcommand, "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !there {
            shown(Command::new("rustup").args(["component", "add", component])).map_err(|why| {
                format!("cargo {subcommand} is missing: `rustup component add {component}` ({why})")
            })?;
        }
    }
    Ok(())
}

/// The folder with `initdb` and `postgres`: on the PATH, or where Debian keeps them.
pub(crate) fn postgres_folder() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(versions_below("/usr/lib/postgresql"));
    folders.push("/opt/homebrew/opt/postgresql/bin".into());
    folders.into_iter().find(|f| f.join("initdb").is_file() && f.join("postgres").is_file())
}

/// The PATH with the PostgreSQL programs on it, for the tests.
pub(crate) fn path_with_postgres() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = postgres_folder().into_iter().chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

/// `bin` folders of the versions below `parent`, the newest first.
fn versions_below(parent: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

fn has_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Debian's package makes and starts a cluster unless it is told not to, before it is installed.
fn keep_the_machines_own_cluster_away() -> Outcome {
    if !has_program("apt-get") || Path::new("/etc/postgresql-common").exists() {
        return Ok(());
    }
    let write = "mkdir -p /etc/postgresql-common && \
                 echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf";
    match as_root() {
        Some(mut command) => shown(command.args(["sh", "-c", write])),
        None => Ok(()),
    }
}

fn install(packages: &[&str], why: &str) -> Outcome {
    println!("missing: {why}");
    let by_hand =
        format!("please install {why}; on Debian: apt-get install {}", packages.join(" "));
    if !has_program("apt-get") {
        return Err(by_hand);
    }
    let Some(mut update) = as_root() else { return Err(by_hand) };
    let Some(mut add) = as_root() else { return Err(by_hand) };
    shown(update.args(["apt-get", "update", "-q"]))?;
    shown(
        add.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q"])
            .args(["--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"])
            .args(packages),
    )
    .map_err(|failure| format!("{failure}; {by_hand}"))
}

/// A command prefix that runs as root without asking: `env` when we are root, else `sudo -n`.
fn as_root() -> Option<Command> {
    let we_are_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|answer| answer.stdout.trim_ascii() == b"0");
    if we_are_root {
        return Some(Command::new("env"));
    }
    let sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    sudo.then(|| {
        let mut command = Command::new("sudo");
        command.arg("-n");
        command
    })
}
