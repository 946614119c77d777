use std::path::PathBuf;

use clap::Args;
use tidemark_services::sets::{self, SetPut};

use super::text;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark set put mediation.yaml")]
pub(crate) struct Options {
    /// The manifest, in YAML or JSON; - reads standard input
    file: PathBuf,
    /// The version that it was made from, 0 for a new set: refused when there is a newer one
    #[arg(long, value_name = "NUMBER")]
    based_on: Option<u32>,
}

/// Keeps a manifest.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let wish = SetPut {
        manifest: text(&options.file)?,
        based_on: options.based_on,
    };
    let console = global.console().await?;
    let set = sets::put(console.services(), &console.caller, &wish).await?;
    global.output().text(&set, |set| {
        format!("The set {} has version {} now.", set.name, set.version)
    })?;
    Ok(Outcome::Done)
}
