use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_records::{
    Trouble,
    diff::{Diff, DiffCounts, LiveDiff, RecordChange, TimesDiff},
    scan::ScanOptions,
};

use super::{place::Place, progress::Progress, shown, source};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records diff --bucket my-backups --prefix records --table orders \\\n    --from 2026-11-20T09:55:00Z --to 2026-11-20T10:05:00Z"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// The moment before
    #[arg(long, value_name = "TIME")]
    from: Timestamp,
    /// The moment after; the live table by default
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// The live table, where it has another name
    #[arg(long, value_name = "TABLE", conflicts_with = "to")]
    target: Option<String>,
    /// Just one partition: the partition key's value in `DynamoDB`'s own JSON
    #[arg(long, value_name = "JSON")]
    partition: Option<String>,
    /// Records listed at most; all are counted
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Key of an older backup whose table is gone, for example tenant:S,number:N
    #[arg(long, value_name = "NAME:TYPE")]
    key_schema: Option<String>,
}

/// Counts and lists what differs.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let output = global.output();
    if options.to.is_some_and(|to| to < options.from) {
        return Err(CliError::Usage("--to must not be before --from".to_owned()));
    }
    let opened = options.place.open().await?;
    let backup = source::open(&opened, options.key_schema.as_deref()).await?;
    let range = source::range(backup.schema(), options.partition.as_deref())?;
    let mut pages = if let Some(to) = options.to {
        Diff::Times(TimesDiff::open(&backup, options.from, to, range).await?)
    } else {
        let name = options.target.as_ref().unwrap_or(&opened.table_name);
        let id = format!("diff-{}", uuid::Uuid::new_v4());
        let diff = LiveDiff::open(
            &backup,
            &opened.table(name),
            &opened.clock,
            &id,
            options.from,
            range,
            &ScanOptions::default(),
        )
        .await?;
        Diff::Live(Box::new(diff))
    };
    let progress = Progress::new(output, "Compared", None);
    let mut listed: Vec<RecordChange> = Vec::new();
    let mut troubles: Vec<Trouble> = Vec::new();
    while let Some(page) = pages.next_page().await? {
        let room = options.limit.saturating_sub(listed.len());
        listed.extend(page.changes.into_iter().take(room));
        troubles.extend(page.troubles);
        let counts = pages.counts();
        let seen = counts.added + counts.removed + counts.changed + counts.unchanged;
        progress.show(seen, None, None);
    }
    progress.end();
    let counts = pages.counts();
    let report = json!({
        "from": options.from,
        "to": options.to,
        "counts": counts,
        "changes": listed.iter().map(shown::change).collect::<Vec<Value>>(),
        "troubles": troubles,
    });
    output.text(&report, |_| text(counts, &listed, &troubles))?;
    Ok(if troubles.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn text(counts: DiffCounts, listed: &[RecordChange], troubles: &[Trouble]) -> String {
    let mut text = format!(
        "{} added, {} removed, {} changed, {} unchanged",
        counts.added, counts.removed, counts.changed, counts.unchanged
    );
    for change in listed {
        let sign = match (&change.before, &change.after) {
            (None, _) => '+',
            (_, None) => '-',
            _ => '~',
        };
        let _ = write!(text, "\n{sign} {}", change.key);
    }
    let all = counts.added + counts.removed + counts.changed;
    let left = all.saturating_sub(u64::try_from(listed.len()).unwrap_or(u64::MAX));
    if left > 0 {
        let _ = write!(text, "\n  and {left} more: see --limit");
    }
    text + &shown::troubles(troubles)
}
