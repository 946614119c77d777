mod browse;
mod copy;
mod fix;
mod list;
mod show;

use clap::{Args, Subcommand};
use tidemark_domain::buckets::BucketPlace;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Buckets of every account, by name
    List(list::Options),
    /// How a bucket stands with what backups need
    Show(show::Options),
    /// What lies in a bucket: by prefix, or as backups of block storage
    Browse(browse::Options),
    /// Copy everything under a prefix to another bucket; without --confirm only the plan is shown
    Copy(copy::Options),
    /// Mend what can be mended without danger; without --confirm only the plan is shown
    Fix(fix::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Show(options) => show::run(global, &options).await,
        Command::Browse(options) => browse::run(global, &options).await,
        Command::Copy(options) => copy::run(global, &options).await,
        Command::Fix(options) => fix::run(global, &options).await,
    }
}

/// Which bucket.
#[derive(Clone, Debug, Args)]
struct Which {
    /// Its name
    bucket: String,
    /// The registered account whose role reads it
    #[arg(long)]
    account: String,
    /// Its Region
    #[arg(long)]
    region: String,
}

impl Which {
    fn place(&self) -> Result<BucketPlace, CliError> {
        Ok(BucketPlace::parse(
            &self.account,
            &self.region,
            &self.bucket,
        )?)
    }
}
