use jiff::Timestamp;
use tidemark_domain::{
    Vault,
    vaults::{LockWish, VaultChange, VaultRequest},
};

/// What is done, in sentences.
pub(super) fn effects(
    request: &VaultRequest,
    vault: Option<&Vault>,
    now: Timestamp,
) -> Vec<String> {
    let name = &request.vault;
    match &request.change {
        VaultChange::Create(new) => {
            let mut all = vec![format!(
                "The vault {name} is created in {} of account {}.",
                request.region, request.account
            )];
            all.push(match &new.key {
                Some(key) => format!("What AWS Backup itself stores in it is encrypted with the key {key}."),
                None => "What AWS Backup itself stores in it is encrypted with AWS's own key aws/backup, which no other account can use: points encrypted with it cannot be copied to another account.".to_owned(),
            });
            if !new.tags.is_empty() {
                let tags: Vec<String> = new.tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
                all.push(format!("It is tagged {}.", tags.join(", ")));
            }
            all
        }
        VaultChange::Policy(_) => {
            vec![format!("The access policy of the vault {name} is changed.")]
        }
        VaultChange::Unlock => vec![format!(
            "The lock of the vault {name} is removed: from then on, who has the permission can delete recovery points in it and change their lifecycles."
        )],
        VaultChange::Delete => vec![format!(
            "The vault {name} is deleted, with its access policy and tags."
        )],
        VaultChange::Lock(wish) => {
            let mut all = vec![
                "Recovery points in the vault cannot be deleted, and their lifecycles cannot be changed, by anybody.".to_owned(),
            ];
            if let Some(range) = range(wish) {
                all.push(format!("Backup and copy jobs into it fail unless they keep their points {range}. Points that are there already are not touched."));
            }
            match wish.lock_date(now) {
                None => all.push(
                    "Governance mode: who has the permission can change or remove the lock at any time.".to_owned(),
                ),
                Some(date) => {
                    all.push(format!(
                        "Compliance mode: the lock can be changed or removed for {} days, until about {}.",
                        wish.changeable_for_days.unwrap_or_default(),
                        date.strftime("%Y-%m-%d %H:%M UTC")
                    ));
                    all.push("After that nobody can change or remove it: not you, not an administrator, not the root user, not AWS. Closing the account is the only way out.".to_owned());
                }
            }
            if vault.is_some_and(|vault| vault.locked) {
                all.push("This replaces the present lock.".to_owned());
            }
            all
        }
    }
}

fn range(wish: &LockWish) -> Option<String> {
    match (wish.min_retention_days, wish.max_retention_days) {
        (None, None) => None,
        (Some(min), None) => Some(format!("for at least {min} days")),
        (None, Some(max)) => Some(format!("for at most {max} days")),
        (Some(min), Some(max)) => Some(format!("for {min} to {max} days")),
    }
}
