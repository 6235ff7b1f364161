#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| statements::statement_orders(input));

#[path = "../statements.rs"]
mod statements;
