//! The command line: the same use cases as the pages.

mod accounts;
mod backup;
mod buckets;
mod caller;
#[cfg(feature = "sandbox")]
mod demo;
#[cfg(feature = "sandbox")]
mod demo_clock;
mod dump;
mod error;
mod first_admin;
mod holds;
mod jobs;
mod migrate;
mod output;
mod plans;
mod points;
mod policy;
mod records;
mod restore;
mod runs;
#[cfg(feature = "sandbox")]
mod sandbox;
mod serve;
mod server;
mod sets;
mod users;
mod vaults;
mod watch;
mod work;

use std::{net::SocketAddr, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub(crate) use caller::Console;
pub use error::{CliError, Outcome};
pub(crate) use output::{Output, OutputFormat};

use crate::{
    config::{Config, Overrides},
    telemetry::{self, Verbosity},
};

/// A console for backups in AWS, across accounts.
#[derive(Debug, Parser)]
#[command(
    name = "tidemark",
    version,
    about,
    after_help = "Example:\n  tidemark demo"
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// A table for people, or JSON for machines
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Table)]
    output: OutputFormat,
    /// Name to act under in the audit log and in `CloudTrail`; your user name by default
    #[arg(long = "as", global = true, value_name = "NAME")]
    act_as: Option<String>,
    /// Database: <sqlite://path> or postgres://…
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Folder for files
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Console, worker and simulated AWS with a demo estate
    #[cfg(feature = "sandbox")]
    Demo(demo::Options),
    /// Console and worker
    Serve(serve::Options),
    /// Worker only
    Worker(work::Options),
    /// The simulated AWS alone
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Options),
    /// Bring the database up to date
    Migrate(migrate::Options),
    /// Registered AWS accounts
    #[command(subcommand)]
    Accounts(accounts::Command),
    /// Local users: who may sign in, and as what
    #[command(subcommand)]
    Users(users::Command),
    /// Backup plans: schedules, checks, simulation, other forms
    #[command(subcommand)]
    Plans(plans::Command),
    /// Application sets: what is backed up and recovered together
    #[command(subcommand)]
    Set(sets::Command),
    /// Record-level backups of `DynamoDB` tables; needs no database
    #[command(subcommand)]
    Records(records::Command),
    /// Runs: everything that changes something in AWS
    #[command(subcommand)]
    Runs(runs::Command),
    /// Backup, copy and restore jobs of every account
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Vaults of every account
    #[command(subcommand)]
    Vaults(vaults::Command),
    /// Legal holds of every account
    #[command(subcommand)]
    Holds(holds::Command),
    /// Buckets that backups lie in: how they are set up, what lies in them, copies
    #[command(subcommand)]
    Buckets(buckets::Command),
    /// Dumps of commands: stored in a bucket while they stream, and streamed back
    #[command(subcommand)]
    Dump(dump::Command),
    /// Recovery points of every account
    #[command(subcommand)]
    Points(points::Command),
    /// Policies of buckets: who else may use them
    #[command(subcommand)]
    Policy(policy::Command),
    /// Back up a resource now
    Backup(backup::Options),
    /// Restore a resource
    Restore(restore::Options),
}

/// Where the console listens.
#[derive(Clone, Debug, Args)]
pub(crate) struct Listen {
    /// Address and port
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The address that people type, such as <https://backups.example.com>
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Global {
    fn config(&self, listen: Option<&Listen>) -> Result<Config, CliError> {
        Ok(Config::load(&Overrides {
            listen: listen.and_then(|l| l.listen),
            public_url: listen.and_then(|l| l.public_url.clone()),
            database_url: self.database_url.clone(),
            data_dir: self.data_dir.clone(),
        })?)
    }

    async fn console(&self) -> Result<Console, CliError> {
        Console::open(&self.config(None)?, self.act_as.as_deref()).await
    }

    fn output(&self) -> Output {
        Output::new(self.output)
    }
}

/// Runs the command of this process: 0 done, 1 failed, 2 usage.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start(match cli.command {
        #[cfg(feature = "sandbox")]
        Command::Demo(_) | Command::Sandbox(_) => Verbosity::Server,
        Command::Serve(_) | Command::Worker(_) => Verbosity::Server,
        _ => Verbosity::Command,
    });
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("tidemark: the runtime could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("tidemark: {error}");
            if let Some(guidance) = error.guidance() {
                eprintln!("  {guidance}");
            }
            error.exit_code()
        }
    }
}

async fn run(cli: Cli) -> Result<Outcome, CliError> {
    let global = &cli.global;
    match cli.command {
        #[cfg(feature = "sandbox")]
        Command::Demo(options) => demo::run(global, &options).await,
        Command::Serve(options) => serve::run(global, &options).await,
        Command::Worker(options) => work::run(global, &options).await,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(options) => sandbox::run(global, &options).await,
        Command::Migrate(options) => migrate::run(global, &options).await,
        Command::Accounts(command) => accounts::run(global, command).await,
        Command::Users(command) => users::run(global, command).await,
        Command::Plans(command) => plans::run(global, command).await,
        Command::Set(command) => sets::run(global, command).await,
        Command::Records(command) => records::run(global, command).await,
        Command::Runs(command) => runs::run(global, command).await,
        Command::Jobs(command) => jobs::run(global, command).await,
        Command::Buckets(command) => buckets::run(global, command).await,
        Command::Vaults(command) => vaults::run(global, command).await,
        Command::Dump(command) => Box::pin(dump::run(global, command)).await,
        Command::Holds(command) => holds::run(global, command).await,
        Command::Points(command) => points::run(global, command).await,
        Command::Policy(command) => policy::run(global, command).await,
        Command::Backup(options) => backup::run(global, options).await,
        Command::Restore(options) => restore::run(global, options).await,
    }
}
