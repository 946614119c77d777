use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Args;
use tidemark_domain::{
    AccountId, Region,
    exchange::{ImportContext, PlanBundle},
};

use crate::cli::CliError;

/// A file with plans, and what its references stand for.
#[derive(Debug, Args)]
pub(super) struct PlanFile {
    /// AWS's JSON, or a `CloudFormation` template as JSON or YAML; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Account for which it is meant
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Region for which it is meant
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// A parameter of the template; may be given several times
    #[arg(long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

impl PlanFile {
    /// The account and Region, when both are given.
    pub(super) fn home(&self) -> Result<Option<(AccountId, Region)>, CliError> {
        let context = context(self.account.as_deref(), self.region.as_deref(), &[])?;
        Ok(context.account.zip(context.region))
    }

    /// The plans of the file.
    pub(super) fn read(&self) -> Result<Vec<PlanBundle>, CliError> {
        read(
            &self.file,
            self.account.as_deref(),
            self.region.as_deref(),
            &self.parameters,
        )
    }
}

/// The plans of a file, meant for an account and Region where these are given.
pub(super) fn read(
    file: &Path,
    account: Option<&str>,
    region: Option<&str>,
    parameters: &[String],
) -> Result<Vec<PlanBundle>, CliError> {
    let context = context(account, region, parameters)?;
    Ok(tidemark_services::exchange::read(
        &text_of(file)?,
        &context,
    )?)
}

fn context(
    account: Option<&str>,
    region: Option<&str>,
    parameters: &[String],
) -> Result<ImportContext, CliError> {
    let parameters = parameters
        .iter()
        .map(|pair| {
            pair.split_once('=')
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .ok_or_else(|| CliError::Usage(format!("--parameter {pair}: must be NAME=VALUE")))
        })
        .collect::<Result<_, _>>()?;
    Ok(ImportContext {
        account: account.map(AccountId::parse).transpose()?,
        region: region.map(Region::parse).transpose()?,
        parameters,
    })
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
