//! A limit on everything that a file can make large.

/// Bytes of one file.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Rows of one table, transactions of one OFX or QIF file, events of one log.
pub const ROWS_MAX: usize = 1_000_000;
/// Cells of one row.
pub const CELLS_MAX: usize = 256;
/// Bytes of one cell, or of one value of OFX and QIF.
pub const CELL_BYTES_MAX: usize = 16 << 10;
/// Rows above the header that are looked through for it.
pub const PREAMBLE_ROWS_MAX: usize = 40;
/// Rows that could not be read and are named; the rest is counted.
pub const SKIPPED_NAMED_MAX: usize = 100;
