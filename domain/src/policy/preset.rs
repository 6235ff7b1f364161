//! The policies that come with Sekisho.

/// Names of the presets, the mildest first.
pub const PRESETS: [&str; 3] = ["observe", "marketplace", "jp-card-guideline-6"];

pub(super) fn text_of(name: &str) -> Option<&'static str> {
    match name {
        "observe" => Some(include_str!("presets/observe.toml")),
        "marketplace" => Some(include_str!("presets/marketplace.toml")),
        "jp-card-guideline-6" => Some(include_str!("presets/jp-card-guideline-6.toml")),
        _ => None,
    }
}
