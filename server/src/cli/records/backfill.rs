use std::time::Duration;

use clap::Args;
use serde::Serialize;
use tidemark_records::{
    Trouble,
    capture::{Applier, Backfill, BackfillOptions, prepare},
    index::IndexDocument,
};

use super::{
    place::{Layout, Place},
    progress::{Progress, units},
    shown,
};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records backfill --bucket my-backups --prefix records --table orders --capacity 200"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// How changes are stored; as the backup has it, or segments
    #[arg(long, value_enum)]
    layout: Option<Layout>,
    /// Parallel parts of the scan
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    parts: u32,
    /// Read capacity units used per second at most
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u64).range(1..))]
    capacity: Option<u64>,
    /// Name of the backfill: one that was stopped goes on under its name
    #[arg(long)]
    id: Option<String>,
}

#[derive(Serialize)]
struct Report {
    id: String,
    items: u64,
    bytes: u64,
    capacity_units: String,
    troubles: Vec<Trouble>,
}

/// Begins the capture in the index and stores what the table holds.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let output = global.output();
    let opened = options.place.open().await?;
    let table = opened.source();
    let layout = opened.layout(options.layout).await?;
    let document = prepare(&opened.index, table.as_ref(), layout, opened.now()).await?;
    let id = options
        .id
        .clone()
        .or_else(|| unfinished(&document))
        .unwrap_or_else(|| format!("backfill-{}", opened.now().as_millisecond()));
    let backfill = Backfill::new(
        table,
        opened.clock.clone(),
        Applier::new(opened.index.clone(), &document),
        BackfillOptions {
            segments: options.parts,
            capacity_milli_per_second: options.capacity.map(|units| units.saturating_mul(1_000)),
            ..BackfillOptions::default()
        },
        id.clone(),
    );
    let progress = Progress::new(output, "Backfill", document.table.item_count);
    let watch = async {
        loop {
            let state = backfill.progress().await;
            progress.show(state.items, Some(state.bytes), Some(state.capacity_milli));
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    let done = tokio::select! {
        done = backfill.run() => done,
        () = watch => return Ok(Outcome::Failed),
    };
    progress.end();
    let done = done?;
    let report = Report {
        id,
        items: done.items,
        bytes: done.bytes,
        capacity_units: units(done.capacity_milli),
        troubles: done.troubles,
    };
    output.text(&report, |report| {
        format!(
            "{} records ({} bytes) are stored, with {} read capacity units.\nChanges since then are stored by: tidemark records stream {}{}",
            report.items,
            report.bytes,
            report.capacity_units,
            options.place.words(),
            shown::troubles(&report.troubles)
        )
    })?;
    Ok(if report.troubles.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

/// A backfill that was stopped goes on before a new one begins.
fn unfinished(document: &IndexDocument) -> Option<String> {
    document
        .backfills
        .iter()
        .rev()
        .find(|backfill| backfill.completed_at.is_none())
        .map(|backfill| backfill.id.clone())
}
