//! An event as a store sends it: the JSON of the API, parsed and bounded.
//!
//! Unknown fields are kept (in `properties`), never an error; a value of the wrong type is named by
//! its JSON pointer.

mod observe;
mod parse;
mod wire;

pub use observe::{Place, observe};
pub use parse::{Refused, parse};
pub use wire::*;
