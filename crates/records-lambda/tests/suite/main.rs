//! The function, with events as Lambda sends them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod bucket_over_http;
/// The console over fakes, as the tests of its use cases have it.
#[expect(dead_code, reason = "these tests need a part of it")]
#[path = "../../../services/tests/suite/world.rs"]
mod console;
mod events;
mod function;
mod policy;
mod recorder;
mod restorable;
mod runtime;
mod template;
mod world;
