use std::collections::BTreeSet;

use tidemark_domain::{AccountId, Arn, Region, Scope, plan::PlanRecord};

use super::{RuleRunParams, SaveParams};
use crate::{
    calls::{Call, SessionPolicy},
    plans::context::partition,
};

/// Stands for the id of a plan that is not there yet; it is as long as any.
const NEW: &str = "00000000-0000-0000-0000-000000000000";

/// What a run that saves a plan may do: change this one plan and its selections, and hand AWS Backup
/// the roles that they name. `made` is the id of a new plan, once it has one: until then the run may
/// create plans, and nothing else.
pub(in crate::plans) fn save_policy(params: &SaveParams, made: Option<&str>) -> SessionPolicy {
    let before = params.before.as_ref();
    let (account, region) = (&params.account, &params.region);
    let policy = SessionPolicy::new(partition(&params.scope()), account, region);
    let Some(id) = before.map(|plan| plan.id.as_str()).or(made) else {
        // No plan is there whose ARN the policy could name.
        let policy = policy.allow_any(&[Call::CreateBackupPlan]);
        return if params.plan.tags().is_some_and(|tags| !tags.is_empty()) {
            policy.allow_any(&[Call::BackupTagResource])
        } else {
            policy
        };
    };
    let roles: BTreeSet<&str> = params
        .selections
        .iter()
        .flat_map(|work| {
            let old = work.old.as_ref().map(|old| &old.selection);
            old.into_iter().chain(&work.new)
        })
        .map(|selection| selection.iam_role_arn.as_str())
        .collect();
    policy.roles(roles).allow(
        &[
            Call::GetBackupPlan,
            Call::UpdateBackupPlan,
            Call::DeleteBackupPlan,
            Call::ListBackupSelections,
            Call::GetBackupSelection,
            Call::CreateBackupSelection,
            Call::DeleteBackupSelection,
            Call::BackupListTags,
            Call::BackupTagResource,
            Call::BackupUntagResource,
        ],
        &[plan_arn(account, region, id)],
    )
}

/// Every policy that a run holds in turn while it saves a plan.
pub(in crate::plans) fn save_policies(params: &SaveParams) -> Vec<SessionPolicy> {
    if params.before.is_some() {
        vec![save_policy(params, None)]
    } else {
        vec![save_policy(params, None), save_policy(params, Some(NEW))]
    }
}

/// What a run that deletes a plan may do. It may make the selections again, should the plan not go.
pub(in crate::plans) fn delete_policy(plan: &PlanRecord) -> SessionPolicy {
    let roles: BTreeSet<&str> = plan
        .selections
        .iter()
        .map(|one| one.selection.iam_role_arn.as_str())
        .collect();
    SessionPolicy::new(partition(&plan.scope()), &plan.account, &plan.region)
        .roles(roles)
        .allow(
            &[
                Call::GetBackupPlan,
                Call::DeleteBackupPlan,
                Call::ListBackupSelections,
                Call::GetBackupSelection,
                Call::CreateBackupSelection,
                Call::DeleteBackupSelection,
            ],
            &[plan_arn(&plan.account, &plan.region, &plan.id)],
        )
}

/// What a run of a rule by hand may do: start, watch and stop jobs into the rule's vault.
pub(in crate::plans) fn rule_run_policy(params: &RuleRunParams) -> SessionPolicy {
    let RuleRunParams {
        account, region, ..
    } = params;
    let partition = partition(&params.scope());
    let arn = |resource: &str| format!("arn:{partition}:backup:{region}:{account}:{resource}");
    let vault = arn(&format!(
        "backup-vault:{}",
        params.rule.target_backup_vault_name
    ));
    let roles: BTreeSet<&str> = params
        .resources
        .iter()
        .map(|(_, role)| role.as_str())
        .collect();
    let mut policy = SessionPolicy::new(partition, account, region)
        .roles(roles)
        .allow(&[Call::StartBackupJob], &[vault])
        .allow_any(&[Call::DescribeBackupJob, Call::StopBackupJob]);
    if params
        .rule
        .recovery_point_tags
        .as_ref()
        .is_some_and(|tags| !tags.is_empty())
    {
        policy = policy.allow(&[Call::TagNewPoint], &[arn("recovery-point:*")]);
    }
    policy.allow(&[Call::StartAwsBackupJob], &tables(params))
}

/// The tables among the resources. A session policy holds few ARNs: many tables are named by their
/// account and Region.
fn tables(params: &RuleRunParams) -> Vec<String> {
    const FEW: usize = 8;
    let tables: Vec<&Arn> = params
        .resources
        .iter()
        .map(|(arn, _)| arn)
        .filter(|arn| arn.service() == "dynamodb")
        .collect();
    match tables.as_slice() {
        few if few.len() <= FEW => few.iter().map(ToString::to_string).collect(),
        [first, ..] => vec![format!(
            "arn:{}:dynamodb:{}:{}:table/*",
            first.partition(),
            params.region,
            params.account
        )],
        [] => Vec::new(),
    }
}

fn plan_arn(account: &AccountId, region: &Region, id: &str) -> String {
    let scope = Scope {
        account: account.clone(),
        region: region.clone(),
    };
    format!(
        "arn:{}:backup:{region}:{account}:backup-plan:{id}",
        partition(&scope)
    )
}
