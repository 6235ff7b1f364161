//! What people and stores meet: the API, the jobs and the command line.

pub mod judge;
