//! Record-level backups of DynamoDB tables. Needs no database: what counts lies in the bucket.

mod backfill;
mod compact;
mod diff;
mod function_template;
mod history;
mod import;
mod place;
mod progress;
mod restore;
mod shown;
mod snapshot;
mod source;
mod stream;
mod verify;

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Store what a table holds, once
    Backfill(backfill::Options),
    /// Follow a table's stream and store every change
    Stream(stream::Options),
    /// Merge many small segments into few; `stream` does so by itself, a function does not
    Compact(compact::Options),
    /// Print the `CloudFormation` template of a function that stores every change, in place of `stream`
    FunctionTemplate(function_template::Options),
    /// Write the table as of a moment in the form that `DynamoDB` imports
    Snapshot(snapshot::Options),
    /// Bring records back, into a new table or an existing one
    Restore(restore::Options),
    /// What differs between two moments, or between a moment and the table
    Diff(diff::Options),
    /// Prove that the backup has everything that the table has
    Verify(verify::Options),
    /// Every version of one record
    History(history::Options),
    /// Read backups that another tool made
    Import(import::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Backfill(options) => backfill::run(global, &options).await,
        Command::Stream(options) => stream::run(global, &options).await,
        Command::Compact(options) => compact::run(global, &options).await,
        Command::FunctionTemplate(options) => function_template::run(&options),
        Command::Snapshot(options) => snapshot::run(global, &options).await,
        Command::Restore(options) => Box::pin(restore::run(global, &options)).await,
        Command::Diff(options) => diff::run(global, &options).await,
        Command::Verify(options) => verify::run(global, &options).await,
        Command::History(options) => history::run(global, &options).await,
        Command::Import(options) => Box::pin(import::run(global, &options)).await,
    }
}
