use tidemark_domain::exchange::to_terraform;

use crate::examples::bundle;

#[test]
fn every_field_that_terraform_has_is_written() {
    let terraform = to_terraform(&[bundle()]).unwrap();
    for line in [
        "resource \"aws_backup_plan\" \"gold\" {",
        "    target_vault_name = \"main\"",
        "    schedule = \"cron(0 5 ? * * *)\"",
        "    schedule_expression_timezone = \"Europe/Berlin\"",
        "    completion_window = 180",
        "      cold_storage_after = 30",
        "      opt_in_to_archive_for_supported_resources = true",
        "      destination_vault_arn = \"arn:aws:backup:eu-central-1:444455556666:backup-vault:dr\"",
        "    recovery_point_tags = { \"cost:centre\" = \"42\", \"team\" = \"orders\" }",
        "    backup_options = { \"WindowsVSS\" = \"enabled\" }",
        "resource \"aws_backup_selection\" \"gold_tagged\" {",
        "  plan_id = aws_backup_plan.gold.id",
        "  not_resources = [\"arn:aws:dynamodb:eu-west-1:111122223333:table/tmp-*\"]",
        "    string_not_like {",
    ] {
        assert!(
            terraform.text.lines().any(|written| written == line),
            "{line}\n{}",
            terraform.text
        );
    }
    let opened = terraform.text.matches('{').count();
    assert_eq!(opened, terraform.text.matches('}').count());
}

#[test]
fn what_has_no_place_in_terraform_is_told() {
    assert_eq!(
        to_terraform(&[bundle()]).unwrap().lost,
        [
            "Rules[0].Lifecycle.DeleteAfterEvent",
            "Rules[0].Lifecycle.Later",
            "Rules[0].CopyActions[0].Soon~er",
            "Rules[0].IndexActions",
            "FromTheFuture",
            "tagged.Unknown",
        ]
    );
}

#[test]
fn text_cannot_break_out_of_its_quotes() {
    let mut bundle = bundle();
    bundle.backup_plan.backup_plan_name = "1 \"a\"\\${evil}\n%{if}".to_owned();
    let text = to_terraform(&[bundle]).unwrap().text;
    assert!(
        text.contains(r#"name = "1 \"a\"\\$${evil}\n%%{if}""#),
        "{text}"
    );
    assert!(
        text.starts_with("resource \"aws_backup_plan\" \"plan_1"),
        "{text}"
    );
}
