use clap::Args;
use serde_json::json;
use tidemark_domain::{
    Verdict,
    buckets::{BucketPlace, CopyPlan, CopyRequest, Existing},
};
use tidemark_services::buckets::{self, Confirmed};

use super::Which;
use crate::cli::{CliError, Global, Outcome, watch};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark buckets copy backups-main --account 123456789012 --region eu-west-1 --prefix cluster-1/ --to backups-dr --to-account 210987654321 --to-region eu-central-1\n  … --confirm DIGEST --reason 'a copy for the regulator' --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// The beginning of the keys; the whole bucket by default
    #[arg(long, default_value = "")]
    prefix: String,
    /// The bucket to write
    #[arg(long, value_name = "BUCKET")]
    to: String,
    /// Its account, whose role makes the copy; that of the source by default
    #[arg(long, value_name = "ACCOUNT")]
    to_account: Option<String>,
    /// Its Region; that of the source by default
    #[arg(long, value_name = "REGION")]
    to_region: Option<String>,
    /// What takes the place of the prefix there; the same by default
    #[arg(long, value_name = "PREFIX")]
    to_prefix: Option<String>,
    /// Where another object is there: skip it, or replace it
    #[arg(long, default_value = "skip")]
    existing: String,
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

impl Options {
    fn request(&self) -> Result<CopyRequest, CliError> {
        let from = self.which.place()?;
        let account = self.to_account.as_deref();
        let region = self.to_region.as_deref();
        Ok(CopyRequest {
            to: BucketPlace::parse(
                account.unwrap_or(from.account.as_str()),
                region.unwrap_or(from.region.as_str()),
                &self.to,
            )?,
            from,
            prefix: self.prefix.clone(),
            to_prefix: self.to_prefix.clone().unwrap_or(self.prefix.clone()),
            existing: Existing::parse(&self.existing)?,
        })
    }
}

pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let request = options.request()?;
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let output = global.output();
    let Some(digest) = &options.confirm else {
        let plan = buckets::plan_copy(services, caller, request).await?;
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
    let run = buckets::copy(services, caller, request, &confirmed).await?;
    output.text(&json!({ "run": run }), |_| {
        format!("Run {run} was begun. Follow it: tidemark runs watch {run}")
    })?;
    if options.watch {
        return watch::follow(&console, run, output).await;
    }
    Ok(Outcome::Done)
}

fn words(plan: &CopyPlan) -> String {
    let counts = &plan.counts;
    let more = if plan.complete { "" } else { " or more" };
    let mut lines = vec![format!(
        "{} objects{more} ({} bytes): {} to copy ({} bytes), {} there already, {} compared by checksum, {} others there, {} left.",
        counts.objects,
        counts.bytes,
        counts.missing,
        counts.missing_bytes,
        counts.there,
        counts.unclear,
        counts.differ,
        counts.left
    )];
    lines.extend(
        plan.notes
            .iter()
            .map(|note| format!("  {}: {}", note.key, note.why)),
    );
    lines.extend(
        plan.checks
            .iter()
            .filter(|check| check.verdict != Verdict::Pass)
            .map(|check| format!("{}: {} {}", check.verdict.as_str(), check.detail, check.fix)),
    );
    lines.join("\n")
}
