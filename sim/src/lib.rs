//! A believable small shop's traffic, honest and attacking, with labels, from a seed.
//!
//! For tests, the demo and the bench; never part of the product. It reads no clock: the same seed
//! and size give the same bytes. All names, addresses and networks are of our own making.

pub mod attack;
pub mod device;
pub mod dice;
pub mod honest;
pub mod network;
pub mod person;
pub mod shop;
pub mod side_by_side;
pub mod step;
mod story;
mod traffic;

pub use attack::Attack;
pub use story::story;
pub use traffic::{BEGINS_AT, Drawn, Size, Traffic};
