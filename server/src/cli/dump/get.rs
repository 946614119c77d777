use clap::Args;
use tidemark_services::dumps::DumpUse;
use tokio_util::sync::CancellationToken;

use super::{command, place::Place};
use crate::{
    cli::{CliError, Global, Outcome},
    signals,
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark dump get --bucket backups-main --key aerospike/2026-11-30.asb.zst --account 123456789012 --region eu-west-1 -- asrestore --input-file -\n  tidemark dump get --bucket backups-main --key shop/2026-11-30.zst > shop.sql"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Name of the dump in the bucket
    #[arg(long)]
    key: String,
    /// The command whose standard input gets it; standard output without one. Where the dump is damaged, the command is
    /// ended before it sees the end of its input
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Brings a dump back.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let purpose = DumpUse::Get(options.key.clone());
    let opened = options.place.open(global, purpose).await?;
    let stop = CancellationToken::new();
    signals::stop_on_signals(stop.clone())?;
    let (taker, leash) = command::taker(&options.command)?;
    let stopped = async move { stop.cancelled().await };
    match tidemark_dumps::get(&opened.store, &options.key, taker, stopped).await {
        // Standard output has the stream.
        Ok(manifest) => {
            eprintln!(
                "{} was brought back: {} bytes, SHA-256 {}, {}",
                options.place.uri(&options.key),
                manifest.stream.bytes,
                manifest.stream.sha256,
                manifest.content.words()
            );
            Ok(Outcome::Done)
        }
        Err(error) => {
            leash.kill();
            Err(opened.noted(error).await)
        }
    }
}
