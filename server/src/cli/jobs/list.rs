use clap::{Args, ValueEnum};
use jiff::Timestamp;
use tidemark_domain::{AccountId, JobFilter, JobKind, JobOutcome, JobRow, Page, Region};
use tidemark_services::jobs;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark jobs list --outcome failed --kind copy --since 2026-11-21T00:00:00Z"
)]
pub(crate) struct Options {
    /// Only jobs of this kind
    #[arg(long)]
    kind: Option<Kind>,
    /// Only jobs with this outcome
    #[arg(long)]
    outcome: Option<Ended>,
    /// Only jobs of this account
    #[arg(long)]
    account: Option<String>,
    /// Only jobs of this Region
    #[arg(long)]
    region: Option<String>,
    /// Part of the resource's ARN or of the message
    #[arg(long)]
    text: Option<String>,
    /// Only jobs asked for at this time or later, such as 2026-11-21T00:00:00Z
    #[arg(long)]
    since: Option<Timestamp>,
    /// How many: 1 to 200
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// `next` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// Makes a recovery point
    Backup,
    /// Copies one
    Copy,
    /// Restores from one
    Restore,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Ended {
    /// Failed, aborted, expired or partial
    Failed,
    /// Not over yet
    Running,
    /// Completed
    Completed,
}

/// Lists jobs.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let account = options.account.as_deref();
    let filter = JobFilter {
        kind: options.kind.map(|kind| match kind {
            Kind::Backup => JobKind::Backup,
            Kind::Copy => JobKind::Copy,
            Kind::Restore => JobKind::Restore,
        }),
        outcome: options.outcome.map(|outcome| match outcome {
            Ended::Failed => JobOutcome::Failed,
            Ended::Running => JobOutcome::Running,
            Ended::Completed => JobOutcome::Completed,
        }),
        account: account.map(AccountId::parse).transpose()?,
        region: options.region.as_deref().map(Region::parse).transpose()?,
        text: options.text.clone(),
        since: options.since,
        owner: None,
        cursor: options.cursor.clone(),
        limit: Some(options.limit),
    };
    let console = global.console().await?;
    let page = jobs::list(console.services(), &console.caller, filter).await?;
    global.output().table(
        &page,
        &[
            "CREATED", "KIND", "STATUS", "RESOURCE", "ACCOUNT", "REGION", "VAULT", "MESSAGE",
        ],
        |page: &Page<JobRow>| {
            page.items
                .iter()
                .map(|JobRow { job, .. }| {
                    vec![
                        time(Some(job.created_at)),
                        job.kind.as_str().to_owned(),
                        job.status.clone(),
                        job.resource_arn
                            .as_ref()
                            .map(ToString::to_string)
                            .unwrap_or_default(),
                        job.account.to_string(),
                        job.region.to_string(),
                        job.vault.clone().unwrap_or_default(),
                        job.message.clone().unwrap_or_default(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}
