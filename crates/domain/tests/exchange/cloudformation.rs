use serde_json::json;
use tidemark_domain::{
    AccountId, Invalid, Region,
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
    let template = to_cloudformation(&bundles).unwrap().value;
    let back: Vec<PlanBundle> = from_cloudformation(&template, &ImportContext::default())
        .unwrap()
        .plans;
    assert_eq!(back, bundles);
}

#[test]
fn the_schemas_names_are_used_and_nothing_that_it_does_not_know() {
    let template = to_cloudformation(&[bundle()]).unwrap().value;
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
        .plans
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

/// The template with a vault for its rule, read for an account and Region.
fn with_vault(vault: serde_json::Value) -> Result<tidemark_domain::exchange::Reading, Invalid> {
    let template = json!({"Resources": {
        "Loop": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": {"Ref": "Pool"}}},
        "Pool": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": {"Ref": "Loop"}}},
        "Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": {
            "BackupPlanName": "gold",
            "BackupPlanRule": [{"RuleName": "daily", "TargetBackupVault": vault}],
        }}},
    }});
    let context = ImportContext {
        parameters: [].into(),
        ..context()
    };
    from_cloudformation(&template, &context)
}

#[test]
fn what_the_template_does_not_have_is_named_by_its_place() {
    for (vault, words) in [
        (
            json!({"Ref": "Nowhere"}),
            "which the template does not have",
        ),
        (json!({"Ref": "Plam"}), "Did you mean Plan?"),
        (json!({"Ref": "Loop"}), "leads back to itself"),
        (
            json!({"Ref": "AWS::Stackname"}),
            "which CloudFormation does not have",
        ),
        (
            json!({"Fn::Sub": "${Nowhere}"}),
            "which the template does not have",
        ),
        (json!({"Fn::Sub": "${open"}), "has a ${ without a }"),
        (json!({"Fn::Subb": "x"}), "did you mean Fn::Sub?"),
        (
            json!({"Fn::If": ["Nowhere", "a", "b"]}),
            "which the template does not have",
        ),
        (
            json!({"Fn::Select": ["2", ["a", "b"]]}),
            "item 2 of a list with 2",
        ),
        (json!({"Fn::Join": ["-", [["a"]]]}), "joins texts only"),
        (json!(["a"]), "must be text, not a list"),
    ] {
        let error = with_vault(vault.clone()).unwrap_err();
        assert_eq!(
            error.field, "Plan.BackupPlan.BackupPlanRule[0].TargetBackupVault",
            "{vault}"
        );
        assert!(error.rule.contains(words), "{vault}: {error}");
    }
}

#[test]
fn what_only_a_deployment_knows_is_told_with_the_name_under_which_it_can_be_given() {
    for (vault, parameter, words) in [
        (
            json!({"Fn::ImportValue": "x"}),
            Some("ImportValue.x"),
            "exported by another stack",
        ),
        (
            json!({"Fn::GetAtt": ["Plan", "BackupPlanArn"]}),
            Some("Plan.BackupPlanArn"),
            "is given by AWS",
        ),
        (
            json!({"Ref": "AWS::StackName"}),
            Some("AWS::StackName"),
            "the name of the stack",
        ),
        (
            json!("{{resolve:ssm:/backup/vault:3}}"),
            Some("resolve:ssm:/backup/vault:3"),
            "Systems Manager /backup/vault:3",
        ),
        (
            json!({"Fn::Join": ["-", ["a", {"Ref": "AWS::StackName"}]]}),
            Some("AWS::StackName"),
            "the name of the stack",
        ),
        (
            json!({"Fn::Transform": {"Name": "AWS::Include"}}),
            None,
            "Fn::Transform",
        ),
    ] {
        let bundle = with_vault(vault.clone()).unwrap().plans.remove(0);
        let [unknown] = &bundle.unknown[..] else {
            unreachable!("{vault}: {:?}", bundle.unknown);
        };
        assert_eq!(unknown.field, "Rules[0].TargetBackupVaultName", "{vault}");
        assert_eq!(unknown.parameter.as_deref(), parameter, "{vault}");
        assert!(unknown.because.contains(words), "{vault}: {unknown}");
        assert!(bundle.require_known().is_err());
    }
}

#[test]
fn a_template_whose_functions_multiply_is_refused_soon() {
    let mut conditions = json!({"C0": {"Fn::Equals": ["a", "a"]}});
    for n in 1..60 {
        let before = json!({"Condition": format!("C{}", n - 1)});
        conditions[format!("C{n}")] = json!({"Fn::And": vec![before; 10]});
    }
    let mut body = json!({"X${A}": {"Type": "T"}});
    for n in 0..9 {
        let letters: Vec<String> = (0..10).map(|one| format!("v{one}")).collect();
        body = json!({format!("Fn::ForEach::L{n}"): ["A", letters, body]});
    }
    let plan = json!({"Type": "AWS::Backup::BackupPlan", "Condition": "C59", "Properties": {"BackupPlan": {
        "BackupPlanName": "gold",
        "BackupPlanRule": [{"RuleName": "daily", "TargetBackupVault": "main"}],
    }}});
    let few = json!({"Conditions": conditions, "Resources": {"Plan": plan}});
    let reading = from_cloudformation(&few, &ImportContext::default()).unwrap();
    assert_eq!(reading.plans.len(), 1);
    let error = from_cloudformation(&json!({"Resources": body}), &ImportContext::default());
    assert!(error.unwrap_err().rule.contains("too many steps"));
}

#[test]
fn a_template_without_a_plan_is_refused_and_a_selection_of_another_plan_is_told() {
    let context = ImportContext::default();
    let none = json!({"Resources": {"B": {"Type": "AWS::S3::Bucket"}}});
    assert!(from_cloudformation(&none, &context).is_err());
    assert!(from_cloudformation(&json!({}), &context).is_err());
    let mut lost = to_cloudformation(&[bundle()]).unwrap().value;
    lost["Resources"]["BackupSelectionTagged"]["Properties"]["BackupPlanId"] = json!("p-1");
    let reading = from_cloudformation(&lost, &context).unwrap();
    assert_eq!(reading.plans[0].backup_selections.len(), 1);
    assert_eq!(reading.notes[0].field, "BackupSelectionTagged.BackupPlanId");
    assert!(
        reading.notes[0].rule.contains("plan p-1"),
        "{:?}",
        reading.notes
    );
}

#[test]
fn what_a_stack_would_not_have_is_listed_and_comes_back() {
    let lost = to_cloudformation(&[bundle()]).unwrap().lost;
    let mut sorted = lost.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "FromTheFuture",
            "Rules[0].CopyActions[0].Soon~er",
            "Rules[0].Lifecycle.DeleteAfterEvent",
            "Rules[0].Lifecycle.Later",
            "Rules[1].RecoveryPointTags",
            "tagged.Unknown",
        ]
    );
}
