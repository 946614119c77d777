use clap::Args;
use tidemark_domain::{
    AccountId, Page,
    runs::{Run, RunState},
};
use tidemark_services::runs::{self, RunListFilter};

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark runs list --state failed --account 123456789012")]
pub(crate) struct Options {
    /// Only runs in this state
    #[arg(long)]
    state: Option<String>,
    /// Only runs in this account
    #[arg(long)]
    account: Option<String>,
    /// How many: 1 to 200
    #[arg(long, default_value_t = 50)]
    limit: u16,
    /// `next` of the page before
    #[arg(long)]
    cursor: Option<String>,
}

/// Lists runs.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let state: Option<RunState> = options
        .state
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|error: tidemark_domain::runs::ParseRunStateError| {
            CliError::Usage(error.to_string())
        })?;
    let filter = RunListFilter {
        states: state.into_iter().collect(),
        account: options
            .account
            .as_deref()
            .map(AccountId::parse)
            .transpose()?,
        resource: None,
        cursor: options.cursor.clone(),
        limit: Some(options.limit),
    };
    let console = global.console().await?;
    let page = runs::list(console.services(), &console.caller, &filter).await?;
    global.output().table(
        &page,
        &["RUN", "KIND", "STATE", "DONE", "RESOURCE", "BY", "CREATED"],
        |page: &Page<Run>| page.items.iter().map(row).collect(),
    )?;
    Ok(Outcome::Done)
}

fn row(run: &Run) -> Vec<String> {
    vec![
        run.id.to_string(),
        run.kind.clone(),
        run.head.state.to_string(),
        run.head
            .progress
            .percent
            .map_or_else(|| "-".to_owned(), |percent| format!("{percent}%")),
        run.labels.resource.clone().unwrap_or_default(),
        run.creator.clone(),
        time(Some(run.created_at)),
    ]
}
