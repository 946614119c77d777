use clap::Args;
use serde_json::json;
use tidemark_domain::{Arn, BackupRequest};
use tidemark_services::backup;

use super::{CliError, Global, Outcome, watch};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark backup arn:aws:dynamodb:eu-west-1:123456789012:table/orders \\\n    --vault Default --delete-after-days 35 --watch"
)]
pub(super) struct Options {
    /// ARN of the resource
    resource: String,
    /// Vault that takes the recovery point
    #[arg(long)]
    vault: String,
    /// Days until it is deleted; kept for ever by default
    #[arg(long, value_name = "DAYS")]
    delete_after_days: Option<i64>,
    /// Days until it moves to cold storage
    #[arg(long, value_name = "DAYS")]
    cold_after_days: Option<i64>,
    /// Role that AWS Backup assumes; the account's default by default
    #[arg(long, value_name = "ARN")]
    service_role: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

/// Starts a backup and says which run it is.
pub(super) async fn run(global: &Global, options: Options) -> Result<Outcome, CliError> {
    let request = BackupRequest {
        resource: Arn::parse(&options.resource)?,
        vault: options.vault,
        delete_after_days: options.delete_after_days,
        cold_after_days: options.cold_after_days,
        service_role: options.service_role,
        reason: options.reason,
    };
    let console = global.console().await?;
    let run = backup::start(console.services(), &console.caller, request).await?;
    let output = global.output();
    output.text(&json!({"run": run}), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}
