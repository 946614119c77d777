use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidemark_domain::{AccountId, Arn, Region, plan::PlanRecord};

use super::{RuleRunParams, SaveParams};
use crate::plans::context::partition;

/// What a run that saves a plan may do: change this one plan and its selections, and hand AWS Backup
/// the roles that they name. `made` is the id of a new plan, once it has one: until then the run may
/// create plans, and nothing else.
pub(in crate::plans) fn save_policy(params: &SaveParams, made: Option<&str>) -> String {
    let before = params.before.as_ref();
    let Some(id) = before.map(|plan| plan.id.as_str()).or(made) else {
        // No plan is there whose ARN the policy could name.
        let mut actions = vec!["backup:CreateBackupPlan"];
        if params.plan.tags().is_some_and(|tags| !tags.is_empty()) {
            actions.push("backup:TagResource");
        }
        return document(&[allow(&actions, &json!("*"))]);
    };
    let plan = plan_arn(&params.account, &params.region, id);
    let mut statements = vec![allow(
        &[
            "backup:GetBackupPlan",
            "backup:UpdateBackupPlan",
            "backup:DeleteBackupPlan",
            "backup:ListBackupSelections",
            "backup:GetBackupSelection",
            "backup:CreateBackupSelection",
            "backup:DeleteBackupSelection",
            "backup:ListTags",
            "backup:TagResource",
            "backup:UntagResource",
        ],
        &json!(plan),
    )];
    let roles: BTreeSet<&str> = params
        .selections
        .iter()
        .flat_map(|work| {
            let old = work.old.as_ref().map(|old| &old.selection);
            old.into_iter().chain(&work.new)
        })
        .map(|selection| selection.iam_role_arn.as_str())
        .collect();
    statements.extend(pass(&roles));
    document(&statements)
}

/// What a run that deletes a plan may do. It may make the selections again, should the plan not go.
pub(in crate::plans) fn delete_policy(plan: &PlanRecord) -> String {
    let roles: BTreeSet<&str> = plan
        .selections
        .iter()
        .map(|one| one.selection.iam_role_arn.as_str())
        .collect();
    let mut statements = vec![allow(
        &[
            "backup:GetBackupPlan",
            "backup:DeleteBackupPlan",
            "backup:ListBackupSelections",
            "backup:GetBackupSelection",
            "backup:CreateBackupSelection",
            "backup:DeleteBackupSelection",
        ],
        &json!(plan_arn(&plan.account, &plan.region, &plan.id)),
    )];
    statements.extend(pass(&roles));
    document(&statements)
}

/// What a run of a rule by hand may do: start, watch and stop jobs into the rule's vault.
pub(in crate::plans) fn rule_run_policy(params: &RuleRunParams) -> String {
    let RuleRunParams {
        account, region, ..
    } = params;
    let arn = |resource: &str| {
        let partition = partition(&params.scope());
        format!("arn:{partition}:backup:{region}:{account}:{resource}")
    };
    let vault = arn(&format!(
        "backup-vault:{}",
        params.rule.target_backup_vault_name
    ));
    let mut statements = vec![
        allow(&["backup:StartBackupJob"], &json!(vault)),
        allow(
            &["backup:DescribeBackupJob", "backup:StopBackupJob"],
            &json!("*"),
        ),
    ];
    if params
        .rule
        .recovery_point_tags
        .as_ref()
        .is_some_and(|tags| !tags.is_empty())
    {
        let points = arn("recovery-point:*");
        statements.push(allow(&["backup:TagResource"], &json!(points)));
    }
    statements.extend(start_table_backups(params));
    let roles: BTreeSet<&str> = params
        .resources
        .iter()
        .map(|(_, role)| role.as_str())
        .collect();
    statements.extend(pass(&roles));
    document(&statements)
}

/// `DynamoDB` wants its own permission. A session policy holds few ARNs: many tables are named by
/// their account and Region.
fn start_table_backups(params: &RuleRunParams) -> Option<Value> {
    const FEW: usize = 8;
    let tables: Vec<&Arn> = params
        .resources
        .iter()
        .map(|(arn, _)| arn)
        .filter(|arn| arn.service() == "dynamodb")
        .collect();
    let resource = match tables.as_slice() {
        [] => return None,
        few if few.len() <= FEW => json!(few),
        [first, ..] => json!(format!(
            "arn:{}:dynamodb:{}:{}:table/*",
            first.partition(),
            params.region,
            params.account
        )),
    };
    Some(allow(&["dynamodb:StartAwsBackupJob"], &resource))
}

fn plan_arn(account: &AccountId, region: &Region, id: &str) -> String {
    let scope = tidemark_domain::Scope {
        account: account.clone(),
        region: region.clone(),
    };
    format!(
        "arn:{}:backup:{region}:{account}:backup-plan:{id}",
        partition(&scope)
    )
}

fn pass(roles: &BTreeSet<&str>) -> Option<Value> {
    (!roles.is_empty()).then(|| allow(&["iam:PassRole"], &json!(roles)))
}

fn allow(actions: &[&str], resource: &Value) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

fn document(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}
