//! Measures the record engine against its budgets:
//! `cargo run -p tidemark-records --example records_bench --release`, with `--json` for lines that a
//! machine reads and `--items N` for the larger table (1,000,000 by default).
//!
//! Against ports of its own: a table that makes its items up, and a bucket in a temporary folder,
//! so that the figures are the engine's alone.

#![expect(
    clippy::cast_precision_loss,
    reason = "figures of a benchmark are small"
)]

mod encode;
mod folder_store;
mod made_up_table;
mod puts;
mod report;
mod volume;

use std::process::ExitCode;

use report::Report;

/// Any failure ends the benchmark.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
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
    let mut json = false;
    let mut items = 1_000_000;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || -> Result<u64, Failure> {
            Ok(arguments.next().ok_or("a number is missing")?.parse()?)
        };
        match argument.as_str() {
            "--json" => json = true,
            "--items" => items = number()?,
            // A process of its own for each size, so that its peak memory is that size's.
            "--volume" => return volume::child(number()?).await,
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    let report = Report { json };
    encode::measure(&report)?;
    puts::measure(&report).await?;
    for items in [items / 10, items] {
        volume::measure(items, &report)?;
    }
    Ok(())
}
