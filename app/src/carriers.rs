//! Which carriers are asked by a program to stop a parcel, and which a person has to call (§2.4, C16).
//!
//! No carrier of Japan documents a way for programs; the store's own system may have one by its
//! contract as a shipper, and says so in the setting `carriers`. Its answers come back by the API.

use crate::config::Config;

/// Names as they stand in shipments, of carriers that are asked by webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carriers(pub Vec<String>);

impl Carriers {
    /// Those of the setting.
    pub fn of(config: &Config) -> Self {
        let names = config.said.text("carriers").split(',').map(str::trim);
        Self(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }
}
