use std::collections::BTreeSet;

use clap::Args;
use tidemark_domain::{
    AccountId, Invalid,
    vaults::{PolicyEdit, VaultChange},
};

use super::change::Change;
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark vaults policy orders-dr --account 123456789012 --region eu-west-1 --allow-copies-from 210987654321\n  … --confirm DIGEST --reason 'copies of orders' --watch"
)]
#[group(skip)]
pub(crate) struct Options {
    #[command(flatten)]
    change: Change,
    #[command(flatten)]
    edit: Edit,
}

/// What is to become of the policy: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Edit {
    /// An account that may copy into the vault; several by commas
    #[arg(long, value_name = "ACCOUNT", value_delimiter = ',')]
    allow_copies_from: Vec<String>,
    /// An account that may not any more; several by commas
    #[arg(long, value_name = "ACCOUNT", value_delimiter = ',')]
    stop_copies_from: Vec<String>,
    /// Nobody may delete recovery points or change their lifecycles
    #[arg(long)]
    deny_deletion: bool,
    /// Take back that nobody may delete
    #[arg(long)]
    allow_deletion: bool,
    /// Write the whole policy, from this file (JSON)
    #[arg(long, value_name = "FILE")]
    write: Option<String>,
    /// Remove the whole policy
    #[arg(long)]
    remove: bool,
}

/// The text of a policy's file.
pub(super) fn document(path: &str) -> Result<String, CliError> {
    std::fs::read_to_string(path)
        .map_err(|error| CliError::machine(format!("the file {path} could not be read"), error))
}

/// Changes a vault's access policy.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let accounts = |ids: &[String]| -> Result<BTreeSet<AccountId>, Invalid> {
        ids.iter().map(AccountId::parse).collect()
    };
    let asked = &options.edit;
    let edit = if !asked.allow_copies_from.is_empty() {
        PolicyEdit::AllowCopies {
            accounts: accounts(&asked.allow_copies_from)?,
        }
    } else if !asked.stop_copies_from.is_empty() {
        PolicyEdit::StopCopies {
            accounts: accounts(&asked.stop_copies_from)?,
        }
    } else if let Some(path) = &asked.write {
        PolicyEdit::Write {
            policy: document(path)?,
        }
    } else if asked.deny_deletion {
        PolicyEdit::DenyDeletion
    } else if asked.allow_deletion {
        PolicyEdit::AllowDeletion
    } else {
        PolicyEdit::Remove
    };
    options.change.run(global, VaultChange::Policy(edit)).await
}
