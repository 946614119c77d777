use clap::Args;
use tidemark_services::users;

use super::{Named, once};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users reset-password admin")]
pub(crate) struct Options {
    #[command(flatten)]
    user: Named,
}

/// Makes a user a password and shows it, this once: also an admin who has forgotten theirs.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let name = &options.user.name;
    let new = users::reset_password(console.services(), &console.caller, name).await?;
    let disabled = match new.user.disabled_at {
        Some(_) => " They are disabled: enable them, too.",
        None => "",
    };
    let what = format!(
        "{} has a new password, and is signed out everywhere.{disabled}",
        new.user.name
    );
    once(global, &new, &what)
}
