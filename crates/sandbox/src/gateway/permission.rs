use awsim_core::{Protocol, RequestContext};
use awsim_iam_policy::PolicyDocument;
use serde_json::Value;

use super::{Gateway, Refusal, Service, refuse};
use crate::{
    authz::{Check, Question, Verdict, checks_for, condition_context, decide},
    identity::{Caller, CallerKind, is_account_id},
};

impl Gateway {
    /// Refuses the call unless policies allow every action it needs.
    pub(super) fn permit(
        &self,
        caller: &Caller,
        checks: &[Check],
        vault: Option<&PolicyDocument>,
        ctx: &RequestContext,
        protocol: Protocol,
    ) -> Result<(), awsim_core::AwsError> {
        let policies = self.identity.policies(caller);
        let common = condition_context(caller, &ctx.region);
        for check in checks {
            let (owner, resource_policy) = if check.action == "s3:CreateBucket" {
                // Whether the name is free is for the service to say.
                (caller.account.clone(), None)
            } else {
                self.owner_of(&check.resource, &caller.account)
            };
            let mut context = common.clone();
            context.extend(check.context.clone());
            let verdict = decide(&Question {
                caller,
                policies: policies.as_ref(),
                action: &check.action,
                resource: &check.resource,
                owner: &owner,
                resource_policy: if check.action.starts_with("backup:") {
                    vault
                } else {
                    resource_policy.as_ref()
                },
                context: &context,
            });
            if verdict.allowed() || may_repair(caller, check, &owner) {
                continue;
            }
            let because = match verdict {
                Verdict::ExplicitlyDenied => "with an explicit deny in a policy",
                _ => "because no policy allows the action",
            };
            return Err(refuse(
                &ctx.service,
                protocol,
                Refusal::Denied,
                &format!(
                    "User: {} is not authorized to perform: {} on resource: {} {because}",
                    caller.arn, check.action, check.resource
                ),
            ));
        }
        Ok(())
    }

    /// The actions and resources that a call needs.
    pub(super) fn checks(
        service: &Service,
        operation: &str,
        input: &Value,
        ctx: &RequestContext,
    ) -> Vec<Check> {
        checks_for(service.handler.as_ref(), operation, input, ctx)
    }

    /// The access policy of the backup vault that a request names.
    pub(super) fn vault_policy(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Option<PolicyDocument> {
        if ctx.service != "backup" {
            return None;
        }
        let name = ["backupVaultName", "BackupVaultName"]
            .into_iter()
            .find_map(|member| input.get(member)?.as_str())?;
        let arn = format!(
            "arn:aws:backup:{}:{}:backup-vault:{name}",
            ctx.region, ctx.account_id
        );
        let policy = self.backup.vault_access_policy(&arn)?;
        awsim_iam_policy::parse(&policy).ok()
    }

    /// The account that owns a resource, and the resource's own policy.
    fn owner_of(&self, resource: &str, caller: &str) -> (String, Option<PolicyDocument>) {
        if let Some(path) = resource.strip_prefix("arn:aws:s3:::") {
            let bucket = path.split('/').next().unwrap_or(path);
            return crate::services::s3::owner::find(&self.buckets, bucket).map_or_else(
                || (caller.to_owned(), None),
                |found| {
                    let policy = found
                        .state
                        .buckets
                        .get(bucket)
                        .and_then(|bucket| bucket.policy.clone())
                        .and_then(|text| awsim_iam_policy::parse(&text).ok());
                    (found.account, policy)
                },
            );
        }
        let owner = resource
            .split(':')
            .nth(4)
            .filter(|account| is_account_id(account))
            .unwrap_or(caller);
        (owner.to_owned(), None)
    }
}

/// The owner's root may always repair a policy that locks everybody out.
fn may_repair(caller: &Caller, check: &Check, owner: &str) -> bool {
    matches!(caller.kind, CallerKind::Root)
        && owner == caller.account
        && matches!(
            check.action.as_str(),
            "s3:GetBucketPolicy"
                | "s3:PutBucketPolicy"
                | "s3:DeleteBucketPolicy"
                | "backup:GetBackupVaultAccessPolicy"
                | "backup:PutBackupVaultAccessPolicy"
                | "backup:DeleteBackupVaultAccessPolicy"
        )
}
