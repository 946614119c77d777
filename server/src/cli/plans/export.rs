use clap::{Args, ValueEnum};
use serde_json::json;
use tidemark_domain::exchange::{ExchangeFormat, PlanExport};

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

impl From<Format> for ExchangeFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => Self::Json,
            Format::Cloudformation => Self::Cloudformation,
            Format::CloudformationYaml => Self::CloudformationYaml,
            Format::Terraform => Self::Terraform,
        }
    }
}

/// Writes the plans of a file in another form.
pub(super) fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let bundles = options.file.read()?;
    if bundles.is_empty() {
        return Err(CliError::Usage(
            "the file holds no plan that would be made".to_owned(),
        ));
    }
    let format = ExchangeFormat::from(options.format);
    let export = PlanExport::of(&bundles, format)?;
    for lost in &export.lost {
        eprintln!("tidemark: {lost} {}", format.lost_means());
    }
    if global.output().is_json() {
        line(&json!({ "text": export.text, "lost": export.lost }).to_string())?;
    } else {
        line(export.text.trim_end())?;
    }
    Ok(Outcome::Done)
}
