use serde_json::{Value, json};
use tidemark_domain::exchange::{
    ExchangeFormat, PlanBundle, PlanExport, to_cloudformation, to_json, to_terraform,
};
use tidemark_services::exchange::read;

use super::{context, plan, reading};

fn terraform(bundles: &[PlanBundle]) -> (String, Vec<String>) {
    let written = to_terraform(bundles).unwrap();
    // One space for any, so that a test does not hang on indentation.
    let text = written
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (text, written.lost)
}

fn properties(bundle: &PlanBundle) -> (Value, Value) {
    let template = to_cloudformation(std::slice::from_ref(bundle)).unwrap();
    assert_eq!(template.lost, [""; 0]);
    let resources = template.value["Resources"].as_object().unwrap();
    let plan = resources.values().next().unwrap();
    (plan["Properties"].clone(), plan["Metadata"].clone())
}

#[test]
fn case_1_settings_beside_the_plan_are_written_to_terraform() {
    let (text, lost) = terraform(&[plan("g01-get-backup-plan.json", &[])]);
    assert!(
        text.contains(
            r#"advanced_backup_setting { resource_type = "EC2" backup_options = { "WindowsVSS" = "enabled" } }"#
        ),
        "{text}"
    );
    assert_eq!(lost, [""; 0]);
}

#[test]
fn case_12_every_form_keeps_the_tags_of_the_plan() {
    let bundle = plan("r15-plan-tags.json", &[]);
    assert!(bundle.notes.is_empty(), "{:?}", bundle.notes);
    assert_eq!(
        bundle.backup_plan.tags().unwrap(),
        [("cost-centre", "4711")].into()
    );
    let json = to_json(&bundle).unwrap();
    assert_eq!(json["BackupPlanTags"], json!({"cost-centre": "4711"}));
    assert!(json["BackupPlan"].get("BackupPlanTags").is_none());
    let (properties, metadata) = properties(&bundle);
    assert_eq!(properties["BackupPlanTags"], json!({"cost-centre": "4711"}));
    assert_eq!(metadata, Value::Null);
    let (text, lost) = terraform(std::slice::from_ref(&bundle));
    assert!(
        text.contains(r#"tags = { "cost-centre" = "4711" }"#),
        "{text}"
    );
    assert_eq!(lost, [""; 0]);
    for format in [
        ExchangeFormat::Json,
        ExchangeFormat::Cloudformation,
        ExchangeFormat::CloudformationYaml,
    ] {
        let file = PlanExport::of(std::slice::from_ref(&bundle), format).unwrap();
        let back = read(&file.text, &context(&[])).unwrap();
        assert_eq!(back.plans, std::slice::from_ref(&bundle), "{format:?}");
    }
}

#[test]
fn case_13_scans_are_written_where_the_forms_have_them() {
    let bundle = plan("r12-scan.json", &[]);
    let (properties, metadata) = properties(&bundle);
    let plan = &properties["BackupPlan"];
    assert_eq!(
        plan["ScanSettings"],
        json!([{"MalwareScanner": "GUARDDUTY", "ResourceTypes": ["S3"], "ScannerRoleArn": "arn:aws:iam::111122223333:role/scanner"}])
    );
    assert_eq!(
        plan["BackupPlanRule"][0]["ScanActions"],
        json!([{"MalwareScanner": "GUARDDUTY", "ScanMode": "FULL_SCAN"}])
    );
    assert_eq!(metadata, Value::Null);
    let (text, lost) = terraform(std::slice::from_ref(&bundle));
    for block in [
        r#"scan_action { malware_scanner = "GUARDDUTY" scan_mode = "FULL_SCAN" }"#,
        r#"scan_setting { malware_scanner = "GUARDDUTY" resource_types = ["S3"] scanner_role_arn = "arn:aws:iam::111122223333:role/scanner" }"#,
        r#"target_logically_air_gapped_backup_vault_arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:sealed""#,
    ] {
        assert!(text.contains(block), "{block}\n{text}");
    }
    assert_eq!(lost, ["Rules[0].IndexActions"]);
}

#[test]
fn case_14_windows_are_written_out_where_terraform_has_other_defaults() {
    let (text, _) = terraform(&[plan("r08-no-windows.json", &[])]);
    assert!(
        text.contains("start_window = 480 completion_window = 10080"),
        "{text}"
    );
    // AWS's JSON stays as it is.
    let json = to_json(&plan("r08-no-windows.json", &[])).unwrap();
    assert!(json["Rules"][0].get("StartWindowMinutes").is_none());
}

#[test]
fn later_each_plan_and_selection_has_a_name_of_its_own_in_terraform() {
    let plans = reading("names.yaml", &[]).plans;
    let (text, lost) = terraform(&plans);
    assert_eq!(lost, [""; 0]);
    let names = |kind: &str| {
        let head = format!("resource \"{kind}\" \"");
        let mut names: Vec<String> = text
            .split(&head)
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names("aws_backup_plan"),
        ["a_b", "a_b_2", "a_b_3", "plan_1plan"]
    );
    assert_eq!(names("aws_backup_selection"), ["a_b_x_y", "a_b_x_y_2"]);
    let first = text
        .split_once("resource \"aws_backup_plan\" \"a_b\" {")
        .unwrap()
        .1;
    assert!(first.starts_with(r#" name = "a.b""#), "{first}");
    assert_eq!(text.matches("plan_id = aws_backup_plan.a_b.id").count(), 2);
}

#[test]
fn a_plan_of_which_something_is_not_known_is_not_written() {
    let bundle = plan("c05-ssm.yaml", &[]);
    for format in ExchangeFormat::ALL {
        let error = PlanExport::of(std::slice::from_ref(&bundle), format).unwrap_err();
        assert_eq!(error.field, "Rules[0].TargetBackupVaultName");
        assert!(error.rule.contains("--parameter Where="), "{error}");
    }
}

#[test]
fn deletion_after_an_event_has_no_place_in_any_template_and_that_is_told() {
    let bundle = plan("r13-delete-event.json", &[]);
    for (format, lost) in [
        (ExchangeFormat::Json, vec![]),
        (
            ExchangeFormat::Cloudformation,
            vec!["Rules[0].Lifecycle.DeleteAfterEvent"],
        ),
        (
            ExchangeFormat::CloudformationYaml,
            vec!["Rules[0].Lifecycle.DeleteAfterEvent"],
        ),
        (
            ExchangeFormat::Terraform,
            vec!["Rules[0].Lifecycle.DeleteAfterEvent"],
        ),
    ] {
        let file = PlanExport::of(std::slice::from_ref(&bundle), format).unwrap();
        assert_eq!(file.lost, lost, "{format:?}");
    }
}
