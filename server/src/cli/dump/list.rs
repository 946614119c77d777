use clap::Args;
use serde_json::json;
use tidemark_dumps::{Listed, Manifest};
use tidemark_services::dumps::DumpUse;

use super::place::Place;
use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark dump list --bucket backups-main --prefix aerospike/ --account 123456789012 --region eu-west-1"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// The beginning of the dumps' names
    #[arg(long, default_value = "")]
    prefix: String,
}

/// Lists dumps.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let purpose = DumpUse::List(options.prefix.clone());
    let opened = options.place.open(global, purpose).await?;
    let listed = tidemark_dumps::list(&*opened.store, &options.prefix).await?;
    let output = global.output();
    let unfinished: Vec<_> = listed
        .unfinished
        .iter()
        .map(|upload| json!({"key": upload.key, "upload": upload.id, "begun": upload.begun}))
        .collect();
    let unclear: Vec<_> = listed
        .unclear
        .iter()
        .map(|(key, why)| json!({"key": key, "why": why}))
        .collect();
    let value = json!({"dumps": listed.dumps, "unclear": unclear, "unfinished": unfinished});
    output.table(
        &value,
        &[
            "STORED",
            "KEY",
            "BYTES",
            "STORED BYTES",
            "FORMAT",
            "CONTENT",
        ],
        |_| listed.dumps.iter().map(row).collect(),
    )?;
    if !output.is_json() {
        rest(&listed);
    }
    Ok(Outcome::Done)
}

fn row(manifest: &Manifest) -> Vec<String> {
    vec![
        time(Some(manifest.stored_at)),
        manifest.key.clone(),
        manifest.stream.bytes.to_string(),
        manifest.stored.bytes.to_string(),
        manifest.content.name().to_owned(),
        manifest.content.words(),
    ]
}

/// What is no dump, to standard error: the table is of dumps.
fn rest(listed: &Listed) {
    for (key, why) in &listed.unclear {
        eprintln!("The manifest of {key} makes no sense: {why}");
    }
    for upload in &listed.unfinished {
        eprintln!(
            "An upload of {} was begun at {} and is not finished; the next dump of that key takes it back.",
            upload.key,
            time(upload.begun)
        );
    }
}
