//! What `terraform show -json` prints of a plan, and a state file. Their forms are those of Terraform's "JSON Output Format" and
//! of its state of version 4; attributes are those of `aws_backup_plan` and `aws_backup_selection` of the AWS provider.

use tidemark_domain::exchange::Unknown;

use super::{reading, try_reading};

fn opened(unknown: &[Unknown]) -> Vec<(&str, &str)> {
    let of = |one: &'_ Unknown| one.parameter.is_some();
    assert!(unknown.iter().all(of), "{unknown:?}");
    let named = unknown.iter();
    named
        .map(|one| (one.field.as_str(), one.parameter.as_deref().unwrap()))
        .collect()
}

#[test]
fn plans_of_every_module_are_read_and_what_is_not_known_yet_is_named() {
    let reading = reading("t02-show-plan.json", &[]);
    assert!(reading.notes.is_empty(), "{:?}", reading.notes);
    let [lone, eu] = reading.plans.as_slice() else {
        panic!("{:#?}", reading.plans);
    };
    assert_eq!(lone.backup_plan.backup_plan_name, "lone");
    assert_eq!(
        opened(&lone.unknown),
        [
            (
                "Rules[0].TargetBackupVaultName",
                "aws_backup_plan.lone.rule[0].target_vault_name"
            ),
            (
                "Selections[0].IamRoleArn",
                "aws_backup_selection.by_tag.iam_role_arn"
            ),
        ]
    );
    assert!(lone.require_known().is_err());
    let plan = serde_json::to_value(&lone.backup_plan).unwrap();
    assert_eq!(
        plan["AdvancedBackupSettings"],
        serde_json::json!([{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}])
    );
    assert_eq!(
        plan["Rules"][0]["Lifecycle"],
        serde_json::json!({"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120})
    );
    assert!(plan["Rules"][0].get("CopyActions").is_none(), "{plan}");
    // What the provider adds to every resource is a tag of the plan as well.
    let tags = plan["BackupPlanTags"].as_object().map_or_else(
        || lone.backup_plan.clone().take_tags().unwrap(),
        |tags| tags.clone().into(),
    );
    assert_eq!(
        tags,
        serde_json::json!({"team": "ledger", "stack": "backups"})
    );
    let [by_tag] = lone.backup_selections.as_slice() else {
        panic!("{:?}", lone.backup_selections);
    };
    assert_eq!(
        serde_json::to_value(by_tag).unwrap()["Conditions"],
        serde_json::json!({"StringEquals": [{"ConditionKey": "aws:ResourceTag/Backup", "ConditionValue": "yes"}]})
    );

    assert!(eu.unknown.is_empty() && eu.notes.is_empty(), "{eu:?}");
    let rule = &eu.backup_plan.rules[0];
    assert_eq!(rule.target_backup_vault_name, "eu-vault");
    let copy = &rule.copies()[0];
    assert!(
        copy.destination_backup_vault_arn
            .ends_with(":backup-vault:dr")
    );
    let plan = serde_json::to_value(&eu.backup_plan).unwrap();
    assert_eq!(
        plan.pointer("/Rules/0/CopyActions/0/Lifecycle").unwrap(),
        &serde_json::json!({"DeleteAfterDays": 365})
    );
    assert_eq!(eu.backup_selections[0].selection_name, "tables");
}

#[test]
fn what_is_not_known_yet_can_be_given() {
    let given = [
        ("aws_backup_plan.lone.rule[0].target_vault_name", "main"),
        (
            "aws_backup_selection.by_tag.iam_role_arn",
            "arn:aws:iam::111122223333:role/backups",
        ),
    ];
    let reading = reading("t02-show-plan.json", &given);
    let lone = &reading.plans[0];
    lone.require_known().unwrap();
    assert_eq!(lone.backup_plan.rules[0].target_backup_vault_name, "main");
    let error = try_reading("t02-show-plan.json", &[("Days", "3")]).unwrap_err();
    assert!(error.to_string().contains("parameter Days"), "{error}");
}

#[test]
fn a_state_file_is_read_without_what_the_provider_writes_for_nothing() {
    let reading = reading("t03-state.json", &[]);
    let [a, b] = reading.plans.as_slice() else {
        panic!("{:#?}", reading.plans);
    };
    assert_eq!(
        serde_json::to_value(&a.backup_plan).unwrap(),
        serde_json::json!({
            "BackupPlanName": "plan-a",
            "Rules": [{
                "RuleName": "r",
                "TargetBackupVaultName": "main",
                "StartWindowMinutes": 480,
                "CompletionWindowMinutes": 10080,
                "Lifecycle": {"DeleteAfterDays": 14},
            }],
        })
    );
    assert!(a.backup_selections.is_empty());
    assert_eq!(b.backup_selections[0].selection_name, "all");
    // A selection of a plan that is elsewhere is told, and what is newer than this console.
    assert_eq!(reading.notes.len(), 1, "{:?}", reading.notes);
    assert!(
        reading.notes[0]
            .field
            .starts_with("aws_backup_selection.other")
    );
    assert!(
        a.notes
            .iter()
            .any(|note| note.field.contains("from_the_future")),
        "{:?}",
        a.notes
    );
}

#[test]
fn a_file_of_terraform_without_a_plan_says_so() {
    let text = r#"{"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": []}}}"#;
    let error = tidemark_services::exchange::read(text, &super::context(&[])).unwrap_err();
    assert!(error.rule.contains("holds no aws_backup_plan"), "{error}");
}
