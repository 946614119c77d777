use clap::Args;
use tidemark_domain::{Verdict, buckets::BucketReport};
use tidemark_services::buckets;

use super::Which;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark buckets show backups-main --account 123456789012 --region eu-west-1"
)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
}

/// Says how a bucket stands; fails where a requirement does.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let place = options.which.place()?;
    let console = global.console().await?;
    let report = buckets::show(console.services(), &console.caller, place).await?;
    global.output().table(
        &report,
        &["REQUIREMENT", "VERDICT", "FOUND", "FIX"],
        |report: &BucketReport| {
            report
                .requirements
                .iter()
                .map(|one| {
                    vec![
                        one.name.clone(),
                        one.verdict.as_str().to_owned(),
                        one.found.clone(),
                        one.fix
                            .as_ref()
                            .map(ToString::to_string)
                            .unwrap_or_default(),
                    ]
                })
                .collect()
        },
    )?;
    let fails = report
        .requirements
        .iter()
        .any(|one| one.verdict == Verdict::Fail);
    Ok(if fails {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}
