use rstest::rstest;
use tidemark_domain::{
    Verdict,
    exchange::{ImportContext, PlanBundle},
};
use tidemark_services::exchange::read;

use super::{about, errors, linted, plan, reading, region, text, try_reading};

/// The fields that are not known, with the name under which each can be given.
fn unknown(bundle: &PlanBundle) -> Vec<(&str, &str)> {
    bundle
        .unknown
        .iter()
        .map(|one| {
            (
                one.field.as_str(),
                one.parameter.as_deref().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn case_3_a_plan_whose_role_the_template_makes_is_read_without_an_error() {
    let bundle = plan("c01-own-role.yaml", &[]);
    assert_eq!(bundle.backup_plan.backup_plan_name, "ledger-nightly");
    let rule = &bundle.backup_plan.rules[0];
    assert_eq!(rule.rule_name, "nightly");
    assert_eq!(rule.target_backup_vault_name, "ledger");
    assert_eq!(rule.keeps_days(), Some(35));
    assert_eq!(bundle.backup_selections[0].selection_name, "ledger");
    assert_eq!(
        unknown(&bundle),
        [("Selections[0].IamRoleArn", "Helper.Arn")]
    );
    let findings = linted(&bundle);
    assert_eq!(errors(&findings), [""; 0]);
    assert_eq!(
        about(&findings, "Selections[0].IamRoleArn").verdict,
        Verdict::Unknown
    );
}

#[test]
fn case_3_a_role_with_a_name_and_a_path_has_its_arn() {
    let named = text("c01-own-role.yaml").replace(
        "    Properties:\n      AssumeRolePolicyDocument:",
        "    Properties:\n      RoleName: r\n      Path: /p/\n      AssumeRolePolicyDocument:",
    );
    let bundle = read(&named, &super::context(&[])).unwrap().plans.remove(0);
    assert_eq!(
        bundle.backup_selections[0].iam_role_arn,
        "arn:aws:iam::111122223333:role/p/r"
    );
    assert!(bundle.unknown.is_empty());
}

#[test]
fn case_3_the_arn_of_a_role_can_be_given() {
    let arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole";
    let bundle = plan("c01-own-role.yaml", &[("Helper.Arn", arn)]);
    assert_eq!(bundle.backup_selections[0].iam_role_arn, arn);
    assert!(bundle.require_known().is_ok());
}

#[test]
fn case_4_conditions_choose_values_rules_and_copies() {
    let test = plan("c03-if.yaml", &[]).backup_plan;
    assert_eq!(test.backup_plan_name, "ledger-test");
    assert_eq!(test.rules.len(), 1);
    assert_eq!(test.rules[0].schedule(), "cron(0 3 * * ? *)");
    assert_eq!(test.rules[0].keeps_days(), Some(14));
    assert!(test.rules[0].copies().is_empty());

    let prod = plan("c03-if.yaml", &[("Stage", "prod")]).backup_plan;
    assert_eq!(prod.backup_plan_name, "ledger-prod");
    assert_eq!(prod.rules.len(), 2);
    assert_eq!(prod.rules[0].schedule(), "cron(0 0/6 * * ? *)");
    assert_eq!(prod.rules[0].keeps_days(), Some(365));
    assert_eq!(prod.rules[1].rule_name, "monthly");
    assert_eq!(prod.rules[1].schedule(), "cron(0 4 1 * ? *)");
    assert_eq!(prod.rules[1].keeps_days(), Some(400));
    assert!(prod.rules.iter().all(|rule| rule.copies().is_empty()));

    let away = "arn:aws:backup:eu-central-1:111122223333:backup-vault:dr";
    let copied = plan("c03-if.yaml", &[("Stage", "prod"), ("Away", away)]).backup_plan;
    assert_eq!(copied.rules[0].copies().len(), 1);
    assert_eq!(
        copied.rules[0].copies()[0].destination_backup_vault_arn,
        away
    );
}

#[test]
fn case_5_values_are_looked_up_in_mappings() {
    let rule =
        |parameters: &[(&str, &str)]| plan("c04-map.yaml", parameters).backup_plan.rules.remove(0);
    let test = rule(&[]);
    assert_eq!(
        (test.schedule(), test.keeps_days()),
        ("cron(0 3 * * ? *)", Some(7))
    );
    let prod = rule(&[("Stage", "prod")]);
    assert_eq!(
        (prod.schedule(), prod.keeps_days()),
        ("cron(0 1 * * ? *)", Some(90))
    );
    let error = try_reading("c04-map.yaml", &[("Stage", "x")]).unwrap_err();
    assert_eq!(error.field, "Mappings.Keep.x");
    assert!(
        error.rule.contains("prod") && error.rule.contains("test"),
        "{error}"
    );
}

#[test]
fn case_6_a_plan_whose_condition_does_not_hold_is_not_made() {
    let off = reading("c07-condition-off.yaml", &[]);
    assert!(off.plans.is_empty());
    assert_eq!(off.notes.len(), 1);
    assert!(
        off.notes[0].rule.contains("HasBackup does not hold"),
        "{off:?}"
    );
    assert!(!off.notes[0].is_error());

    let on = plan(
        "c07-condition-off.yaml",
        &[("Keep", "30"), ("AWS::StackName", "prod")],
    );
    assert_eq!(on.backup_plan.backup_plan_name, "prod");
    assert_eq!(on.backup_plan.rules[0].rule_name, "prod");
    assert_eq!(on.backup_plan.rules[0].keeps_days(), Some(30));
    assert!(on.unknown.is_empty());
}

#[rstest]
#[case("c05-ssm.yaml", "Where")]
#[case("c05b-ssm-plain.yaml", "Where")]
#[case("c15-dynamic-ref.yaml", "resolve:ssm:/backup/vault")]
fn case_7_a_value_of_systems_manager_is_not_known_until_it_is_given(
    #[case] file: &str,
    #[case] parameter: &str,
) {
    let bundle = plan(file, &[]);
    let field = "Rules[0].TargetBackupVaultName";
    assert_eq!(unknown(&bundle), [(field, parameter)]);
    assert_ne!(
        bundle.backup_plan.rules[0].target_backup_vault_name,
        "vault-parameter"
    );
    let findings = linted(&bundle);
    let vault: Vec<_> = findings.iter().filter(|f| f.field == field).collect();
    assert_eq!(vault.len(), 1, "{findings:#?}");
    assert_eq!(vault[0].verdict, Verdict::Unknown);
    assert!(
        vault[0].rule.contains("comes from Systems Manager"),
        "{}",
        vault[0]
    );
    let given = format!("--parameter {parameter}=");
    assert!(vault[0].fix.contains(&given), "{}", vault[0]);
    let refused = bundle.require_known().unwrap_err();
    assert!(refused.rule.contains(&given), "{refused}");

    let known = plan(file, &[(parameter, "main")]);
    assert!(known.unknown.is_empty());
    assert_eq!(known.backup_plan.rules[0].target_backup_vault_name, "main");
}

#[test]
fn case_8_a_list_parameter_is_a_list() {
    let bundle = plan("c06-list-param.yaml", &[]);
    assert_eq!(
        bundle.backup_selections[0].resources,
        [
            "arn:aws:dynamodb:eu-west-1:111122223333:table/a",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/b"
        ]
    );
}

#[test]
fn case_8_a_table_of_the_template_has_the_arn_that_follows_from_its_name() {
    // The case says "unknown, rest read": the name stands in the template, so the ARN follows.
    let bundle = plan("c08-own-table.yaml", &[]);
    let selection = &bundle.backup_selections[0];
    assert_eq!(
        selection.resources,
        ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
    );
    assert_eq!(
        selection.iam_role_arn,
        "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
    );
}

#[test]
fn case_8_a_table_that_cloudformation_names_is_not_known_and_the_rest_is_read() {
    let unnamed = text("c08-own-table.yaml").replace("      TableName: orders\n", "");
    let bundle = read(&unnamed, &super::context(&[]))
        .unwrap()
        .plans
        .remove(0);
    assert_eq!(
        unknown(&bundle),
        [("Selections[0].Resources[0]", "Orders.Arn")]
    );
    assert_eq!(bundle.backup_plan.backup_plan_name, "own-table");
    assert_eq!(bundle.backup_selections[0].selection_name, "orders");
    assert_eq!(errors(&linted(&bundle)), [""; 0]);
    // Without an account no ARN follows either.
    let none = read(&text("c08-own-table.yaml"), &ImportContext::default()).unwrap();
    assert!(
        unknown(&none.plans[0])
            .iter()
            .any(|(field, _)| *field == "Selections[0].Resources[0]")
    );
}

#[test]
fn case_8_split_and_select_are_worked_out_and_an_import_is_not_known() {
    let bundle = plan("c09-split-select.yaml", &[]);
    assert_eq!(bundle.backup_plan.rules[0].target_backup_vault_name, "dr");
    assert_eq!(
        unknown(&bundle),
        [(
            "Rules[0].CopyActions[0].DestinationBackupVaultArn",
            "ImportValue.shared-vault-arn"
        )]
    );
    assert_eq!(errors(&linted(&bundle)), [""; 0]);
}

#[test]
fn case_9_flags_and_numbers_are_taken_as_the_text_that_they_are() {
    let bundle = plan("c02-bool-values.yaml", &[]);
    let tags = bundle.backup_plan.rules[0]
        .recovery_point_tags
        .clone()
        .unwrap();
    assert_eq!(
        tags,
        [
            ("automatic".to_owned(), "true".to_owned()),
            ("tier".to_owned(), "2".to_owned())
        ]
        .into()
    );
    let tag = &bundle.backup_selections[0].list_of_tags[0];
    assert_eq!(tag.condition_value, "true");
    assert_eq!(
        bundle.backup_plan.tags().unwrap(),
        [("owner", "ledger")].into()
    );

    let named = plan("v04-float.yaml", &[]).backup_plan;
    assert_eq!(named.backup_plan_name, "20260101");
    assert_eq!(named.rules[0].rule_name, "1");
    assert_eq!(named.rules[0].keeps_days(), Some(7));
}

#[test]
fn case_9_no_value_removes_members_and_items() {
    assert_eq!(
        plan("v02-list-novalue.yaml", &[]).backup_plan.rules.len(),
        1
    );
    let bundle = plan("v01-if-novalue.json", &[]);
    assert_eq!(bundle.backup_plan.rules[0].lifecycle, None);
    let findings = linted(&bundle);
    let days = about(&findings, "Rules[0].Lifecycle.DeleteAfterDays");
    assert_eq!(days.verdict, Verdict::Warn);
    assert!(days.rule.contains("forever"), "{days}");
}

#[test]
fn texts_are_numbers_and_flags_where_the_schema_says_so() {
    let plan = plan("v03-strings.json", &[]).backup_plan;
    let rule = &plan.rules[0];
    assert_eq!(rule.start_window_minutes, Some(60));
    assert_eq!(rule.completion_window_minutes, Some(180));
    assert_eq!(rule.enable_continuous_backup, Some(true));
    let lifecycle = rule.lifecycle.as_ref().unwrap();
    assert_eq!(lifecycle.delete_after_days, Some(35));
    assert_eq!(
        lifecycle.opt_in_to_archive_for_supported_resources,
        Some(false)
    );
}

#[test]
fn a_sub_with_values_of_its_own_is_worked_out() {
    let bundle = plan("v05-sub-map.yaml", &[]);
    assert_eq!(bundle.backup_plan.backup_plan_name, "ops-eu-west-1");
    assert_eq!(bundle.backup_plan.rules[0].rule_name, "ops-daily");
    assert_eq!(
        unknown(&bundle),
        [("Rules[0].TargetBackupVaultName", "ImportValue.ops-vault")]
    );
    let given = plan("v05-sub-map.yaml", &[("ImportValue.ops-vault", "shared")]);
    assert_eq!(
        given.backup_plan.rules[0].target_backup_vault_name,
        "shared"
    );
}

#[test]
fn case_17_the_apis_names_in_a_template_are_an_error_and_unknown_members_a_warning() {
    let error = try_reading("v06-api-names-in-cfn.yaml", &[]).unwrap_err();
    assert_eq!(error.field, "P.BackupPlan.Rules");
    assert!(error.rule.contains("BackupPlanRule"), "{error}");

    let findings = linted(&plan("v07-unknown-in-cfn.yaml", &[]));
    let misspelt = about(&findings, "Rules[0].EnableContinousBackup");
    assert_eq!(misspelt.verdict, Verdict::Warn);
    assert!(
        misspelt.fix.contains("EnableContinuousBackup"),
        "{misspelt}"
    );
}

#[rstest]
#[case("eusc-de-east-1", "aws-eusc")]
#[case("us-iso-east-1", "aws-iso")]
#[case("us-isob-east-1", "aws-iso-b")]
#[case("eu-isoe-west-1", "aws-iso-e")]
#[case("us-isof-south-1", "aws-iso-f")]
#[case("us-gov-east-1", "aws-us-gov")]
#[case("cn-northwest-1", "aws-cn")]
fn case_19_arns_of_a_template_have_the_partition_of_their_region(
    #[case] name: &str,
    #[case] partition: &str,
) {
    let context = ImportContext {
        account: Some("012345678901".parse().unwrap()),
        region: Some(region(name)),
        ..ImportContext::default()
    };
    let reading = read(&text("c18-partition.yaml"), &context).unwrap();
    let rule = &reading.plans[0].backup_plan.rules[0];
    assert_eq!(rule.target_backup_vault_name, "v1");
    let arns: Vec<&str> = rule
        .copies()
        .iter()
        .map(|copy| copy.destination_backup_vault_arn.as_str())
        .collect();
    let arn =
        |vault: &str| format!("arn:{partition}:backup:{name}:012345678901:backup-vault:{vault}");
    assert_eq!(arns, [arn("v1"), arn("v2")]);
}

#[test]
fn case_20_parameters_are_checked_as_cloudformation_does() {
    let refused = |name: &str, value: &str| {
        try_reading("c17-allowed.yaml", &[(name, value)])
            .unwrap_err()
            .to_string()
    };
    let unknown = refused("Dayz", "90");
    assert!(unknown.contains("no such parameter"), "{unknown}");
    assert!(unknown.contains("Did you mean Days?"), "{unknown}");
    let outside = refused("Days", "31");
    assert!(outside.contains("must be 30 or 90"), "{outside}");
    let words = refused("Days", "thirty");
    assert_eq!(words, "parameter Days: must be a number");
    let days = |parameters: &[(&str, &str)]| {
        plan("c17-allowed.yaml", parameters).backup_plan.rules[0].keeps_days()
    };
    assert_eq!(days(&[]), Some(30));
    assert_eq!(days(&[("Days", "90")]), Some(90));
}

#[test]
fn patterns_and_lengths_of_parameters_are_checked() {
    let template = |constraint: &str| {
        format!(
            "Parameters:\n  Name: {{ Type: String, Default: 'a b', {constraint} }}\nResources:\n  P:\n    Type: AWS::Backup::BackupPlan\n    Properties:\n      BackupPlan:\n        BackupPlanName: !Ref Name\n        BackupPlanRule: [{{ RuleName: r, TargetBackupVault: main }}]\n"
        )
    };
    let read_with = |constraint: &str| read(&template(constraint), &super::context(&[]));
    for (constraint, words) in [
        (
            "AllowedPattern: '[a-z]+', ConstraintDescription: letters only",
            "letters only",
        ),
        ("MaxLength: 2", "at most 2 characters"),
        ("MinLength: '4'", "at least 4 characters"),
        ("AllowedValues: [x, y, z]", "must be x, y or z"),
    ] {
        let error = read_with(constraint).unwrap_err().to_string();
        assert!(error.contains(words), "{constraint}: {error}");
    }
    // A pattern of Java's that cannot be read here is not checked.
    assert!(read_with("AllowedPattern: '(?!x).*'").is_ok());
    assert!(read_with("AllowedPattern: '[a-z ]+'").is_ok());
}

#[test]
fn a_selection_without_a_plan_in_the_template_is_told() {
    let error = try_reading("c10-other-stack.yaml", &[("Plan", "p-1")]).unwrap_err();
    assert!(error.rule.contains("holds no plan"), "{error}");
    assert!(error.rule.contains("Taken"), "{error}");
}

#[test]
fn a_selection_of_another_plan_is_left_out_and_told() {
    let read = reading("c11-plan-elsewhere.yaml", &[]);
    assert_eq!(read.plans[0].backup_plan.backup_plan_name, "here");
    assert!(read.plans[0].backup_selections.is_empty());
    assert_eq!(read.notes[0].field, "Taken.BackupPlanId");
    assert!(
        read.notes[0]
            .rule
            .contains("0f1e2d3c-aaaa-bbbb-cccc-000000000001"),
        "{:?}",
        read.notes
    );
}

#[test]
fn account_ids_keep_their_leading_zero() {
    let plan = plan("c12-accounts.yaml", &[]).backup_plan;
    assert_eq!(
        plan.rules[0].copies()[0].destination_backup_vault_arn,
        "arn:aws:backup:eu-west-1:012345678901:backup-vault:central"
    );
}

#[test]
fn conditions_written_as_those_of_iam_are_an_error_with_their_path() {
    let error = try_reading("c13-conditions-map.yaml", &[]).unwrap_err();
    assert_eq!(error.field, "Taken.BackupSelection.Conditions.StringEquals");
    assert!(
        error.rule.contains("ConditionKey and ConditionValue"),
        "{error}"
    );
}

#[test]
fn loops_are_written_out() {
    let read = reading("c14-foreach.yaml", &[]);
    let names: Vec<&str> = read
        .plans
        .iter()
        .map(|bundle| bundle.backup_plan.backup_plan_name.as_str())
        .collect();
    assert_eq!(names, ["plan-Gold", "plan-Silver"]);
}

#[test]
fn without_account_region_and_stack_the_rest_is_read() {
    let none = read(&text("c16-no-account.yaml"), &ImportContext::default()).unwrap();
    assert_eq!(
        unknown(&none.plans[0]),
        [
            ("BackupPlanName", "AWS::StackName"),
            ("Rules[0].TargetBackupVaultName", "AWS::Region")
        ]
    );
    assert_eq!(errors(&linted(&none.plans[0])), [""; 0]);
    let known = plan("c16-no-account.yaml", &[("AWS::StackName", "s")]).backup_plan;
    assert_eq!(known.backup_plan_name, "p-s");
    assert_eq!(known.rules[0].target_backup_vault_name, "v-eu-west-1");
}
