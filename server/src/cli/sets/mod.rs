mod backup;
mod list;
mod put;
mod recovery;
mod restore;
mod show;
mod status;
mod validate;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Subcommand;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Sets, by name
    List(list::Options),
    /// A set: its members, windows and warnings
    Show(show::Options),
    /// Tell what is wrong with a manifest; needs no database
    Validate(validate::Options),
    /// Keep a manifest as the next version of its set
    Put(put::Options),
    /// Which recovery points belong together for a chosen time
    Recovery(recovery::Options),
    /// Back a set up now: pause, back up, resume
    Backup(backup::Options),
    /// Restore a set: every member as new, to moments that belong together
    Restore(restore::Options),
    /// How the backups and restores of a set stand
    Status(status::Options),
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Show(options) => show::run(global, &options).await,
        Command::Validate(options) => validate::run(global, &options),
        Command::Put(options) => put::run(global, &options).await,
        Command::Recovery(options) => recovery::run(global, &options).await,
        Command::Backup(options) => backup::run(global, options).await,
        Command::Restore(options) => restore::run(global, options).await,
        Command::Status(options) => status::run(global, &options).await,
    }
}

/// Larger files are no manifests, whatever they are.
const MOST_BYTES: u64 = 1 << 20;

/// The text of a file; `-` is standard input.
fn text(file: &Path) -> Result<String, CliError> {
    let failed = |error| CliError::machine(format!("{} could not be read", file.display()), error);
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin()
            .take(MOST_BYTES)
            .read_to_string(&mut text)
            .map_err(failed)?;
        return Ok(text);
    }
    let open = std::fs::File::open(file).map_err(failed)?;
    open.take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

/// Whether a word names a file rather than a set.
fn as_file(word: &str) -> Option<PathBuf> {
    let path = PathBuf::from(word);
    (word == "-" || word.contains(['/', '.']) || path.is_file()).then_some(path)
}
