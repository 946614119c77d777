//! The function, with events as Lambda sends them.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bucket_over_http;
mod events;
mod function;
mod policy;
mod recorder;
mod runtime;
mod template;
mod world;
