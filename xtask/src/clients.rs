//! Two clients of the `OpenID` provider that nobody here wrote, installed from `clients/`.

use std::process::Command;

use crate::steps::{Outcome, cargo, shown};

/// Installs what `clients/` locks and runs both against a server of the test binary.
pub(crate) fn check() -> Outcome {
    let folder = crate::root().join("clients");
    let npm = ["ci", "--no-audit", "--no-fund"];
    shown(Command::new("npm").current_dir(&folder).args(npm))
        .map_err(wants("Node 20 with npm (apt: nodejs npm)"))?;
    if !folder.join(".venv").exists() {
        shown(Command::new("python3").current_dir(&folder).args(["-m", "venv", ".venv"]))
            .map_err(wants("Python 3.11 with venv (apt: python3-venv)"))?;
    }
    let pip = ["install", "--quiet", "-r", "requirements.txt"];
    shown(Command::new(folder.join(".venv/bin/pip")).current_dir(&folder).args(pip))
        .map_err(wants("the packages of requirements.txt"))?;
    let test = ["test", "-p", "sekisho", "--test", "it", "--locked", "openid::clients"];
    shown(cargo(&test).args(["--", "--ignored"]))
}

fn wants(what: &str) -> impl Fn(String) -> String {
    move |why| format!("clients/ wants {what}: see its README ({why})")
}
