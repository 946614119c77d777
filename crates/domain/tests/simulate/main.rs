//! What plans will make, and what became of what they should have made.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod future;
mod past;
mod scene;
