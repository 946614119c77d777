//! Measures the store against its budgets: `cargo run -p tidemark-store --example bench --release`
//! with `--json` for lines that a machine reads and `--points N` for the larger catalogue. With
//! `--fill URL` it only writes such a catalogue into a database and prints its densest resource; with
//! `--by-filter` it also says what each kind of filter takes.
//!
//! SQLite in a temporary folder; PostgreSQL too when `TIDEMARK_TEST_POSTGRES_URL` is set.

#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "figures of a benchmark are small, and its estate is one value"
)]

mod catalogue;
mod engine;
mod estate;
mod report;
mod steps;
mod target;

use std::process::ExitCode;

use report::Report;
use target::Target;

/// Any failure ends the benchmark.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("The benchmark failed: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let options = Options::parse()?;
    if let Some(url) = &options.fill {
        return catalogue::fill(url, options.points).await;
    }
    let report = Report { json: options.json };
    for target in Target::all() {
        catalogue::measure(target, options.points, &report, options.by_filter).await?;
        engine::measure(target, &report).await?;
    }
    Ok(())
}

struct Options {
    json: bool,
    points: usize,
    fill: Option<String>,
    by_filter: bool,
}

impl Options {
    fn parse() -> Result<Self, Failure> {
        let mut options = Self {
            json: false,
            points: 1_000_000,
            fill: None,
            by_filter: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--by-filter" => options.by_filter = true,
                "--json" => options.json = true,
                "--points" => {
                    let points = arguments.next().ok_or("--points needs a number")?;
                    options.points = points.parse()?;
                }
                "--fill" => options.fill = Some(arguments.next().ok_or("--fill needs a URL")?),
                other => return Err(format!("unknown argument {other}").into()),
            }
        }
        Ok(options)
    }
}
