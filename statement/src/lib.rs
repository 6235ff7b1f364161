//! What was charged, and for which order?
//!
//! [`read::statement`] and [`read::orders`] turn the bytes of a file into a [`Statement`] and
//! [`order::OrderFile`]; [`check()`] holds the lines against the orders and says of each whether it
//! was the reader's own. Nothing here touches a file, a network, a clock or chance, and no step
//! depends on the order of lines: the same contents give the same report.

pub mod check;
pub mod day;
pub mod fold;
pub mod limits;
pub mod line;
pub mod marketplace;
pub mod money;
pub mod order;
pub mod read;
pub mod seen;

pub use check::{Options, Report, check};
pub use line::{Line, Statement};
pub use money::{Currency, Money};
pub use order::Order;
pub use seen::Seen;
