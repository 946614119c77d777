use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Args;
use tidemark_domain::{
    AccountId, Region,
    exchange::{ImportContext, PlanBundle, Reading},
};

use crate::cli::CliError;

/// A file with plans, and what its references stand for.
#[derive(Debug, Args)]
pub(super) struct PlanFile {
    /// AWS's JSON, a `CloudFormation` template as JSON or YAML, what `terraform show -json` prints, or a backup policy
    /// of AWS Organizations; - reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Account for which it is meant
    #[arg(long, value_name = "ACCOUNT")]
    pub(super) account: Option<String>,
    /// Region for which it is meant
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// A parameter of the template, or what only a deployment knows, such as Role.Arn; may be given
    /// several times
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

impl PlanFile {
    /// The account and Region, when both are given.
    pub(super) fn home(&self) -> Result<Option<(AccountId, Region)>, CliError> {
        let context = self.context()?;
        Ok(context.account.zip(context.region))
    }

    /// The parameters of the template.
    pub(super) fn parameters(&self) -> Result<Vec<(String, String)>, CliError> {
        self.parameters
            .iter()
            .map(|pair| {
                pair.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .ok_or_else(|| {
                        CliError::Usage(format!("--parameter {pair}: must be NAME=VALUE"))
                    })
            })
            .collect()
    }

    fn context(&self) -> Result<ImportContext, CliError> {
        Ok(ImportContext {
            account: self.account.as_deref().map(AccountId::parse).transpose()?,
            region: self.region.as_deref().map(Region::parse).transpose()?,
            parameters: self.parameters()?.into_iter().collect(),
        })
    }

    /// The text of the file.
    pub(super) fn text(&self) -> Result<String, CliError> {
        text_of(&self.file)
    }

    /// The plans of the file, also where something of them is not known.
    pub(super) fn reading(&self) -> Result<Reading, CliError> {
        let text = self.text()?;
        Ok(tidemark_services::exchange::read(&text, &self.context()?)?)
    }

    /// The plans of the file, all of them known. What is no plan in it is told on standard error, as is
    /// what a plan does not have.
    pub(super) fn read(&self) -> Result<Vec<PlanBundle>, CliError> {
        let reading = self.reading()?;
        let of_plans = reading.plans.iter().flat_map(PlanBundle::remarks);
        for note in reading.notes.iter().cloned().chain(of_plans) {
            eprintln!("tidemark: {note}");
        }
        for bundle in &reading.plans {
            bundle.require_known()?;
        }
        Ok(reading.plans)
    }
}

fn text_of(file: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(file).map(|read| text = read)
    };
    read.map_err(|error| {
        CliError::machine(format!("{} could not be read", file.display()), error)
    })?;
    Ok(text)
}
