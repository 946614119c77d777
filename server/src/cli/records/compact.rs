use clap::Args;
use serde::Serialize;
use tidemark_records::compact::{CompactOptions, compact};

use super::place::Place;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records compact --bucket my-backups --prefix records --table orders"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
}

#[derive(Default, Serialize)]
struct Report {
    merged: usize,
    deleted: usize,
    left: usize,
}

/// Merges segments until few are left. `stream` does so by itself; a function does not.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let opened = options.place.open().await?;
    let settings = CompactOptions::default();
    let mut report = Report::default();
    loop {
        let done = compact(&opened.index, &settings, opened.now()).await?;
        report.merged += done.segments;
        report.deleted += done.deleted;
        if done.segments == 0 {
            break;
        }
    }
    report.left = opened.index.load().await?.segments.len();
    global.output().text(&report, |report| {
        format!(
            "{} segments are merged, {} are left as they are; {} objects that were replaced more than an hour ago are deleted.",
            report.merged, report.left, report.deleted
        )
    })?;
    Ok(Outcome::Done)
}
