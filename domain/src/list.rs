//! Infrastructure lists: text formats in, fast look-ups out.
