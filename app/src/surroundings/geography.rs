//! Which country an address is in, by a file in the MMDB format.

use std::net::IpAddr;
use std::path::Path;

use domain::observation::Country;
use domain::time::{Micros, SECOND};
use maxminddb::{MaxMindDbError, Reader, WithinOptions};
use serde::Deserialize;

use super::file::{Taken, read};

/// Addresses and their countries.
pub(super) struct Countries {
    reader: Reader<Vec<u8>>,
}

/// `country_code` as `@ip-location-db` writes it, or `country.iso_code` as others do.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    country_code: Option<&'a str>,
    #[serde(borrow)]
    country: Option<Nested<'a>>,
}

#[derive(Deserialize)]
struct Nested<'a> {
    iso_code: Option<&'a str>,
}

impl Countries {
    /// Opens and verifies a file.
    pub(super) fn open(path: &Path) -> Result<Taken<Self>, String> {
        let reader = Reader::from_source(read(path)?)
            .map_err(|error| format!("not an MMDB file: {error}"))?;
        let value = Self { reader };
        let entries = value.walk().map_err(|error| format!("the MMDB file is damaged: {error}"))?;
        let metadata = value.reader.metadata();
        let made = i64::try_from(metadata.build_epoch).unwrap_or_default();
        let dated = (made > 0).then(|| Micros(made.saturating_mul(SECOND)));
        Ok(Taken { value, entries, dated })
    }

    /// Number of networks with a country, once every one of them could be read. (The library's own
    /// `verify` also refuses files whose description is empty, as that of `@ip-location-db` is.)
    fn walk(&self) -> Result<usize, MaxMindDbError> {
        let mut entries = 0;
        for network in self.reader.networks(WithinOptions::default())? {
            let record = network?.decode::<Record<'_>>()?;
            entries += usize::from(record.is_some());
        }
        Ok(entries)
    }

    /// The country of `ip`; `None` where the file does not know it.
    pub(super) fn find(&self, ip: IpAddr) -> Option<Country> {
        let record = self.reader.lookup(ip).ok()?.decode::<Record<'_>>().ok()??;
        let code = record.country_code.or(record.country.and_then(|nested| nested.iso_code))?;
        match *code.as_bytes() {
            [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Country([a, b])),
            _ => None,
        }
    }
}
