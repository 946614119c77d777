use std::fmt::Write as _;

use clap::Args;
use serde_json::json;
use tidemark_records::{
    diff::{AttributeChange, diff_items},
    event::{Precision, Version},
    key::RecordKey,
    wire::Item,
};

use super::{place::Place, shown, source};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records history --bucket my-backups --prefix records --table orders \\\n    --key '{\"id\":{\"S\":\"o-17\"}}'"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// The record's key in `DynamoDB`'s own JSON
    #[arg(long, value_name = "JSON")]
    key: String,
    /// Key of an older backup whose table is gone, for example tenant:S,number:N
    #[arg(long, value_name = "NAME:TYPE")]
    key_schema: Option<String>,
}

/// Lists the versions of one record, oldest first.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let opened = options.place.open().await?;
    let backup = source::open(&opened, options.key_schema.as_deref()).await?;
    let key = RecordKey::parse(backup.schema(), options.key.clone()).map_err(|error| {
        CliError::Usage(format!(
            "--key: {error}; the key is {}",
            source::said(backup.schema())
        ))
    })?;
    let history = backup.history(&key).await?;
    let mut before: Option<&Item> = None;
    let mut versions = Vec::new();
    let mut lines = Vec::new();
    for version in &history.versions {
        let item = version.change.item();
        let changes = diff_items(before, item);
        versions.push(json!({
            "at": version.moment.timestamp(),
            "origin": version.moment.origin,
            "precision": version.moment.precision(),
            "sequence": version.moment.sequence.map(|sequence| sequence.to_string()),
            "item": shown::item(item),
            "changes": changes,
        }));
        lines.push(line(version, before, &changes));
        before = item;
    }
    let report = json!({
        "key": shown::key(key.as_str()),
        "versions": versions,
        "troubles": history.troubles,
    });
    global.output().text(&report, |_| {
        if lines.is_empty() {
            format!(
                "{key} was never heard of.{}",
                shown::troubles(&history.troubles)
            )
        } else {
            lines.join("\n") + &shown::troubles(&history.troubles)
        }
    })?;
    let found = !history.versions.is_empty() && history.troubles.is_empty();
    Ok(if found {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

fn line(version: &Version, before: Option<&Item>, changes: &[AttributeChange]) -> String {
    let what = match (before, version.change.item()) {
        (_, None) => "deleted",
        (None, Some(_)) => "there",
        (Some(_), Some(_)) => "changed",
    };
    let precision = match version.moment.precision() {
        Precision::Event => "",
        Precision::Second => " (when it was stored)",
    };
    let mut text = format!("{}{precision}  {what}", version.moment.timestamp());
    for change in changes {
        let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let _ = write!(
            text,
            "\n    {}: {} → {}",
            change.path,
            side(&change.before),
            side(&change.after)
        );
    }
    text
}
