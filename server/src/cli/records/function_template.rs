use clap::Args;

use crate::cli::{CliError, Outcome, output::line};

/// The template beside the function that it deploys.
const TEMPLATE: &str = include_str!("../../../../crates/records-lambda/template.yaml");

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark records function-template > capture.yaml\n  aws cloudformation deploy --template-file capture.yaml --stack-name capture-orders --capabilities CAPABILITY_IAM \\\n    --parameter-overrides StreamArn=… Bucket=my-backups Prefix=records CodeBucket=my-code"
)]
pub(crate) struct Options {}

/// Prints the template, which CloudFormation takes as it is.
pub(super) fn run(_: &Options) -> Result<Outcome, CliError> {
    line(TEMPLATE.trim_end())?;
    Ok(Outcome::Done)
}
