//! Backup policies of AWS Organizations, after the examples of its user guide ("Backup policy syntax and examples").

use serde_json::json;

use super::{context, linted, plan, reading};

#[test]
fn the_plan_that_a_policy_makes_in_an_account_is_read() {
    let reading = reading("o01-policy.json", &[]);
    let [pii] = reading.plans.as_slice() else {
        panic!("{:#?}", reading.plans);
    };
    let mut made = pii.backup_plan.clone();
    assert_eq!(made.take_tags(), Some(json!({"Stage": "Beta"})));
    assert_eq!(
        serde_json::to_value(&made).unwrap(),
        json!({
            "BackupPlanName": "PII",
            "Rules": [{
                "RuleName": "Hourly",
                "TargetBackupVaultName": "FortKnox",
                "ScheduleExpression": "cron(0 5/1 ? * * *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "StartWindowMinutes": 480,
                "CompletionWindowMinutes": 10080,
                "EnableContinuousBackup": false,
                "RecoveryPointTags": {"Owner": "Backup"},
                "Lifecycle": {"MoveToColdStorageAfterDays": 180, "DeleteAfterDays": 270},
                "CopyActions": [{
                    "DestinationBackupVaultArn": "arn:aws:backup:us-west-2:111122223333:backup-vault:second",
                    "Lifecycle": {"DeleteAfterDays": 28},
                }],
                "IndexActions": [{"ResourceTypes": ["EBS", "S3"]}],
            }],
            "AdvancedBackupSettings": [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}],
        })
    );
    assert_eq!(
        serde_json::to_value(&pii.backup_selections).unwrap(),
        json!([
            {
                "SelectionName": "datatype",
                "IamRoleArn": "arn:aws:iam::111122223333:role/MyIamRole",
                "ListOfTags": [
                    {"ConditionType": "STRINGEQUALS", "ConditionKey": "dataType", "ConditionValue": "PII"},
                    {"ConditionType": "STRINGEQUALS", "ConditionKey": "dataType", "ConditionValue": "RED"},
                ],
            },
            {
                "SelectionName": "tables",
                "IamRoleArn": "arn:aws:iam::111122223333:role/MyIamRole",
                "Resources": ["arn:aws:dynamodb:*:*:table/*"],
                "NotResources": ["arn:aws:dynamodb:*:*:table/scratch"],
                "Conditions": {"StringNotEquals": [{"ConditionKey": "aws:ResourceTag/env", "ConditionValue": "dev"}]},
            },
        ])
    );
    let fields: Vec<&str> = reading
        .notes
        .iter()
        .map(|note| note.field.as_str())
        .collect();
    // One policy of several, a list that others begin, and a plan that is made elsewhere.
    assert_eq!(
        fields,
        ["policy", "plans.PII.regions", "plans.elsewhere.regions"]
    );
    assert_eq!(pii.notes[0].field, "plans.PII.rules.Hourly.odd_member");
}

#[test]
fn the_effective_policy_is_read_as_it_is_answered() {
    let policy = json!({"plans": {"nightly": {
        "regions": ["eu-west-1"],
        "rules": {"daily": {"schedule_expression": "cron(0 5 ? * * *)", "target_backup_vault_name": "main",
            "start_backup_window_minutes": "60", "lifecycle": {"delete_after_days": "35"}}},
        "selections": {"tags": {"all": {"iam_role_arn": "arn:aws:iam::$account:role/backups", "tag_key": "backup", "tag_value": ["daily"]}}},
    }}});
    let answer = json!({"EffectivePolicy": {"PolicyContent": policy.to_string(), "PolicyType": "BACKUP_POLICY", "TargetId": "111122223333"}});
    let reading = tidemark_services::exchange::read(&answer.to_string(), &context(&[])).unwrap();
    assert!(reading.notes.is_empty(), "{:?}", reading.notes);
    assert_eq!(reading.plans[0].backup_plan.rules[0].keeps_days(), Some(35));
    // The same as the case that a new user tried.
    let tried = plan("r17-org-policy.json", &[]);
    assert_eq!(tried.backup_selections, reading.plans[0].backup_selections);
    assert!(linted(&tried).iter().all(|finding| !finding.is_error()));
}

#[test]
fn what_takes_away_from_other_policies_is_not_guessed() {
    let policy =
        json!({"plans": {"nightly": {"regions": {"@@remove": ["eu-west-1"]}, "rules": {}}}});
    let error = tidemark_services::exchange::read(&policy.to_string(), &context(&[])).unwrap_err();
    assert_eq!(error.field, "plans.nightly.regions");
    assert!(error.rule.contains("effective policy"), "{error}");
}
