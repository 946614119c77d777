use super::row::Row;
use crate::{cargo::cargo, process, step::step};

/// The record engine: segments, PUTs, processor time and memory per item, measured where it is
/// implemented, printed as lines of JSON.
pub(super) fn measure() -> anyhow::Result<Vec<Row>> {
    let text = step("Measuring the record engine", || {
        process::capture(
            cargo()
                .args(["run", "--quiet", "--release", "--package=tidemark-records"])
                .args(["--example=records_bench", "--", "--json"]),
        )
    })?;
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(Row::from_json)
        .collect()
}
