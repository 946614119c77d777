use clap::Args;
use jiff::SignedDuration;
use tidemark_domain::JobCause;
use tidemark_services::jobs;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark jobs causes --days 7")]
pub(crate) struct Options {
    /// Of so many days: 1 to 30
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=30))]
    days: i64,
}

/// Lists causes of failures.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let since = console.services().clock.now() - SignedDuration::from_hours(24 * options.days);
    let causes = jobs::causes(console.services(), &console.caller, since).await?;
    global.output().table(
        &causes,
        &[
            "KIND",
            "STATUS",
            "JOBS",
            "RESOURCES",
            "ACCOUNTS",
            "LAST",
            "MESSAGE",
        ],
        |causes: &Vec<JobCause>| {
            causes
                .iter()
                .map(|cause| {
                    vec![
                        cause.kind.as_str().to_owned(),
                        cause.status.clone(),
                        cause.jobs.to_string(),
                        cause.resources.to_string(),
                        cause.accounts.to_string(),
                        time(Some(cause.last)),
                        cause.message.clone().unwrap_or_default(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}
