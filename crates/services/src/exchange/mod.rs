//! Plans from the files of others.

mod read;
mod yaml;

pub use read::{read, sniff};
