use std::collections::BTreeMap;

use clap::Args;
use tidemark_domain::{
    Arn, Invalid,
    vaults::{NewVault, VaultChange},
};

use super::{change::Change, policy::document};
use crate::cli::{CliError, Global, Outcome};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tidemark vaults create orders-main --account 123456789012 --region eu-west-1 --key arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab --tag team=orders\n  … --confirm DIGEST --reason 'a vault for orders' --watch"
)]
pub(crate) struct Options {
    #[command(flatten)]
    change: Change,
    /// ARN of the KMS key; AWS's own key where none is named
    #[arg(long)]
    key: Option<String>,
    /// A tag, as in team=orders; may be given several times
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    tags: Vec<String>,
    /// File with the access policy (JSON)
    #[arg(long, value_name = "FILE")]
    policy: Option<String>,
}

/// Creates a vault.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let tags = options
        .tags
        .iter()
        .map(|tag| {
            let (key, value) = tag
                .split_once('=')
                .ok_or_else(|| Invalid::new("tag", "must be of the form key=value"))?;
            Ok((key.to_owned(), value.to_owned()))
        })
        .collect::<Result<BTreeMap<_, _>, Invalid>>()?;
    let new = NewVault {
        key: options.key.as_deref().map(Arn::parse).transpose()?,
        tags,
        policy: options.policy.as_deref().map(document).transpose()?,
    };
    options.change.run(global, VaultChange::Create(new)).await
}
