use clap::Args;
use jiff::Timestamp;
use tidemark_domain::UserSummary;
use tidemark_services::users;

use crate::cli::{CliError, Global, Outcome, output::time};

pub(super) const HEADINGS: &[&str] = &["NAME", "ROLE", "STATE", "LAST SIGN-IN", "ADDED"];

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tidemark users list --output json")]
pub(crate) struct Options {}

/// Lists the users, by name.
pub(super) async fn run(global: &Global, _: &Options) -> Result<Outcome, CliError> {
    let console = global.console().await?;
    let users = users::list(console.services(), &console.caller).await?;
    let now = console.services().clock.now();
    global.output().table(&users, HEADINGS, |users| {
        users.iter().map(|user| row(user, now)).collect()
    })?;
    Ok(Outcome::Done)
}

pub(super) fn row(user: &UserSummary, now: Timestamp) -> Vec<String> {
    vec![
        user.name.clone(),
        user.role.as_str().to_owned(),
        user.state(now).as_str().to_owned(),
        time(user.last_sign_in_at),
        time(Some(user.created_at)),
    ]
}
