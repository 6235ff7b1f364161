//! An event as a store sends it: the JSON of the API, parsed and bounded.
//!
//! Unknown fields are kept (in `properties`), never an error; a value of the wrong type is named by
//! its JSON pointer.

mod accept;
pub mod batch;
mod limits;
mod observe;
mod parse;
mod raw;
mod scalar;
pub(crate) mod spelling;
mod wire;

pub use limits::*;
pub use observe::{Observer, Place, account_key, event_key, observe};
pub use parse::{Refused, parse};
pub use wire::*;
