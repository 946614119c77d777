use super::row::Row;
use crate::{cargo::cargo, process, servers::postgres, step::step};

/// Catalogue queries, ingest and the run engine, on SQLite and PostgreSQL: measured where they are
/// implemented, printed as lines of JSON.
pub(super) fn measure() -> anyhow::Result<Vec<Row>> {
    let database = step("Starting a private PostgreSQL", postgres::start)?;
    let text = step("Measuring the catalogue and the run engine", || {
        process::capture(
            cargo()
                .args(["run", "--quiet", "--release", "--package=tidemark-store"])
                .args(["--example=bench", "--", "--json"])
                .env("TIDEMARK_TEST_POSTGRES_URL", &database.url),
        )
    })?;
    text.lines()
        .filter(|line| line.starts_with('{'))
        .map(Row::from_json)
        .collect()
}

/// Writes a catalogue of so many points into a database; answers the ARN of its densest resource.
pub(super) fn fill(url: &str, points: usize) -> anyhow::Result<String> {
    let text = process::capture(
        cargo()
            .args(["run", "--quiet", "--release", "--package=tidemark-store"])
            .args(["--example=bench", "--", "--fill", url, "--points"])
            .arg(points.to_string()),
    )?;
    Ok(text.trim().to_owned())
}
