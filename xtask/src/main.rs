//! The two commands, and the bench.

fn main() {}
