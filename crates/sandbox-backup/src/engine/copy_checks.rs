//! What AWS checks while a copy job runs, and what it says then.
//!
//! Sources: "Creating backup copies across AWS accounts", "Encryption for a backup copy to a different account or AWS
//! Region" and "Feature availability by resource" in the developer guide; the messages are those of AWS's knowledge centre
//! ("Why did my cross-account copy in AWS Backup fail?", "How can I resolve the *Access Denied trying to call AWS Backup
//! service* error", "How do I resolve the *Given key ID is not accessible* error").

use super::state::World;
use crate::{
    arn,
    model::{CopyJob, RecoveryPoint, Scope, Vault},
};

/// Types that cross accounts or Regions, but not both in one step.
const ONE_BOUNDARY: [&str; 4] = ["Aurora", "DocumentDB", "Neptune", "RDS"];

/// Types that are not copied.
const NOT_COPIED: [&str; 3] = ["MemoryDB", "Redshift", "Redshift Serverless"];

/// What a copy takes of the source's key in the destination's account.
const KEY_ACTIONS: [&str; 4] = [
    "kms:DescribeKey",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:CreateGrant",
];

impl World {
    pub(super) fn copy_allowed(&self, job: &CopyJob, point: &RecoveryPoint) -> Result<(), String> {
        let Some((destination, name)) = arn::vault_parts(&job.destination_vault_arn) else {
            return Err("Invalid destination backup vault ARN".to_owned());
        };
        let vault = self
            .scopes
            .get(&destination)
            .and_then(|state| state.vaults.get(name));
        let crosses_accounts = destination.account != job.scope.account;
        if crosses_accounts {
            self.accounts_allow(job, &destination, name)?;
        }
        type_allows(job, point, &destination)?;
        if crosses_accounts {
            self.keys_allow(point, &destination, vault)?;
        }
        let Some(vault) = vault else {
            return Err(format!(
                "Destination backup vault {} does not exist.",
                job.destination_vault_arn
            ));
        };
        let lifecycle = job.lifecycle.as_ref().unwrap_or(&point.lifecycle);
        match vault.lock.as_ref().and_then(|lock| lock.refusal(lifecycle)) {
            Some(why) => Err(why),
            None => Ok(()),
        }
    }

    /// Organization, its setting, and the access policy of the destination.
    fn accounts_allow(&self, job: &CopyJob, to: &Scope, vault: &str) -> Result<(), String> {
        let source = &job.scope.account;
        let ours = self.organization.of(source);
        if ours.is_none() || ours != self.organization.of(&to.account) {
            return Err(
                "Access denied: Copy job failed. Both source and destination account must be a member of the same \
                 organization."
                    .to_owned(),
            );
        }
        if !self.organization.cross_account_backup {
            return Err(
                "Cross-account backup is not enabled in the organization's management account."
                    .to_owned(),
            );
        }
        if !self.may_copy_into(source, &job.iam_role_arn, to, vault) {
            return Err("Access Denied trying to call AWS Backup service".to_owned());
        }
        Ok(())
    }

    /// The key of the point must be usable in the destination's account. What AWS Backup manages fully it keeps under the
    /// vault's key, which may be AWS's own; everything else keeps the key of its resource.
    fn keys_allow(
        &self,
        point: &RecoveryPoint,
        to: &Scope,
        vault: Option<&Vault>,
    ) -> Result<(), String> {
        let fully_managed = point.arn.starts_with("arn:aws:backup:");
        if point.aws_managed_key && !fully_managed {
            return Err(
                "Snapshots encrypted with the AWS managed KMS key of the service can't be shared with another account."
                    .to_owned(),
            );
        }
        if !fully_managed && vault.is_some_and(|vault| vault.aws_managed_key) {
            return Err(
                "The destination backup vault is encrypted with an AWS managed KMS key. Use a destination backup vault with a \
                 customer managed key."
                    .to_owned(),
            );
        }
        let (Some(keys), Some(arn)) = (&self.keys, &point.encryption_key_arn) else {
            return Ok(());
        };
        if point.aws_managed_key {
            return Ok(());
        }
        let shared = keys.key(arn).is_some_and(|key| {
            key.enabled
                && KEY_ACTIONS
                    .iter()
                    .all(|action| Self::key_lets(&key.policy, arn, &to.account, action))
        });
        if shared {
            Ok(())
        } else {
            Err(
                "The source snapshot KMS key does not exist, is not enabled or you do not have permissions to access it"
                    .to_owned(),
            )
        }
    }
}

fn type_allows(job: &CopyJob, point: &RecoveryPoint, to: &Scope) -> Result<(), String> {
    let name = point.resource_type.as_str();
    let both = to.account != job.scope.account && to.region != job.scope.region;
    // A table's backup without AWS Backup's advanced features is DynamoDB's own.
    let plain_table = name == "DynamoDB" && !point.arn.starts_with("arn:aws:backup:");
    if plain_table || NOT_COPIED.contains(&name) || (both && ONE_BOUNDARY.contains(&name)) {
        return Err(format!(
            "Copy job from {} to {} cannot be initiated for {name} resources. Feature is not supported for provided resource \
             type.",
            job.scope.region, to.region
        ));
    }
    Ok(())
}
