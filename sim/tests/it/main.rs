//! What the simulated shop is like, and what judgement makes of it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod june_night;
mod traffic;
