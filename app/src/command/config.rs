//! `sekisho config`: the settings in force and where each was said.

use super::{Call, Exit, Failure, say};
use crate::config::Source;

/// No arguments of its own.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints every setting; secrets only as said or not said.
pub fn run(_: Args, call: &Call) -> Result<Exit, Failure> {
    for (setting, spoken) in call.config.said.all() {
        let value = match (setting.secret, spoken.value.as_str()) {
            (_, "") => "",
            (true, _) => "•••",
            (false, value) => value,
        };
        let source = match spoken.source {
            Source::Flag => "flag",
            Source::Variable => "variable",
            Source::File => "file",
            Source::Default => "default",
        };
        if call.json {
            say(serde_json::json!({ "name": setting.name, "value": value, "source": source })
                .to_string())?;
        } else {
            say(format!(
                "{:<32} {value:<24} {}",
                setting.name,
                call.config.said.place(setting.name)
            ))?;
        }
    }
    Ok(Exit::Fine)
}
