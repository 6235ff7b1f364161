//! Recorded events, judged again: from files or from the server's own log.
//!
//! Four stages, joined by chunks and never by lines: one thread reads and unpacks, as many as the
//! machine has to spare parse and observe, one judges, one writes. The order is the files' order,
//! held by chunk number; what is in flight is bounded, so a log of any size takes the same memory
//! and only accounts cost some.

pub mod chunk;
pub mod compare;
pub mod input;
mod judge;
pub mod labels;
pub mod line;
mod output;
pub mod own_log;
pub mod parse;
mod pipeline;
pub mod rba;
pub mod recall;
mod repeats;
pub mod report;

pub use compare::{Change, Comparison};
pub use judge::{Judging, Rules};
pub use labels::{LabelError, Labels};
pub use pipeline::{Settings, Stopped, run};
pub use recall::{Recall, Recalls, Scores};
pub use report::{BadLine, Report};

/// What the lines of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// One event of the API a line, as JSON.
    #[default]
    Events,
    /// The 16 columns of the RBA data set (das-group).
    RbaCsv,
}
