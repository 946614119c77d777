use std::{fmt::Write as _, sync::Arc, time::Duration};

use clap::Args;
use serde::Serialize;
use tidemark_records::{
    RecordsError, Trouble,
    capture::{Applier, Streamer, StreamerOptions, Tick, prepare},
    checkpoints::BucketCheckpoints,
    compact::{CompactOptions, compact},
    index::Gap,
};
use tokio_util::sync::CancellationToken;

use super::{
    place::{Layout, Opened, Place},
    progress::Progress,
    shown,
};
use crate::{
    cli::{CliError, Global, Outcome},
    signals,
};

/// Pause where nothing is new.
const IDLE: Duration = Duration::from_secs(1);
/// Quiet rounds after which a stream is read to its end for now.
const QUIET: u32 = 3;
/// How often segments are merged.
const COMPACT_EVERY: Duration = Duration::from_mins(5);

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records stream --bucket my-backups --prefix records --table orders"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// How changes are stored; as the backup has it, or segments
    #[arg(long, value_enum)]
    layout: Option<Layout>,
    /// End when nothing new comes, rather than wait for more
    #[arg(long)]
    until_idle: bool,
    /// Seconds that a change waits before it is stored at the latest
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    flush_after: u64,
}

#[derive(Default, Serialize)]
struct Report {
    read: u64,
    stored: u64,
    quarantined: Vec<Trouble>,
    gaps: Vec<Gap>,
}

impl Report {
    fn add(&mut self, tick: Tick, progress: &Progress) {
        self.read += tick.read;
        self.stored += tick.stored;
        for gap in &tick.gaps {
            progress.say(&format!(
                "Changes from {} to {} are lost: the stream had forgotten them.",
                gap.from, gap.until
            ));
        }
        self.quarantined.extend(tick.quarantined);
        self.gaps.extend(tick.gaps);
        progress.show(self.read, None, None);
    }
}

/// Stores changes until it is told to stop.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let output = global.output();
    let opened = options.place.open().await?;
    let table = opened.source();
    let layout = opened.layout(options.layout).await?;
    let document = prepare(&opened.index, table.as_ref(), layout, opened.now()).await?;
    let stream = document
        .capture
        .as_ref()
        .map(|capture| capture.stream.clone())
        .unwrap_or_default();
    let mut settings = StreamerOptions::new(format!("cli-{}", uuid::Uuid::new_v4()));
    settings.flush_after = Duration::from_secs(options.flush_after);
    let mut streamer = Streamer::new(
        Arc::new(opened.clients.stream(stream)),
        Arc::new(BucketCheckpoints::new(
            opened.store.clone(),
            opened.index.paths().clone(),
        )),
        opened.clock.clone(),
        Applier::new(opened.index.clone(), &document),
        settings,
    );
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let progress = Progress::new(output, "Changes", None);
    let mut report = Report::default();
    let followed = follow(
        &opened,
        &mut streamer,
        options.until_idle,
        &stop,
        &mut report,
        &progress,
    )
    .await;
    // What was read is stored whatever ended it, and the shards are given back.
    let mut last = Tick::default();
    let flushed = streamer.flush(&mut last).await;
    let released = streamer.release().await;
    report.add(last, &progress);
    progress.end();
    followed.and(flushed).and(released)?;
    output.text(&report, |report| {
        let mut text = format!("{} changes are stored.", report.stored);
        if !report.gaps.is_empty() {
            let _ = write!(
                text,
                "\n{} gaps: what changed in them is lost. A new backfill stores the present state.",
                report.gaps.len()
            );
        }
        text + &shown::troubles(&report.quarantined)
    })?;
    Ok(if report.gaps.is_empty() && report.quarantined.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

async fn follow(
    opened: &Opened,
    streamer: &mut Streamer,
    until_idle: bool,
    stop: &CancellationToken,
    report: &mut Report,
    progress: &Progress,
) -> Result<(), RecordsError> {
    let mut quiet = 0;
    let mut compacted = tokio::time::Instant::now();
    while !stop.is_cancelled() {
        let mut pause = IDLE;
        match streamer.tick().await {
            Ok(tick) => {
                if tick.read > 0 || tick.closed {
                    quiet = 0;
                    pause = Duration::ZERO;
                } else {
                    quiet += 1;
                }
                report.add(tick, progress);
            }
            Err(error) if error.is_retryable() => progress.say(&error.to_string()),
            Err(error) => return Err(error),
        }
        if until_idle && quiet >= QUIET {
            return Ok(());
        }
        if compacted.elapsed() >= COMPACT_EVERY {
            // Merging only makes reading cheaper: whatever it meets, the capture goes on.
            let options = CompactOptions::default();
            if let Err(error) = compact(&opened.index, &options, opened.now()).await {
                progress.say(&format!("Segments were not merged: {error}"));
            }
            compacted = tokio::time::Instant::now();
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    Ok(())
}
