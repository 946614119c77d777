use clap::Args;
use futures::{StreamExt as _, stream};
use serde::Serialize;
use tidemark_domain::{
    AccountCheck, AccountId, Feature,
    permissions::{AccountPermissions, Allowance, FeatureState},
};
use tidemark_services::{accounts, permissions};

use crate::cli::{CliError, Global, Outcome};

/// Accounts that are checked at once.
const AT_ONCE: usize = 10;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tidemark accounts check 123456789012\n  tidemark accounts check --feature backup --output json"
)]
pub(crate) struct Options {
    /// Account id: 12 digits; every account where none is named
    account: Option<String>,
    /// Look at this feature's permissions alone, such as backup or restore-table
    #[arg(long, value_name = "NAME")]
    feature: Option<String>,
}

/// What was found of one account.
#[derive(Serialize)]
struct Checked {
    /// The links of the way in.
    #[serde(flatten)]
    check: AccountCheck,
    /// What the role may do in each Region.
    permissions: AccountPermissions,
}

/// Checks the way in and asks what the role may do; fails when a link is broken or something is denied that is
/// always needed.
pub(super) async fn run(global: &Global, options: &Options) -> Result<Outcome, CliError> {
    let account = options
        .account
        .as_deref()
        .map(AccountId::parse)
        .transpose()?;
    let feature: Option<Feature> = options.feature.as_deref().map(str::parse).transpose()?;
    let console = global.console().await?;
    let (services, caller) = (console.services(), &console.caller);
    let ids: Vec<AccountId> = match &account {
        Some(one) => vec![one.clone()],
        None => accounts::list(services, caller)
            .await?
            .into_iter()
            .map(|account| account.account)
            .collect(),
    };
    let found: Vec<Result<Checked, CliError>> = stream::iter(&ids)
        .map(|id| async move {
            let (check, permissions) = futures::join!(
                accounts::check(services, caller, id),
                permissions::check(services, caller, id),
            );
            let mut permissions = permissions?;
            if let Some(feature) = feature {
                only(&mut permissions, feature);
            }
            Ok(Checked {
                check: check?,
                permissions,
            })
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
    let headings = ["ACCOUNT", "WHAT", "STATE", "FOUND", "FIX"];
    match (&account, &found[..]) {
        (Some(_), [one]) => global.output().table(one, &headings, rows)?,
        _ => global.output().table(&found, &headings, |found| {
            found.iter().flat_map(rows).collect()
        })?,
    }
    Ok(if found.iter().all(passes) {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}

/// Leaves one feature in.
fn only(permissions: &mut AccountPermissions, feature: Feature) {
    for region in &mut permissions.regions {
        region.features.retain(|one| one.feature == feature);
        region
            .report
            .actions
            .retain(|one| one.features.contains(&feature));
    }
}

fn passes(checked: &Checked) -> bool {
    checked.check.passed()
        && checked.permissions.regions.iter().all(|region| {
            region.report.broken.is_none()
                && region
                    .features
                    .iter()
                    .all(|one| one.state != FeatureState::Denied)
        })
}

fn rows(checked: &Checked) -> Vec<Vec<String>> {
    let account = checked.check.account.to_string();
    let links = checked.check.links.iter().map(|link| {
        vec![
            account.clone(),
            link.name.clone(),
            link.verdict.as_str().to_owned(),
            link.detail.clone(),
            link.fix.clone(),
        ]
    });
    let features = checked.permissions.regions.iter().flat_map(|region| {
        region.features.iter().map(|of| {
            let denied: Vec<String> = region
                .report
                .actions
                .iter()
                .filter(|one| one.state == Allowance::Denied && one.features.contains(&of.feature))
                .map(|one| {
                    let by = one.by.map_or("AWS refused it", |by| by.words());
                    format!("{} on {}: {by}", one.action, one.on)
                })
                .collect();
            let fix = match &region.report.broken {
                Some(error) => error.message.clone(),
                None if denied.is_empty() => String::new(),
                None => {
                    "Apply the account's template again, or add the policy that --output json shows"
                        .to_owned()
                }
            };
            vec![
                account.clone(),
                format!("{} in {}", of.feature.words(), region.report.scope.region),
                of.state.as_str().to_owned(),
                denied.join("; "),
                fix,
            ]
        })
    });
    links.chain(features).collect()
}
