//! What plans would take of an estate.
#![expect(clippy::unwrap_used, reason = "tests")]

mod dry_run;
