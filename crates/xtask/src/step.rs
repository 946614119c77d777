//! Progress: the name of each step before it starts, the seconds it took after.

use std::time::Instant;

/// Runs one named step and shows how long it took.
pub(crate) fn step<T>(name: &str, body: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    println!("==> {name}");
    let start = Instant::now();
    let result = body();
    let verdict = if result.is_ok() { "done" } else { "FAILED" };
    println!(
        "    {name}: {verdict} in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    result
}

/// Says something below the current step.
pub(crate) fn note(text: &str) {
    println!("    {text}");
}
