//! The dependency budget, its reasons and its bans.

use super::{files, none, recorded};

/// Packages that are never built, not even through others. (`Cargo.lock` also names what would be
/// built for other machines or with features that nobody asks for.)
const BANNED: &[&str] = &[
    "openssl",
    "openssl-sys",
    "native-tls",
    "aws-lc-rs",
    "aws-lc-sys",
    "diesel",
    "sea-orm",
    "async-std",
    "chrono",
];

fn packages() -> Vec<String> {
    let lock = std::fs::read_to_string(crate::root().join("Cargo.lock")).unwrap();
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \""));
    names.map(|name| name.trim_end_matches('"').to_owned()).collect()
}

#[test]
fn the_number_of_packages_does_not_grow() {
    let (count, most) = (packages().len(), recorded("packages"));
    assert!(count <= most, "{count} packages in Cargo.lock, {most} recorded in xtask/ratchet.txt");
}

#[test]
fn no_banned_package_comes_in() {
    let tree = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--prefix", "none", "--format", "{p}", "--edges", "all"])
        .current_dir(crate::root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let built = String::from_utf8(tree.stdout).unwrap();
    let names = built.lines().filter_map(|line| line.split(' ').next());
    let names: std::collections::BTreeSet<&str> = names.collect();
    assert!(names.contains("ring"), "the tree was read");
    let banned = names.into_iter().filter(|name| BANNED.contains(name)).map(str::to_owned);
    none("banned packages", &banned.collect::<Vec<_>>());
}

/// Not asked of what everything in the language stands on.
const SELF_EVIDENT: &[&str] = &["serde", "thiserror", "tokio", "toml", "tracing", "url"];

#[test]
fn every_dependency_has_its_reason() {
    let manifest = files("Cargo.toml").into_iter().find(|file| file.path == "Cargo.toml").unwrap();
    let (_, rest) = manifest.text.split_once("[workspace.dependencies]").unwrap();
    let lines: Vec<&str> = rest.split("\n[").next().unwrap_or_default().lines().collect();
    let mut complaints = Vec::new();
    for pair in lines.windows(2) {
        let [above, line] = [pair[0], pair[1]];
        let Some((name, value)) = line.split_once(" = ") else { continue };
        let ours = value.contains("path = ");
        let family = SELF_EVIDENT.iter().any(|one| name.starts_with(one));
        if !ours && !family && !above.starts_with('#') {
            complaints.push(name.to_owned());
        }
    }
    none("a reason stands in the line above", &complaints);
}
