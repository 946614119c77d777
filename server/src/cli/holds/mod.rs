mod create;
mod list;
mod release;

use clap::{Args, Subcommand};
use serde_json::json;
use tidemark_domain::{
    AccountId, Region, Verdict,
    vaults::{HoldChange, HoldPlan, HoldRequest},
};
use tidemark_services::holds::{self, HoldConfirmed};

use super::{CliError, Global, Outcome, watch};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Legal holds of every account, newest first
    List(list::Options),
    /// Keep recovery points until the hold is released: first which they are, then the run
    Create(create::Options),
    /// Release a hold, with a reason that AWS keeps: first what it lets go, then the run
    Release(release::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Create(options) => create::run(global, &options).await,
        Command::Release(options) => release::run(global, &options).await,
    }
}

/// Where, and whether it begins.
#[derive(Debug, Args)]
struct Change {
    /// Account
    #[arg(long)]
    account: String,
    /// Region
    #[arg(long)]
    region: String,
    /// The digest of the plan that was shown; without it nothing begins
    #[arg(long, value_name = "DIGEST")]
    confirm: Option<String>,
    /// Why: for the audit log, and of a release for AWS's record of the hold
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

impl Change {
    /// Shows what would be done or, once that is confirmed, begins it.
    async fn run(&self, global: &Global, change: HoldChange) -> Result<Outcome, CliError> {
        let request = HoldRequest {
            account: AccountId::parse(&self.account)?,
            region: Region::parse(&self.region)?,
            change,
        }
        .checked()?;
        let console = global.console().await?;
        let (services, caller) = (console.services(), &console.caller);
        let output = global.output();
        let Some(digest) = &self.confirm else {
            let plan = holds::plan(services, caller, request).await?;
            output.text(&plan, words)?;
            return Ok(Outcome::Done);
        };
        let confirmed = HoldConfirmed {
            digest: digest.clone(),
            reason: self.reason.clone(),
        };
        let run = holds::start(services, caller, request, &confirmed).await?;
        output.text(&json!({ "run": run }), |_| {
            format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
        })?;
        if self.watch {
            return watch::follow(&console, run, output).await;
        }
        Ok(Outcome::Done)
    }
}

fn words(plan: &HoldPlan) -> String {
    let verb = match plan.request.change {
        HoldChange::Create(_) => "It takes",
        HoldChange::Release(_) => "It lets go",
    };
    let more = if plan.preview.more { "more than " } else { "" };
    let mut lines = vec![format!(
        "{verb} {more}{} known recovery points.",
        plan.preview.points
    )];
    lines.extend(
        plan.preview
            .examples
            .iter()
            .map(|point| format!("  {} {}", point.created_at, point.arn)),
    );
    lines.extend(
        plan.checks
            .iter()
            .filter(|check| check.verdict != Verdict::Pass)
            .map(|check| format!("{}: {} {}", check.verdict.as_str(), check.detail, check.fix)),
    );
    lines.push(format!(
        "Nothing was begun. To begin: --confirm {} --reason '…'",
        plan.digest
    ));
    lines.join("\n")
}
