use std::collections::HashMap;

use awsim_core::ContextValue;
use awsim_iam_policy::{AuthzRequest, Decision, EvalContext, PolicyDocument};

use super::{BackupEngine, state::World};
use crate::{arn, model::Scope};

impl BackupEngine {
    /// The access policy of the vault that an ARN names, for a gateway that evaluates resource policies.
    pub fn vault_access_policy(&self, vault_arn: &str) -> Option<String> {
        let (scope, name) = arn::vault_parts(vault_arn)?;
        let mut world = self.world();
        world.scope(&scope).vaults.get(name)?.access_policy.clone()
    }
}

impl World {
    /// Whether the vault's access policy lets another account copy into it.
    pub(crate) fn may_copy_into(
        &self,
        source_account: &str,
        role_arn: &str,
        destination: &Scope,
        vault: &str,
    ) -> bool {
        let Some(vault) = self
            .scopes
            .get(destination)
            .and_then(|state| state.vaults.get(vault))
        else {
            return false;
        };
        let Some(policy) = vault
            .access_policy
            .as_deref()
            .and_then(|text| awsim_iam_policy::parse(text).ok())
        else {
            return false;
        };
        let mut context = HashMap::from([(
            "aws:PrincipalAccount".to_owned(),
            ContextValue::String(source_account.to_owned()),
        )]);
        if let Some(organization) = self.organization.of(source_account) {
            context.insert(
                "aws:PrincipalOrgID".to_owned(),
                ContextValue::String(organization.to_owned()),
            );
        }
        lets(
            &policy,
            &AuthzRequest {
                principal_arn: role_arn,
                principal_account: source_account,
                action: "backup:CopyIntoBackupVault",
                resource_arn: &vault.arn,
                context: &context,
            },
        )
    }

    /// Whether a key's policy lets AWS Backup's service-linked role of another account do so.
    pub(crate) fn key_lets(policy: &str, key: &str, account: &str, action: &str) -> bool {
        let Ok(policy) = awsim_iam_policy::parse(policy) else {
            return false;
        };
        let role = format!(
            "arn:aws:iam::{account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
        );
        let text = |value: &str| ContextValue::String(value.to_owned());
        let context = HashMap::from([
            ("aws:PrincipalAccount".to_owned(), text(account)),
            ("kms:CallerAccount".to_owned(), text(account)),
            ("kms:GrantIsForAWSResource".to_owned(), text("true")),
        ]);
        lets(
            &policy,
            &AuthzRequest {
                principal_arn: &role,
                principal_account: account,
                action,
                resource_arn: key,
                context: &context,
            },
        )
    }
}

/// What a policy on a resource says. The policies of the one who asks are its own account's affair: they grant the action here,
/// so that the answer is the resource's.
fn lets(policy: &PolicyDocument, request: &AuthzRequest<'_>) -> bool {
    let own = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{}","Resource":"*"}}]}}"#,
        request.action
    );
    let own: Vec<PolicyDocument> = awsim_iam_policy::parse(&own).into_iter().collect();
    awsim_iam_policy::evaluate(
        request,
        &EvalContext {
            identity_policies: &own,
            resource_policy: Some(policy),
            ..EvalContext::default()
        },
    ) == Decision::Allow
}
