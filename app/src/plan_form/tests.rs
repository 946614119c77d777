#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::json;
use tidemark_domain::{plan::BackupPlan, selection::BackupSelection};

use super::*;

fn plan() -> BackupPlan {
    serde_json::from_value(json!({
        "BackupPlanName": "gold",
        "AdvancedBackupSettings": [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}],
        "Rules": [{
            "RuleName": "daily",
            "RuleId": "r-1",
            "TargetBackupVaultName": "Default",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "ScheduleExpressionTimezone": "Europe/Berlin",
            "StartWindowMinutes": 60,
            "CompletionWindowMinutes": 300,
            "EnableContinuousBackup": false,
            "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 400, "OptInToArchiveForSupportedResources": false, "New": [1]},
            "RecoveryPointTags": {"team": "orders"},
            "CopyActions": [{
                "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:dr",
                "Lifecycle": {"DeleteAfterDays": -1},
                "Later": 1
            }]
        }]
    }))
    .unwrap()
}

fn draft(selections: Vec<BackupSelection>) -> PlanDraft {
    PlanDraft {
        account: AccountId::parse("012345678901").unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
        plan_id: Some("p-1".into()),
        version_id: Some("v-1".into()),
        plan: plan(),
        selections: selections
            .into_iter()
            .map(|selection| SelectionDraft {
                id: Some("s-1".into()),
                selection,
            })
            .collect(),
        reason: "Because".into(),
    }
}

fn selection() -> BackupSelection {
    serde_json::from_value(json!({
        "SelectionName": "tagged",
        "IamRoleArn": "arn:aws:iam::123456789012:role/Backup",
        "Resources": ["arn:aws:dynamodb:*:*:table/*", "arn:aws:s3:::bucket"],
        "NotResources": ["arn:aws:dynamodb:*:*:table/tmp*"],
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "stage", "ConditionValue": "prod"}],
        "Conditions": {
            "StringEquals": [{"ConditionKey": "aws:ResourceTag/team", "ConditionValue": "orders"}],
            "StringNotLike": [{"ConditionKey": "aws:ResourceTag/tmp", "ConditionValue": "y*"}]
        },
        "Later": true
    }))
    .unwrap()
}

#[test]
fn a_plan_goes_through_the_form_unchanged_with_what_the_form_does_not_show() {
    let form = PlanForm::of(&draft(vec![selection()]));
    let posted = PlanForm::parse(&form.fields());
    assert_eq!(posted, form);
    assert_eq!(posted.draft(), Ok(draft(vec![selection()])));
}

#[test]
fn a_schedule_is_taken_apart_only_when_it_comes_back_the_same() {
    for (cron, every) in [
        ("cron(0 5 ? * * *)", Every::Day),
        ("cron(30 * ? * * *)", Every::Hours),
        ("cron(0 2/6 ? * * *)", Every::Hours),
        ("cron(15 23 ? * MON,FRI *)", Every::Week),
        ("cron(0 1 L * ? *)", Every::Month),
        ("cron(0 1 15 * ? *)", Every::Month),
        ("cron(0 1 ? 6 * *)", Every::Cron),
        ("cron(0 5 * * ? *)", Every::Cron),
        ("cron(0 5 ? * 2-6 *)", Every::Cron),
        ("cron(0 5,17 ? * * *)", Every::Cron),
        ("cron(00 5 ? * * *)", Every::Cron),
        ("rate(1 day)", Every::Cron),
        ("", Every::Cron),
    ] {
        let form = ScheduleForm::of(cron);
        assert_eq!(form.every, every, "{cron}");
        assert_eq!(form.cron().unwrap(), cron);
    }
}

#[test]
fn what_was_typed_wrong_is_named_once_and_stays_in_the_form() {
    let mut form = PlanForm::of(&draft(Vec::new()));
    form.rules[0].lifecycle.delete = "a year".into();
    form.rules[0].zone = "Mars/Olympus".into();
    form.rules[0].schedule = ScheduleForm {
        every: Every::Week,
        ..ScheduleForm::default()
    };
    let fields: Vec<String> = form.check().into_iter().map(|error| error.field).collect();
    assert_eq!(
        fields,
        [
            "Rules[0].ScheduleExpressionTimezone",
            "Rules[0].ScheduleExpression",
            "Rules[0].Lifecycle.DeleteAfterDays",
        ]
    );
    assert_eq!(
        PlanForm::parse(&form.fields()).rules[0].lifecycle.delete,
        "a year"
    );
}

#[test]
fn selections_name_the_field_that_is_wrong() {
    let mut form = PlanForm::of(&draft(vec![selection()]));
    form.selections[0].name = "a b".into();
    form.selections[0].role = "Backup".into();
    form.selections[0].resources = "orders".into();
    form.selections[0].tags.push((String::new(), "x".into()));
    let fields: Vec<String> = form.check().into_iter().map(|error| error.field).collect();
    assert_eq!(
        fields,
        [
            "Selections[0].ListOfTags[1]",
            "Selections[0].SelectionName",
            "Selections[0].IamRoleArn",
            "Selections[0].Resources[0]",
        ]
    );
}

#[test]
fn rows_come_and_go_and_say_where_to_go_on() {
    let mut form = PlanForm::new("123456789012", "eu-west-1", &PlanKnowledge::default(), None);
    for (change, field) in [
        ("rule.add", Some("rule.1.name")),
        ("rule.1.copy.add", Some("rule.1.copy.0.vault")),
        ("rule.1.tag.add", Some("rule.1.tag.0.key")),
        ("rule.1.duplicate", Some("rule.2.name")),
        ("rule.0.remove", Some("rule.0.name")),
        ("rule.0.tag.0.remove", Some("rule.0.name")),
        ("rule.7.remove", None),
        ("selection.0.remove", Some("name")),
        ("selection.add", Some("selection.0.name")),
        (
            "selection.0.condition.add",
            Some("selection.0.condition.0.key"),
        ),
        ("selection.0.remove", Some("name")),
        ("nonsense", None),
    ] {
        assert_eq!(form.change(change).as_deref(), field, "{change}");
    }
    assert_eq!(form.rules.len(), 2);
    assert_eq!(form.rules[0].copies.len(), 1);
    let names: Vec<&str> = form.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["rule-2", "rule-2-2"]);
    // A row that is still empty is there again after the form was posted.
    assert_eq!(PlanForm::parse(&form.fields()), form);
}

proptest! {
    #[test]
    fn no_input_breaks_the_form(pairs in prop::collection::vec(("[a-z0-9.]{0,24}", ".{0,12}"), 0..40)) {
        let form = PlanForm::parse(&pairs);
        form.check();
        prop_assert!(form.rules.len() <= MOST_ROWS);
    }

    #[test]
    fn any_expression_survives_the_form(cron in "cron\\([0-9*/,? LW#A-Z-]{0,24}\\)") {
        prop_assert_eq!(ScheduleForm::of(&cron).cron().unwrap(), cron);
    }
}
