//! Measures backfill and restore of record-level backups against bare loops over the AWS SDK that
//! make the same calls with the same concurrency to the same endpoint:
//! `cargo run -p tidemark-aws --example records_against_sdk --release -- --endpoint URL`, with `--json`
//! for lines that a machine reads and `--items N` (20,000 by default).
//!
//! Both take turns in one process, several times; a row is the median of the ratios.

mod bare;
mod engine;
mod place;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use place::Place;

/// How often both take their turn.
const ROUNDS: usize = 5;
const BUDGET: f64 = 1.15;

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("The benchmark failed: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let mut endpoint = None;
    let mut items = 20_000;
    let mut json = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.ok_or_else(|| anyhow::anyhow!("a value is missing after {argument}"))
        };
        match argument.as_str() {
            "--json" => json = true,
            "--endpoint" => endpoint = Some(value()?),
            "--items" => items = value()?.parse()?,
            other => anyhow::bail!("unknown argument {other}"),
        }
    }
    let endpoint = endpoint.ok_or_else(|| anyhow::anyhow!("--endpoint is missing"))?;
    let place = Place::make(&endpoint, items).await?;
    for step in [Step::Objects, Step::Segments, Step::Restore] {
        let mut ratios = Vec::new();
        for round in 0..ROUNDS {
            // Who comes second finds a fuller endpoint.
            let (bare, ours) = if round % 2 == 0 {
                let bare = timed(bare::run(&place, step, round)).await?;
                (bare, timed(engine::run(&place, step, round)).await?)
            } else {
                let ours = timed(engine::run(&place, step, round)).await?;
                (timed(bare::run(&place, step, round)).await?, ours)
            };
            eprintln!(
                "{}, round {round}: bare {bare:.2?}, ours {ours:.2?}",
                step.name()
            );
            ratios.push(ours.as_secs_f64() / bare.as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios[ROUNDS / 2];
        let row = format!("{} of {items} items against a bare SDK loop", step.name());
        let (budget, figure) = (format!("≤ {BUDGET} ×"), format!("{ratio:.2} ×"));
        let ok = ratio <= BUDGET;
        if json {
            println!(
                "{}",
                serde_json::json!({"row": row, "budget": budget, "figure": figure, "ok": ok})
            );
        } else {
            let verdict = if ok { "holds" } else { "MISSED" };
            println!("{row:<64} {budget:>10} {figure:>10} {verdict}  {ratios:.2?}");
        }
    }
    Ok(())
}

/// What is measured.
#[derive(Clone, Copy)]
enum Step {
    /// Scan a table, write one object per record.
    Objects,
    /// Scan a table, write few large objects.
    Segments,
    /// Read few large objects, write a new table.
    Restore,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Objects => "Backfill in the objects layout",
            Self::Segments => "Backfill in the segments layout",
            Self::Restore => "Restore into a new table from segments",
        }
    }
}

async fn timed(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<Duration> {
    let begin = Instant::now();
    work.await?;
    Ok(begin.elapsed())
}
