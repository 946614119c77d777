use clap::Args;
use tidemark_domain::policy::PolicyShown;
use tidemark_services::policies;

use super::Place;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark policy bucket show --account 444444444444 --region eu-central-1 --bucket volume-archive"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let (account, region, bucket) = options.place.parsed()?;
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let shown = policies::show(services, caller, &account, &region, &bucket).await?;
    global.output().text(&shown, words)?;
    Ok(Outcome::Done)
}

fn words(shown: &PolicyShown) -> String {
    let Some(policy) = &shown.policy else {
        return format!("The bucket {} has no policy.", shown.bucket);
    };
    let mut lines: Vec<String> = shown
        .statements
        .iter()
        .map(|statement| format!("{}: {}", statement.label, statement.words))
        .collect();
    lines.extend(shown.findings.iter().map(|finding| {
        format!(
            "{} ({}): {} {}",
            finding.danger.as_str(),
            finding.statement.as_deref().unwrap_or("the whole policy"),
            finding.what,
            finding.fix
        )
    }));
    lines.push(String::new());
    lines.push(policy.clone());
    lines.join("\n")
}
