use clap::Args;
use jiff::Timestamp;
use tidemark_domain::{
    Arn, Invalid, VaultName,
    vaults::{HoldChange, NewHold},
};

use super::Change;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark holds create 'Case 2026-7' --description 'Kept for the court' --account 123456789012 --region eu-west-1 --vault orders-main\n  … --confirm DIGEST --reason 'letter of the court of 3 May' --watch"
)]
pub(crate) struct Options {
    /// Title
    title: String,
    /// What it is for
    #[arg(long)]
    description: String,
    /// Only points in this vault; may be given several times
    #[arg(long = "vault", value_name = "NAME")]
    vaults: Vec<String>,
    /// Only points of this resource; may be given several times
    #[arg(long = "resource", value_name = "ARN")]
    resources: Vec<String>,
    /// Only points made at this time or later, such as 2026-01-01T00:00:00Z
    #[arg(long, requires = "until")]
    from: Option<String>,
    /// Only points made at this time or earlier
    #[arg(long, requires = "from")]
    until: Option<String>,
    #[command(flatten)]
    change: Change,
}

/// Makes a legal hold.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let moment = |field: &'static str, text: &Option<String>| -> Result<_, Invalid> {
        text.as_deref()
            .map(|text| {
                text.parse::<Timestamp>()
                    .map_err(|_| Invalid::new(field, "must be a time such as 2026-01-01T00:00:00Z"))
            })
            .transpose()
    };
    let new = NewHold {
        title: options.title.clone(),
        description: options.description.clone(),
        vaults: options
            .vaults
            .iter()
            .map(VaultName::parse)
            .collect::<Result<_, _>>()?,
        resources: options
            .resources
            .iter()
            .map(Arn::parse)
            .collect::<Result<_, _>>()?,
        from: moment("from", &options.from)?,
        until: moment("until", &options.until)?,
    };
    options.change.run(global, HoldChange::Create(new)).await
}
