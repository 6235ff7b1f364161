//! Is this mail genuine?
//!
//! From raw bytes to a [`Report`]: a verdict, a score, and reasons that each name what they were read
//! from. Nothing is fetched, nothing is run, nothing is kept. Reading never fails: what cannot be
//! read is itself a finding.

mod authentication;
mod brands;
mod campaign;
mod fold;
mod html;
mod link;
mod pretext;
mod read;
mod report;
mod shown;
mod signals;

pub use authentication::Results;

pub use brands::{BadBrands, Brand, Brands};
pub use campaign::Traits;
pub use link::organisation;
pub use read::{LIMIT_BYTES, Mail};
pub use report::{Fact, Options, Reason, Report, Unchecked, Verdict};
pub use shown::ShownLink;
pub use signals::{SIGNALS, Signal, check, evidence};
