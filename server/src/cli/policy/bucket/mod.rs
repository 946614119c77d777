mod change;
mod check;
mod roles;
mod show;

use clap::{Args, Subcommand, ValueEnum};
use tidemark_domain::{
    AccountId, Region, RoleArn,
    policy::{AccessChange, AccessRequest, AccessTask},
    records::BucketName,
};

use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The policy as it is, in words, with what is dangerous about it
    Show(show::Options),
    /// Give roles access: first the difference, then the run, which proves it
    Grant(change::Grant),
    /// Take access back that was given before
    Revoke(change::Revoke),
    /// Whether roles have access now, by evaluating the policies
    Check(check::Options),
    /// Make the policy again what it was before a run
    Return(change::Return),
    /// Roles that stacks of CloudFormation made, nested ones at any depth
    Roles(roles::Options),
}

pub(crate) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Show(options) => show::run(global, &options).await,
        Command::Grant(options) => change::grant(global, &options).await,
        Command::Revoke(options) => change::revoke(global, &options).await,
        Command::Check(options) => check::run(global, &options).await,
        Command::Return(options) => change::give_back(global, &options).await,
        Command::Roles(options) => roles::run(global, &options).await,
    }
}

/// Which bucket.
#[derive(Debug, Args)]
struct Place {
    /// Account that owns the bucket
    #[arg(long)]
    account: String,
    /// The bucket's Region
    #[arg(long)]
    region: String,
    /// The bucket
    #[arg(long)]
    bucket: String,
}

impl Place {
    fn parsed(&self) -> Result<(AccountId, Region, BucketName), CliError> {
        Ok((
            AccountId::parse(&self.account)?,
            Region::parse(&self.region)?,
            BucketName::parse(&self.bucket)?,
        ))
    }

    fn request(&self, change: AccessChange) -> Result<AccessRequest, CliError> {
        let (account, region, bucket) = self.parsed()?;
        Ok(AccessRequest {
            account,
            region,
            bucket,
            change,
            task: None,
            roles: Vec::new(),
            prefix: String::new(),
        })
    }
}

/// Who is to do what with it.
#[derive(Debug, Args)]
struct Access {
    #[command(flatten)]
    place: Place,
    /// What the roles are to do
    #[arg(long = "for", value_enum)]
    task: Task,
    /// ARN of a role, of this account or of another; may be given several times
    #[arg(long = "role", value_name = "ARN", required = true)]
    roles: Vec<String>,
    /// Only below this prefix
    #[arg(long, default_value = "")]
    prefix: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Task {
    /// The exporter of a block storage cluster: reads and writes objects
    BlockStorage,
    /// A data platform that writes datasets: lists, reads, writes and deletes objects
    DatasetWriter,
    /// A new cluster that restores: lists and reads objects
    RestoreReader,
}

impl Access {
    fn request(&self, change: AccessChange) -> Result<AccessRequest, CliError> {
        let roles = self.roles.iter().map(RoleArn::parse);
        Ok(AccessRequest {
            task: Some(match self.task {
                Task::BlockStorage => AccessTask::BlockStorage,
                Task::DatasetWriter => AccessTask::DatasetWriter,
                Task::RestoreReader => AccessTask::RestoreReader,
            }),
            roles: roles.collect::<Result<_, _>>()?,
            prefix: self.prefix.clone(),
            ..self.place.request(change)?
        })
    }
}
