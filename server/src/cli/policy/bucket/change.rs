use clap::Args;
use serde_json::json;
use tidemark_domain::{
    Verdict,
    policy::{AccessChange, AccessPlan, AccessRequest, StatementFate},
    runs::RunId,
};
use tidemark_services::policies::{self, PolicyConfirmed};

use super::{Access, Place};
use crate::cli::{CliError, Global, Outcome, watch};

/// Whether it begins.
#[derive(Debug, Args)]
struct Begin {
    /// Begin; without it the plan is shown and nothing begins
    #[arg(long)]
    apply: bool,
    /// Only if the plan has still this digest, as it was shown
    #[arg(long, value_name = "DIGEST", requires = "apply")]
    digest: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    reason: String,
    /// Follow the run until it ends
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark policy bucket grant --account 444444444444 --region eu-central-1 --bucket volume-archive --for block-storage --role arn:aws:iam::333333333333:role/Exporter\n  … the same with --apply --reason 'new cluster' --watch"
)]
pub(crate) struct Grant {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    begin: Begin,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark policy bucket revoke --account 444444444444 --region eu-central-1 --bucket volume-archive --for block-storage --role arn:aws:iam::333333333333:role/Exporter --apply --reason 'cluster is gone'"
)]
pub(crate) struct Revoke {
    #[command(flatten)]
    access: Access,
    #[command(flatten)]
    begin: Begin,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark policy bucket return --account 444444444444 --region eu-central-1 --bucket volume-archive --run 0192f0c1-2a3b-7c4d-8e5f-0123456789ab --apply --reason 'not needed'"
)]
pub(crate) struct Return {
    #[command(flatten)]
    place: Place,
    /// The run that changed the policy
    #[arg(long)]
    run: RunId,
    #[command(flatten)]
    begin: Begin,
}

pub(super) async fn grant(global: &Global, options: &Grant) -> Result<Outcome, CliError> {
    let request = options.access.request(AccessChange::Grant)?;
    change(global, request, &options.begin).await
}

pub(super) async fn revoke(global: &Global, options: &Revoke) -> Result<Outcome, CliError> {
    let request = options.access.request(AccessChange::Revoke)?;
    change(global, request, &options.begin).await
}

pub(super) async fn give_back(global: &Global, options: &Return) -> Result<Outcome, CliError> {
    let change_back = AccessChange::Return { run: options.run };
    let request = options.place.request(change_back)?;
    change(global, request, &options.begin).await
}

async fn change(
    global: &Global,
    request: AccessRequest,
    begin: &Begin,
) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let plan = policies::plan(services, caller, request.clone()).await?;
    let output = global.output();
    if !begin.apply {
        output.text(&plan, |plan| {
            format!(
                "{}\nNothing was begun. To begin: --apply --digest {} --reason '…'",
                words(plan),
                plan.digest
            )
        })?;
        return Ok(Outcome::Done);
    }
    let confirmed = PolicyConfirmed {
        digest: begin.digest.clone().unwrap_or_else(|| plan.digest.clone()),
        reason: begin.reason.clone(),
    };
    let run = policies::start(services, caller, request, &confirmed).await?;
    output.text(&json!({"run": run, "plan": plan}), |_| {
        format!(
            "{}\nRun {run} was begun. Follow it: tidemark runs watch {run}",
            words(&plan)
        )
    })?;
    if begin.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

/// The plan in a few lines.
fn words(plan: &AccessPlan) -> String {
    let mut lines = Vec::new();
    for change in &plan.changes {
        lines.push(format!(
            "{} {}: {}",
            change.label,
            change.fate.as_str(),
            change.words
        ));
        if change.fate == StatementFate::Kept {
            continue;
        }
        for (sign, text) in [("-", &change.before), ("+", &change.after)] {
            for line in text.iter().flat_map(|text| text.lines()) {
                lines.push(format!("  {sign} {line}"));
            }
        }
    }
    if !plan.changes_anything() {
        lines.push("The policy stays as it is, byte for byte.".to_owned());
    }
    for check in plan.checks.iter().filter(|c| c.verdict != Verdict::Pass) {
        lines.push(format!(
            "{}: {}: {} {}",
            check.verdict.as_str(),
            check.name,
            check.detail,
            check.fix
        ));
    }
    for finding in &plan.findings {
        lines.push(format!(
            "{}: {}: {}",
            finding.danger.as_str(),
            finding.statement.as_deref().unwrap_or("the whole policy"),
            finding.what
        ));
    }
    lines.join("\n")
}
