//! The room's public functions, from outside.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod authenticator;
mod codes;
mod contacts;
mod passkeys;
mod passwords;

use std::cell::Cell;

/// Chance that is none: a counter, hashed. The same in every run.
fn dice(seed: u64) -> impl Fn(&mut [u8]) {
    let drawn = Cell::new(seed << 32);
    move |out: &mut [u8]| {
        for byte in out {
            drawn.set(drawn.get() + 1);
            let mixed = drawn.get().wrapping_mul(0x9e37_79b9_7f4a_7c15);
            *byte = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes()[1];
        }
    }
}
