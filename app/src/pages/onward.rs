//! The page between a form of ours and the store that asked for the sign-in.

use serde::Serialize;

use super::Page;

/// Leads on by itself.
#[derive(Serialize)]
pub(super) struct Onward {
    /// Where to: a path of ours.
    pub(super) to: String,
}

impl Page for Onward {
    const TEMPLATE: &'static str = "onward.html";

    fn samples() -> Vec<Self> {
        vec![Self { to: "/authorize/continue?request=areq_0".to_owned() }]
    }
}
