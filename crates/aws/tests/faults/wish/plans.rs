use serde_json::{Value, json};
use tidemark_domain::{plan::RolloutRequest, runs::RunId};
use tidemark_services::plans;

use crate::estate::{Estate, operator, scope_of};

/// A plan and its selection into two accounts.
pub(super) async fn roll_out(estate: &Estate) -> RunId {
    let other = estate.second_account().await;
    estate.read().await;
    let plan = json!({
        "BackupPlanName": "gold",
        "Rules": [{
            "RuleName": "daily", "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(0 5 ? * * *)", "Lifecycle": {"DeleteAfterDays": 35},
        }],
    });
    let selection = json!({
        "SelectionName": "checkout",
        "IamRoleArn": format!("arn:aws:iam::{}:role/service-role/AWSBackupDefaultServiceRole", estate.account),
        "ListOfTags": [{
            "ConditionType": "STRINGEQUALS", "ConditionKey": "team", "ConditionValue": "checkout",
        }],
    });
    let request = RolloutRequest {
        plan: serde_json::from_value(plan).unwrap(),
        selections: vec![serde_json::from_value(selection).unwrap()],
        targets: vec![scope_of(&estate.account), scope_of(&other)],
        reason: "everywhere".to_owned(),
    };
    let shown = plans::rollout(&estate.services, &operator(), request.clone())
        .await
        .unwrap();
    plans::start_rollout(&estate.services, &operator(), request, &shown.digest)
        .await
        .unwrap()
}

pub(super) fn check(world: &Value) {
    assert_eq!(world["backup"]["plans"], json!([["gold", ["checkout"]]]));
}
