//! Dumps of commands: the bucket that they go to and come from. What streams is the matter of `tidemark-dumps`.

mod failed;
mod open;
mod policy;

pub use failed::failed;
pub use open::{DumpUse, open};
