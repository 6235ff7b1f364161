#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bodies::lists(input));

#[path = "../bodies.rs"]
mod bodies;
