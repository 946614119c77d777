use clap::Args;
use tidemark_services::sets;

use crate::cli::{CliError, Global, Outcome, output::time};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark set list")]
pub(crate) struct Options {}

/// Lists sets.
pub(super) async fn run(global: &Global, _options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let rows = sets::list(console.services(), &console.caller).await?;
    global.output().table(
        &rows,
        &["SET", "MEMBERS", "VERSION", "CHANGED", "BY", "WHAT"],
        |rows| {
            rows.iter()
                .map(|row| {
                    vec![
                        row.name.clone(),
                        row.members.to_string(),
                        row.version.to_string(),
                        time(Some(row.written_at)),
                        row.written_by.clone(),
                        row.description.clone(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(Outcome::Done)
}
