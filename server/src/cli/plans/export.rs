use clap::{Args, ValueEnum};
use serde_json::json;
use tidemark_domain::exchange::{
    PlanBundle, normalised, to_cloudformation, to_json, to_terraform, to_yaml,
};

use super::file::PlanFile;
use crate::cli::{CliError, Global, Outcome, output::line};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark plans export plan.json --format cloudformation-yaml > plan.yaml"
)]
pub(crate) struct Options {
    #[command(flatten)]
    file: PlanFile,
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

/// Writes the plans of a file in another form.
pub(super) fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let bundles = options.file.read()?;
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

/// One plan as itself, several as a list.
fn json_of(bundles: &[PlanBundle]) -> Result<String, CliError> {
    let values = bundles.iter().map(to_json).collect::<Result<Vec<_>, _>>()?;
    Ok(match &values[..] {
        [one] => normalised(one),
        several => normalised(&json!(several)),
    })
}
