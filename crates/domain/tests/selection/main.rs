//! What plans would take of an estate.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod dry_run;
