use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tidemark_services::sets::{self, SetBackup};

use super::text;
use crate::cli::{CliError, Global, Outcome, watch};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark set backup mediation --watch\n  tidemark set backup --manifest mediation.yaml"
)]
pub(crate) struct Options {
    /// Name of the set
    #[arg(required_unless_present = "manifest", conflicts_with = "manifest")]
    name: Option<String>,
    /// A manifest that is not kept; - reads standard input
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

/// Starts the backup of a set and says which run it is. A worker carries it out.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let run = match (options.manifest, options.name) {
        (Some(file), _) => {
            sets::back_up_manifest(services, caller, &text(&file)?, &options.reason).await?
        }
        (None, name) => {
            let wish = SetBackup {
                name: name.unwrap_or_default(),
                reason: options.reason,
            };
            sets::back_up(services, caller, &wish).await?
        }
    };
    let output = global.output();
    output.text(&json!({"run": run}), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}
