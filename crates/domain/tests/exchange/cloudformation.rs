use serde_json::json;
use tidemark_domain::{
    AccountId, Region,
    exchange::{ImportContext, PlanBundle, from_cloudformation, to_cloudformation},
};

use crate::examples::bundle;

fn context() -> ImportContext {
    ImportContext {
        account: Some(AccountId::parse("111122223333").unwrap()),
        region: Some(Region::parse("eu-west-1").unwrap()),
        parameters: [("Keep".to_owned(), "14".to_owned())].into(),
    }
}

#[test]
fn a_template_reads_back_to_the_same_plans() {
    let mut second = bundle();
    second.backup_plan.backup_plan_name = "silver".to_owned();
    second.backup_selections.clear();
    let mut first = bundle();
    first
        .backup_selections
        .sort_by(|a, b| a.selection_name.cmp(&b.selection_name));
    let bundles = [first, second];
    let template = to_cloudformation(&bundles).unwrap();
    let back: Vec<PlanBundle> = from_cloudformation(&template, &ImportContext::default()).unwrap();
    assert_eq!(back, bundles);
}

#[test]
fn the_schemas_names_are_used_and_nothing_that_it_does_not_know() {
    let template = to_cloudformation(&[bundle()]).unwrap();
    let plan = &template["Resources"]["BackupPlanGold"];
    let rule = &plan["Properties"]["BackupPlan"]["BackupPlanRule"][0];
    assert_eq!(rule["TargetBackupVault"], "main");
    assert!(rule.get("RuleId").is_none());
    assert!(rule["Lifecycle"].get("DeleteAfterEvent").is_none());
    assert_eq!(
        plan["Metadata"]["Tidemark"]["Rules/0/Lifecycle/DeleteAfterEvent"],
        "\"DELETE_AFTER_COPY\""
    );
    let selection = &template["Resources"]["BackupSelectionTagged"]["Properties"];
    assert_eq!(selection["BackupPlanId"], json!({"Ref": "BackupPlanGold"}));
}

#[test]
fn references_are_resolved_as_far_as_the_template_tells() {
    let template = json!({
        "Parameters": {"Keep": {"Type": "Number"}, "Zone": {"Type": "String", "Default": "Europe/Berlin"}},
        "Resources": {
            "Vault": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": {"Fn::Sub": "vault-${AWS::Region}"}}},
            "Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": {
                "BackupPlanName": {"Fn::Join": ["-", ["gold", {"Ref": "AWS::Region"}]]},
                "BackupPlanRule": {
                    "RuleName": "daily",
                    "TargetBackupVault": {"Ref": "Vault"},
                    "ScheduleExpressionTimezone": {"Ref": "Zone"},
                    "StartWindowMinutes": {"Ref": "AWS::NoValue"},
                    "Lifecycle": {"DeleteAfterDays": {"Ref": "Keep"}},
                    "CopyActions": [
                        {"DestinationBackupVaultArn": {"Fn::Sub": "arn:${AWS::Partition}:backup:eu-central-1:${AWS::AccountId}:backup-vault:${!x}"}},
                        {"DestinationBackupVaultArn": {"Fn::GetAtt": ["Vault", "BackupVaultArn"]}},
                    ],
                },
            }}},
            "Selection": {"Type": "AWS::Backup::BackupSelection", "Properties": {
                "BackupPlanId": {"Fn::GetAtt": "Plan.BackupPlanId"},
                "BackupSelection": {
                    "SelectionName": "all",
                    "IamRoleArn": {"Fn::Sub": ["arn:aws:iam::${Id}:role/r", {"Id": {"Ref": "AWS::AccountId"}}]},
                    "Resources": ["*"],
                },
            }},
        },
    });
    let bundle = from_cloudformation(&template, &context())
        .unwrap()
        .remove(0);
    let rule = &bundle.backup_plan.rules[0];
    assert_eq!(bundle.backup_plan.backup_plan_name, "gold-eu-west-1");
    assert_eq!(rule.target_backup_vault_name, "vault-eu-west-1");
    assert_eq!(
        rule.schedule_expression_timezone.as_deref(),
        Some("Europe/Berlin")
    );
    assert_eq!(rule.start_window_minutes, None);
    assert_eq!(rule.keeps_days(), Some(14));
    let arns: Vec<&str> = rule
        .copies()
        .iter()
        .map(|copy| copy.destination_backup_vault_arn.as_str())
        .collect();
    assert_eq!(
        arns,
        [
            "arn:aws:backup:eu-central-1:111122223333:backup-vault:${x}",
            "arn:aws:backup:eu-west-1:111122223333:backup-vault:vault-eu-west-1",
        ]
    );
    assert_eq!(
        bundle.backup_selections[0].iam_role_arn,
        "arn:aws:iam::111122223333:role/r"
    );
}

#[test]
fn what_cannot_be_resolved_is_named_by_its_place() {
    let template = |vault: serde_json::Value| {
        json!({"Resources": {
            "Loop": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": {"Ref": "Pool"}}},
            "Pool": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": {"Ref": "Loop"}}},
            "Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": {
                "BackupPlanName": "gold",
                "BackupPlanRule": [{"RuleName": "daily", "TargetBackupVault": vault}],
            }}},
        }})
    };
    for vault in [
        json!({"Ref": "Nowhere"}),
        json!({"Ref": "Loop"}),
        json!({"Fn::ImportValue": "x"}),
        json!({"Fn::Sub": "${Nowhere}"}),
        json!({"Fn::Sub": "${open"}),
        json!({"Fn::GetAtt": ["Plan", "BackupPlanArn"]}),
    ] {
        let error = from_cloudformation(&template(vault.clone()), &context()).unwrap_err();
        assert_eq!(
            error.field, "Plan.BackupPlan.BackupPlanRule[0].TargetBackupVault",
            "{vault}"
        );
    }
}

#[test]
fn a_template_without_a_plan_or_with_a_lost_selection_is_refused() {
    let none = json!({"Resources": {"B": {"Type": "AWS::S3::Bucket"}}});
    assert!(from_cloudformation(&none, &context()).is_err());
    assert!(from_cloudformation(&json!({}), &context()).is_err());
    let mut lost = to_cloudformation(&[bundle()]).unwrap();
    lost["Resources"]["BackupSelectionTagged"]["Properties"]["BackupPlanId"] = json!("p-1");
    let error = from_cloudformation(&lost, &context()).unwrap_err();
    assert_eq!(error.field, "BackupSelectionTagged.BackupPlanId");
}
