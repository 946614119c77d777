use clap::Args;
use tidemark_domain::{
    Verdict,
    policy::{AccessChange, AccessProof},
};
use tidemark_services::policies;

use super::Access;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark policy bucket check --account 444444444444 --region eu-central-1 --bucket volume-archive --for block-storage --role arn:aws:iam::333333333333:role/Exporter\n\nIt ends with 1 unless every role has access."
)]
pub(crate) struct Options {
    #[command(flatten)]
    access: Access,
}

pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let request = options.access.request(AccessChange::Grant)?;
    let console = global.console().await?;
    let proof = policies::check(console.services(), &console.caller, request).await?;
    global.output().text(&proof, words)?;
    Ok(match proof.verdict() {
        Verdict::Pass => Outcome::Done,
        Verdict::Warn | Verdict::Fail | Verdict::Unknown => Outcome::Failed,
    })
}

fn words(proof: &AccessProof) -> String {
    let mut lines = Vec::new();
    for grant in &proof.grants {
        lines.push(format!(
            "{}: {} on {} for {}. {}",
            grant.verdict.as_str(),
            grant.action,
            grant.resource,
            grant.principal,
            grant.detail
        ));
        if let Some(missing) = &grant.missing {
            lines.push(format!("  {}", missing.replace('\n', "\n  ")));
        }
    }
    lines.extend(proof.notes.iter().cloned());
    lines.join("\n")
}
