//! Builds, runs, tests and measures Tidemark.

fn main() {}
