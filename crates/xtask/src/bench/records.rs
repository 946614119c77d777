use std::path::Path;

use super::row::Row;
use crate::{cargo::cargo, process, servers::sandbox, step::step};

/// The record engine: segments, PUTs, processor time and memory per item, measured where it is
/// implemented, printed as lines of JSON.
pub(super) fn measure(binary: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = step("Measuring the record engine", || {
        run("tidemark-records", "records_bench", &[])
    })?;
    rows.extend(step("Measuring it against bare loops", || {
        let (_sandbox, endpoint) = sandbox::start(binary)?;
        let arguments = ["--endpoint", &endpoint];
        run("tidemark-aws", "records_against_sdk", &arguments)
    })?);
    Ok(rows)
}

fn run(package: &str, example: &str, arguments: &[&str]) -> anyhow::Result<Vec<Row>> {
    let text = process::capture(
        cargo()
            .args(["run", "--quiet", "--release", "--package", package])
            .args(["--example", example, "--", "--json"])
            .args(arguments),
    )?;
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(Row::from_json)
        .collect()
}
