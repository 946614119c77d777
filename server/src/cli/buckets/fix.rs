use clap::Args;
use serde_json::json;
use tidemark_domain::{
    Invalid, Verdict,
    buckets::{SettingsPlan, SettingsRequest},
};
use tidemark_services::buckets::{self, Confirmed};

use super::Which;
use crate::cli::{CliError, Global, Outcome, watch};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark buckets fix backups-main --account 123456789012 --region eu-west-1 --fix versioning --fix expiry:old-logs\n  … --confirm DIGEST --reason 'adopting the bucket' --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// versioning, public-access, or expiry: with the id of a lifecycle rule; may be given several times
    #[arg(long = "fix", value_name = "FIX", required = true)]
    fixes: Vec<String>,
    /// The digest of the plan that was shown; without it nothing begins
    #[arg(long, value_name = "DIGEST")]
    confirm: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let request = SettingsRequest {
        place: options.which.place()?,
        fixes: options
            .fixes
            .iter()
            .map(|fix| fix.parse())
            .collect::<Result<_, Invalid>>()?,
    };
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let output = global.output();
    let Some(digest) = &options.confirm else {
        let plan = buckets::plan(services, caller, request).await?;
        output.text(&plan, |plan| {
            format!(
                "{}\nNothing was begun. To begin: --confirm {} --reason '…'",
                words(plan),
                plan.digest
            )
        })?;
        return Ok(Outcome::Done);
    };
    let confirmed = Confirmed {
        digest: digest.clone(),
        reason: options.reason.clone(),
    };
    let run = buckets::fix(services, caller, request, &confirmed).await?;
    output.text(&json!({ "run": run }), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

fn words(plan: &SettingsPlan) -> String {
    let mut lines: Vec<String> = plan
        .changes
        .iter()
        .map(|change| {
            format!(
                "{}\n  now:  {}\n  then: {}",
                change.fix.label(),
                change.before,
                change.after
            )
        })
        .collect();
    lines.extend(
        plan.checks
            .iter()
            .filter(|check| check.verdict != Verdict::Pass)
            .map(|check| format!("{}: {} {}", check.verdict.as_str(), check.detail, check.fix)),
    );
    lines.join("\n")
}
