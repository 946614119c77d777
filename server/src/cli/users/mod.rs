mod add;
mod disable;
mod enable;
mod list;
mod reset_password;
mod role;
mod show;
mod unlock;

use clap::{Args, Subcommand};
use tidemark_domain::NewPassword;

use super::{CliError, Global, Outcome};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Everybody who may sign in, or could once
    List(list::Options),
    /// One user
    Show(show::Options),
    /// Add a user; prints a password for the first sign-in, this once
    Add(add::Options),
    /// Give a user another role; their sessions end
    Role(role::Options),
    /// Let a user sign in no more; their sessions end
    Disable(disable::Options),
    /// Let a disabled user sign in again
    Enable(enable::Options),
    /// Make a user a new password and print it, this once; their sessions end
    ResetPassword(reset_password::Options),
    /// Forget a user's wrong passwords, so that they need not wait
    Unlock(unlock::Options),
}

/// Whom a command is about.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Login name, in any case
    name: String,
}

pub(super) async fn run(global: &Global, command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::List(options) => list::run(global, &options).await,
        Command::Show(options) => show::run(global, &options).await,
        Command::Add(options) => add::run(global, options).await,
        Command::Role(options) => role::run(global, &options).await,
        Command::Disable(options) => disable::run(global, &options).await,
        Command::Enable(options) => enable::run(global, &options).await,
        Command::ResetPassword(options) => reset_password::run(global, &options).await,
        Command::Unlock(options) => unlock::run(global, &options).await,
    }
}

/// Writes a password that was just made: the one time that it is shown.
fn once(global: &Global, new: &NewPassword, what: &str) -> Result<Outcome, CliError> {
    global.output().text(new, |new| {
        format!(
            "{what}\nSign in once as {} with this password, which is shown only now, and choose your own:\n\n    {}\n",
            new.user.name,
            new.password.reveal()
        )
    })?;
    Ok(Outcome::Done)
}
