use clap::Args;
use tidemark_domain::{AccountId, Region};
use tidemark_services::policies::{self, StackQuery};

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark policy bucket roles --account 333333333333 --region eu-west-1\n  tidemark policy bucket roles --account 333333333333 --region eu-west-1 --stack block-storage --text exporter"
)]
pub(crate) struct Options {
    /// Account whose stacks are looked into
    #[arg(long)]
    account: String,
    /// Their Region
    #[arg(long)]
    region: String,
    /// Only below this stack, by name or id
    #[arg(long, default_value = "")]
    stack: String,
    /// Only roles whose name or logical id holds this; by default `InstanceRole` and `LambdaRole`
    #[arg(long, default_value = "")]
    text: String,
}

pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let query = StackQuery {
        account: AccountId::parse(&options.account)?,
        region: Region::parse(&options.region)?,
        stack: options.stack.clone(),
        text: options.text.clone(),
    };
    let console = global.console().await?;
    let found = policies::roles(console.services(), &console.caller, &query).await?;
    let output = global.output();
    output.table(&found, &["ROLE", "LOGICAL ID", "STACK"], |found| {
        found
            .roles
            .iter()
            .map(|role| {
                vec![
                    role.arn.to_string(),
                    role.logical_id.clone(),
                    role.stacks.join(" / "),
                ]
            })
            .collect()
    })?;
    if !output.is_json() {
        for note in &found.notes {
            eprintln!("{note}");
        }
    }
    Ok(Outcome::Done)
}
