use rstest::rstest;

use super::try_reading;

#[rstest]
#[case(
    "r11-cfn-names.json",
    "Rules[0].TargetBackupVault",
    "AWS's JSON calls it TargetBackupVaultName"
)]
#[case(
    "r16-selection-input.json",
    "plan",
    "is a selection, as create-backup-selection takes it"
)]
#[case("t01.tf", "file", "configuration of Terraform (HCL)")]
fn another_kind_of_file_is_recognised_and_what_to_do_is_said(
    #[case] file: &str,
    #[case] field: &str,
    #[case] words: &str,
) {
    let error = try_reading(file, &[]).unwrap_err();
    assert_eq!(error.field, field);
    assert!(error.rule.contains(words), "{error}");
}

/// As tutorials show them.
#[test]
fn resources_of_a_template_without_the_template_are_recognised() {
    let text = "BackupPlan:\n  Type: AWS::Backup::BackupPlan\n  Properties:\n    BackupPlan:\n      BackupPlanName: gold\n";
    let error = tidemark_services::exchange::read(text, &super::context(&[])).unwrap_err();
    assert!(
        error.rule.contains("a part of a CloudFormation template"),
        "{error}"
    );
}

#[test]
fn a_parameter_of_a_file_that_has_none_is_refused() {
    let error = try_reading("r01-delete-only.json", &[("Days", "3")]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("parameter Days: no such parameter"),
        "{error}"
    );
}

#[rstest]
#[case("cron(0 -1 ? * * *)", "a range needs its first value")]
#[case("cron(0, 5, ?, *, *, *)", "without commas")]
#[case("cron(0 5 * * *)", "six fields")]
fn a_schedule_that_is_written_as_elsewhere_is_explained(#[case] cron: &str, #[case] words: &str) {
    let error = tidemark_domain::schedule::AwsCron::parse(cron).unwrap_err();
    assert!(error.rule.contains(words), "{error}");
}
