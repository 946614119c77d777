use serde_json::{Value, json};
use tidemark_domain::exchange::{PlanBundle, from_json};

/// A plan with everything that the API has, two selections, and members that nobody knows.
pub(crate) fn full() -> Value {
    json!({
        "BackupPlan": {
            "BackupPlanName": "gold",
            "AdvancedBackupSettings": [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}],
            "FromTheFuture": {"a": [1, 2.5, "x"], "b/c": {"d": true}},
            "Rules": [{
                "RuleName": "daily",
                "TargetBackupVaultName": "main",
                "ScheduleExpression": "cron(0 5 ? * * *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "StartWindowMinutes": 60,
                "CompletionWindowMinutes": 180,
                "RuleId": "a0ab1b2c-0000-4000-8000-000000000001",
                "IndexActions": [{"ResourceTypes": ["S3"]}],
                "Lifecycle": {
                    "MoveToColdStorageAfterDays": 30,
                    "DeleteAfterDays": 365,
                    "OptInToArchiveForSupportedResources": true,
                    "DeleteAfterEvent": "DELETE_AFTER_COPY",
                    "Later": {"x": 1},
                },
                "RecoveryPointTags": {"team": "orders", "cost:centre": "42"},
                "EnableContinuousBackup": false,
                "CopyActions": [{
                    "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:444455556666:backup-vault:dr",
                    "Lifecycle": {"DeleteAfterDays": 400},
                    "Soon~er": [true],
                }, {
                    "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:111122223333:backup-vault:copies",
                }],
            }, {
                "RuleName": "monthly",
                "TargetBackupVaultName": "archive",
                "ScheduleExpression": "cron(0 3 L * ? *)",
                "Lifecycle": {"MoveToColdStorageAfterDays": 1, "DeleteAfterDays": 2555},
                "RecoveryPointTags": {"Ref": "not a function"},
            }],
        },
        "BackupSelections": [{
            "SelectionName": "tagged",
            "IamRoleArn": "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
            "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}],
            "NotResources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/tmp-*"],
            "Unknown": 7,
        }, {
            "SelectionName": "tables",
            "IamRoleArn": "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
            "Resources": ["arn:aws:dynamodb:*:*:table/*"],
            "Conditions": {
                "StringEquals": [{"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"}],
                "StringNotLike": [{"ConditionKey": "aws:ResourceTag/team", "ConditionValue": "tmp*"}],
            },
        }],
    })
}

pub(crate) fn bundle() -> PlanBundle {
    from_json(&full()).unwrap()
}
