use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use tidemark_domain::{
    AccountId, Region,
    exchange::{PlanBundle, normalised, to_cloudformation, to_json, to_terraform, to_yaml},
};

use super::{file, known};
use crate::cli::{CliError, Global, Outcome, output::line};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark plans export --plan gold --account 123456789012 --region eu-west-1 --format terraform\n  tidemark plans export plan.json --format cloudformation-yaml > plan.yaml"
)]
pub(crate) struct Options {
    /// AWS's JSON, or a `CloudFormation` template as JSON or YAML; - reads standard input
    #[arg(value_name = "FILE", required_unless_present = "plan")]
    file: Option<PathBuf>,
    /// A plan of the catalogue instead of a file; needs --account and --region
    #[arg(long, value_name = "NAME", conflicts_with = "file", requires_all = ["account", "region"])]
    plan: Option<String>,
    /// Account of the plan, or for which the file is meant
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Region of the plan, or for which the file is meant
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The form to write
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

/// The forms in which plans are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// AWS's JSON, in one normal form
    Json,
    /// A template as JSON
    Cloudformation,
    /// A template as YAML
    CloudformationYaml,
    /// HCL
    Terraform,
}

/// Writes plans of a file, or one of the catalogue, in another form.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let bundles = match (&options.plan, &options.file) {
        (Some(name), _) => vec![of_catalogue(global, options, name).await?],
        (None, Some(file)) => file::read(
            file,
            options.account.as_deref(),
            options.region.as_deref(),
            &[],
        )?,
        (None, None) => return Err(CliError::Usage("FILE or --plan is needed".to_owned())),
    };
    let text = match options.format {
        Format::Json => json_of(&bundles)?,
        Format::Cloudformation => normalised(&to_cloudformation(&bundles)?),
        Format::CloudformationYaml => to_yaml(&to_cloudformation(&bundles)?),
        Format::Terraform => {
            let written: Vec<_> = bundles.iter().map(to_terraform).collect();
            for lost in written.iter().flat_map(|terraform| &terraform.lost) {
                eprintln!("tidemark: Terraform has no place for {lost}");
            }
            let texts: Vec<String> = written
                .into_iter()
                .map(|terraform| terraform.text)
                .collect();
            texts.join("\n")
        }
    };
    if global.output().is_json() {
        line(&json!({ "text": text }).to_string())?;
    } else {
        line(text.trim_end())?;
    }
    Ok(Outcome::Done)
}

async fn of_catalogue(
    global: &Global,
    options: &Options,
    name: &str,
) -> Result<PlanBundle, CliError> {
    let account = AccountId::parse(options.account.as_deref().unwrap_or_default())?;
    let region = Region::parse(options.region.as_deref().unwrap_or_default())?;
    let console = global.console().await?;
    let record = known::named(&console, &account, &region, name).await?;
    record.map(known::bundle).ok_or_else(|| {
        let what = format!("plan {name} of {account} in {region}");
        tidemark_services::ServiceError::NotFound(what).into()
    })
}

/// One plan as itself, several as a list.
fn json_of(bundles: &[PlanBundle]) -> Result<String, CliError> {
    let values = bundles.iter().map(to_json).collect::<Result<Vec<_>, _>>()?;
    Ok(match &values[..] {
        [one] => normalised(one),
        several => normalised(&json!(several)),
    })
}
