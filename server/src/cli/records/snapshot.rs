use clap::Args;
use jiff::Timestamp;
use tidemark_records::snapshot::{SnapshotOptions, write_snapshot};

use super::{place::Place, progress::Progress};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records snapshot --bucket my-backups --prefix records --table orders --as-of 2026-11-20T03:00:00Z"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// The moment; by default the latest up to which changes are stored
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
}

/// Writes a snapshot in the form of `DynamoDB`'s exports.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let output = global.output();
    let opened = options.place.open().await?;
    let document = opened.index.load().await?;
    let now = opened.now();
    let until = document.stored_until();
    let as_of = options
        .as_of
        .unwrap_or_else(|| until.unwrap_or(now).min(now));
    let progress = Progress::new(output, "Snapshot", None);
    if until.is_some_and(|until| as_of > until) {
        progress.say(&format!(
            "Changes are stored up to {} only; later ones are not in the snapshot.",
            until.unwrap_or_default()
        ));
    }
    let written = write_snapshot(&opened.index, as_of, &SnapshotOptions::default(), now).await;
    progress.end();
    let snapshot = written?;
    output.text(&snapshot, |snapshot| {
        format!(
            "{} records as of {} are in {} files ({} bytes) under {}",
            snapshot.items, snapshot.as_of, snapshot.files, snapshot.bytes, snapshot.prefix
        )
    })?;
    Ok(Outcome::Done)
}
