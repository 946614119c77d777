use serde_json::{Value, json};
use tidemark_domain::{
    Arn, PutBack, RestoreDestination, RestorePlan, RestoreRequest, RestoreSource, TableSettings,
};

use super::{source::Source, words::describe};
use crate::records::restore_statements;

/// What AWS needs the caller of a table restore to be allowed on the new table.
const FILL_TABLE: [&str; 6] = [
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
];

/// The inline session policy of a restore: what this one run may do, and nothing else.
pub(super) fn session_policy(
    request: &RestoreRequest,
    source: &Source,
    service_role: Option<&str>,
    settings: &TableSettings,
    destination: &RestoreDestination,
) -> String {
    let mut statements = Vec::new();
    // Only of tables does AWS look at the destination under the caller's own credentials; everything
    // else AWS Backup makes as the service role, from the metadata that the run's plan holds.
    let new_table = request
        .target_table
        .as_ref()
        .and(destination.arn.as_ref())
        .map(Arn::to_string);
    match &request.source {
        RestoreSource::PointInTime { .. } => statements.push(table_restore(
            "dynamodb:RestoreTableToPointInTime",
            &request.resource,
            new_table.as_deref(),
        )),
        RestoreSource::DynamoDbBackup { arn } => statements.push(table_restore(
            "dynamodb:RestoreTableFromBackup",
            arn,
            new_table.as_deref(),
        )),
        RestoreSource::Records { .. } => {
            statements.extend(
                source
                    .capture
                    .iter()
                    .flat_map(|stored| restore_statements(&stored.capture)),
            );
            if let Some(table) = new_table.as_deref() {
                statements.push(allow(
                    &[
                        "dynamodb:CreateTable",
                        "dynamodb:BatchWriteItem",
                        "dynamodb:TagResource",
                        "dynamodb:UntagResource",
                    ],
                    &json!(table),
                ));
                // What describing a table reads; auto scaling knows no ARNs for reading.
                statements.push(allow(
                    &["dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource"],
                    &json!(table),
                ));
                statements.push(allow(&["application-autoscaling:Describe*"], &json!("*")));
            }
        }
        RestoreSource::RecoveryPoint { arn, .. } => {
            statements.push(allow(&["backup:StartRestoreJob"], &json!(arn.as_str())));
            statements.push(allow(&["backup:DescribeRestoreJob"], &json!("*")));
            if let Some(table) = new_table.as_deref() {
                statements.push(table_restore(
                    "dynamodb:RestoreTableFromAwsBackup",
                    arn,
                    Some(table),
                ));
            }
            if let Some(role) = service_role {
                statements.push(json!({
                    "Effect": "Allow",
                    "Action": ["iam:PassRole"],
                    "Resource": role,
                    "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
                }));
            }
        }
    }
    if let Some(table) = &new_table {
        statements.extend(put_back_statements(request, settings, table, true));
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// The inline session policy of a run that only puts settings back.
pub(super) fn put_back_policy(plan: &RestorePlan) -> String {
    let table = format!(
        "arn:{}:dynamodb:{}:{}:table/{}",
        plan.request.resource.partition(),
        plan.region,
        plan.account,
        plan.request.target_table.as_deref().unwrap_or_default()
    );
    let statements = put_back_statements(&plan.request, &plan.settings, &table, false);
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn put_back_statements(
    request: &RestoreRequest,
    settings: &TableSettings,
    table: &str,
    made_here: bool,
) -> Vec<Value> {
    let indexes = format!("{table}/*");
    let mut actions = on_new_table(request, settings);
    actions.retain(|action| made_here || *action != "dynamodb:DeleteTable");
    let mut statements = vec![allow(&actions, &json!([table, indexes]))];
    if !settings.scaling.is_empty() && request.put_back.contains(&PutBack::AutoScaling) {
        statements.push(allow(
            &[
                "application-autoscaling:RegisterScalableTarget",
                "application-autoscaling:PutScalingPolicy",
                "application-autoscaling:Describe*",
                "iam:CreateServiceLinkedRole",
            ],
            &json!("*"),
        ));
    }
    statements
}

fn table_restore(action: &str, source: &Arn, new_table: Option<&str>) -> Value {
    let mut actions = vec![action.to_owned()];
    actions.extend(FILL_TABLE.iter().map(|a| format!("dynamodb:{a}")));
    actions.push("dynamodb:UpdateItem".to_owned());
    let mut resources = vec![source.as_str()];
    resources.extend(new_table);
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}

fn on_new_table(request: &RestoreRequest, settings: &TableSettings) -> Vec<&'static str> {
    let mut actions = vec![
        "dynamodb:DescribeTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DeleteTable",
    ];
    for what in request
        .put_back
        .iter()
        .filter(|p| describe(**p, settings).is_some())
    {
        match what {
            PutBack::Stream | PutBack::DeletionProtection => actions.push("dynamodb:UpdateTable"),
            PutBack::TimeToLive => {
                actions.extend(["dynamodb:UpdateTimeToLive", "dynamodb:DescribeTimeToLive"]);
            }
            PutBack::Tags => {
                actions.extend(["dynamodb:TagResource", "dynamodb:ListTagsOfResource"]);
            }
            PutBack::PointInTimeRecovery => actions.push("dynamodb:UpdateContinuousBackups"),
            PutBack::AutoScaling => {}
        }
    }
    actions.sort_unstable();
    actions.dedup();
    actions
}

fn allow(actions: &[&str], resource: &Value) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}
