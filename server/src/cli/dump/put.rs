use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;
use tidemark_dumps::{Format, Packing, Put, PutRequest};
use tidemark_services::dumps::DumpUse;
use tokio_util::sync::CancellationToken;

use super::{command, place::Place};
use crate::{
    cli::{CliError, Global, Outcome},
    signals,
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark dump put --bucket backups-main --key aerospike/2026-11-30.asb.zst --account 123456789012 --region eu-west-1 -- asbackup --namespace live --output-file -\n  pg_dump shop | tidemark dump put --bucket backups-main --key shop/2026-11-30.zst"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Name of the dump in the bucket; one that is there already is not replaced
    #[arg(long)]
    key: String,
    /// What to pack it with; zstd by default, and nothing where it comes packed by zstd or gzip
    #[arg(long, value_enum, value_name = "HOW")]
    compress: Option<Compress>,
    /// How it is read while it passes: by its beginning, as a backup of Aerospike, as a snapshot of Redis or Valkey, or not
    #[arg(long, value_enum, default_value_t = Read::Auto)]
    format: Read,
    /// The command whose standard output is stored; standard input without one
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Compress {
    Zstd,
    Gzip,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Read {
    Auto,
    Aerospike,
    Rdb,
    None,
}

impl Options {
    fn request(&self) -> PutRequest {
        PutRequest {
            key: self.key.clone(),
            packing: self.compress.map(|how| match how {
                Compress::Zstd => Packing::Zstd,
                Compress::Gzip => Packing::Gzip,
                Compress::None => Packing::None,
            }),
            format: match self.format {
                Read::Auto => Format::Auto,
                Read::Aerospike => Format::Aerospike,
                Read::Rdb => Format::Rdb,
                Read::None => Format::None,
            },
            tool: format!("tidemark {}", env!("CARGO_PKG_VERSION")),
            now: Timestamp::now,
        }
    }
}

/// Stores a dump.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let purpose = DumpUse::Put(options.key.clone());
    let opened = options.place.open(global, purpose).await?;
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let (giver, leash) = command::giver(&options.command)?;
    let stopped = async move { stop.cancelled().await };
    let request = options.request();
    let put = tidemark_dumps::put(&opened.store, &request, giver, stopped).await;
    let put = match put {
        Ok(put) => put,
        Err(error) => {
            leash.kill();
            return Err(opened.noted(error).await);
        }
    };
    let value = json!({"manifest": put.manifest, "taken_back": put.taken_back});
    global
        .output()
        .text(&value, |_| words(&put, &options.place.uri(&options.key)))?;
    Ok(Outcome::Done)
}

fn words(put: &Put, uri: &str) -> String {
    let manifest = &put.manifest;
    let mut lines = vec![
        format!("{uri} is stored, with a manifest beside it."),
        format!(
            "  as it came: {} bytes, SHA-256 {}",
            manifest.stream.bytes, manifest.stream.sha256
        ),
        format!(
            "  as it is stored ({}): {} bytes, SHA-256 {}",
            manifest.packing.as_str(),
            manifest.stored.bytes,
            manifest.stored.sha256
        ),
    ];
    lines.push(match manifest.content.name() {
        "none" => "  What is in it was not read.".to_owned(),
        format => format!("  {format}: {}", manifest.content.words()),
    });
    if put.taken_back > 0 {
        lines.push(format!(
            "  Uploads of this key that were begun before and not finished, and are taken back: {}",
            put.taken_back
        ));
    }
    lines.join("\n")
}
