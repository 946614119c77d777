use super::row::Row;
use crate::{cargo::cargo, process, step::step};

/// The rules themselves, measured where they are implemented, printed as lines of JSON.
pub(super) fn measure() -> anyhow::Result<Vec<Row>> {
    let text = step("Measuring the dry run of selections", || {
        process::capture(
            cargo()
                .args(["run", "--quiet", "--release", "--package=tidemark-domain"])
                .args(["--example=dry_run_bench"]),
        )
    })?;
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(Row::from_json)
        .collect()
}
