//! Every signal there is, by group.

mod change;
mod exposure;
mod familiarity;
mod infrastructure;
mod links;
mod purchase;
mod travel;
mod velocity;

use super::Signal;

/// Every signal there is: one slice a group, in the order of [`super::Group`].
pub static SIGNALS: &[&[Signal]] = &[
    familiarity::SIGNALS,
    velocity::SIGNALS,
    infrastructure::SIGNALS,
    travel::SIGNALS,
    change::SIGNALS,
    purchase::SIGNALS,
    links::SIGNALS,
    exposure::SIGNALS,
];
