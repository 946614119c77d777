use rstest::rstest;
use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Arn, Region, ResourceType, Verdict,
    plan::{BackupPlan, Finding, KnownVault, PlanKnowledge, VaultLimits, check},
};

const HOME: &str = "111122223333";

fn vault(account: &str, region: &str, name: &str) -> KnownVault {
    KnownVault {
        arn: Arn::parse(format!(
            "arn:aws:backup:{region}:{account}:backup-vault:{name}"
        ))
        .unwrap(),
        name: name.to_owned(),
        account: AccountId::parse(account).unwrap(),
        region: Region::parse(region).unwrap(),
        points: 10,
        limits: None,
        aws_managed_key: Some(false),
        air_gapped: Some(false),
        allows_copies: Some(true),
    }
}

fn locked(mut vault: KnownVault, min: Option<i64>, max: Option<i64>) -> KnownVault {
    vault.limits = Some(VaultLimits {
        min_days: min,
        max_days: max,
    });
    vault
}

fn known() -> PlanKnowledge {
    PlanKnowledge {
        home: Some((
            AccountId::parse(HOME).unwrap(),
            Region::parse("eu-west-1").unwrap(),
        )),
        vaults: vec![
            vault(HOME, "eu-west-1", "main"),
            locked(vault(HOME, "eu-west-1", "locked"), Some(30), Some(60)),
            vault("444455556666", "eu-west-1", "dr"),
            vault("444455556666", "eu-central-1", "far"),
        ],
        vaults_are_complete: true,
        opt_in: [("DynamoDB".to_owned(), true), ("RDS".to_owned(), false)].into(),
        types: [ResourceType::DynamoDb].into(),
        now: Some("2026-11-21T00:00:00Z".parse().unwrap()),
        other_plans: Some(["silver".to_owned()].into()),
        ..PlanKnowledge::default()
    }
}

fn plan() -> Value {
    json!({
        "BackupPlanName": "gold",
        "Rules": [{
            "RuleName": "daily",
            "TargetBackupVaultName": "main",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "StartWindowMinutes": 60,
            "Lifecycle": {"DeleteAfterDays": 35},
        }]
    })
}

fn findings(plan: Value, known: &PlanKnowledge) -> Vec<Finding> {
    let plan: BackupPlan = serde_json::from_value(plan).unwrap();
    check(&plan, known)
}

fn one(plan: Value, known: &PlanKnowledge) -> Finding {
    let mut all = findings(plan, known);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn copy(vault: &str, lifecycle: &Value) -> Value {
    json!([{"DestinationBackupVaultArn": vault, "Lifecycle": lifecycle}])
}

#[test]
fn a_right_plan_has_no_findings() {
    assert_eq!(findings(plan(), &known()), []);
}

#[test]
fn a_lock_that_would_fail_every_job_is_told_with_the_field_and_the_fix() {
    for (lifecycle, words) in [
        (json!({"DeleteAfterDays": 7}), "must be at least 30"),
        (json!({"DeleteAfterDays": 400}), "must be at most 60"),
    ] {
        let mut wrong = plan();
        wrong["Rules"][0]["TargetBackupVaultName"] = json!("locked");
        wrong["Rules"][0]["Lifecycle"] = lifecycle;
        let finding = one(wrong, &known());
        assert!(finding.is_error());
        assert_eq!(finding.field, "Rules[0].Lifecycle.DeleteAfterDays");
        assert!(finding.rule.contains(words), "{finding}");
        assert!(finding.rule.contains("every job would fail"), "{finding}");
        assert!(finding.fix.contains("30 to 60 days"), "{finding}");
    }
}

#[test]
fn a_lock_of_a_copys_vault_is_told_at_the_copy() {
    let mut known = known();
    known.vaults[2] = locked(known.vaults[2].clone(), Some(365), None);
    let mut wrong = plan();
    wrong["Rules"][0]["CopyActions"] = copy(
        "arn:aws:backup:eu-west-1:444455556666:backup-vault:dr",
        &json!({"DeleteAfterDays": 90}),
    );
    let finding = one(wrong.clone(), &known);
    assert_eq!(
        finding.field,
        "Rules[0].CopyActions[0].Lifecycle.DeleteAfterDays"
    );
    assert!(finding.rule.contains("every copy would fail"), "{finding}");
    // A copy without a lifecycle of its own takes the rule's.
    wrong["Rules"][0]["CopyActions"][0]
        .as_object_mut()
        .unwrap()
        .remove("Lifecycle");
    assert!(one(wrong, &known).is_error());
}

#[rstest]
#[case::unknown_vault("Rules[0].TargetBackupVaultName", |p: &mut Value, _: &mut PlanKnowledge| p["Rules"][0]["TargetBackupVaultName"] = json!("nowhere"))]
#[case::air_gapped("Rules[0].TargetBackupVaultName", |_: &mut Value, k: &mut PlanKnowledge| k.vaults[0].air_gapped = Some(true))]
#[case::name_taken("BackupPlanName", |p: &mut Value, _: &mut PlanKnowledge| p["BackupPlanName"] = json!("silver"))]
#[case::plan_quota("BackupPlanName", |_: &mut Value, k: &mut PlanKnowledge| k.quotas.plans = 1)]
#[case::zone("Rules[0].ScheduleExpressionTimezone", |p: &mut Value, _: &mut PlanKnowledge| p["Rules"][0]["ScheduleExpressionTimezone"] = json!("Mars/Olympus"))]
#[case::same_vault("Rules[0].CopyActions[0].DestinationBackupVaultArn", |p: &mut Value, _: &mut PlanKnowledge| p["Rules"][0]["CopyActions"] = copy("arn:aws:backup:eu-west-1:111122223333:backup-vault:main", &json!({"DeleteAfterDays": 35})))]
#[case::managed_key("Rules[0].CopyActions[0].DestinationBackupVaultArn", |p: &mut Value, k: &mut PlanKnowledge| { p["Rules"][0]["CopyActions"] = copy("arn:aws:backup:eu-west-1:444455556666:backup-vault:dr", &json!({"DeleteAfterDays": 35})); k.vaults[0].aws_managed_key = Some(true); })]
#[case::policy("Rules[0].CopyActions[0].DestinationBackupVaultArn", |p: &mut Value, k: &mut PlanKnowledge| { p["Rules"][0]["CopyActions"] = copy("arn:aws:backup:eu-west-1:444455556666:backup-vault:dr", &json!({"DeleteAfterDays": 35})); k.vaults[2].allows_copies = Some(false); })]
fn what_would_fail_is_an_error(
    #[case] field: &str,
    #[case] change: fn(&mut Value, &mut PlanKnowledge),
) {
    let (mut plan, mut known) = (plan(), known());
    change(&mut plan, &mut known);
    let finding = one(plan, &known);
    assert_eq!(
        (finding.field.as_str(), finding.verdict),
        (field, Verdict::Fail),
        "{finding}"
    );
    assert!(!finding.fix.is_empty());
}

#[rstest]
#[case::for_ever("Rules[0].Lifecycle.DeleteAfterDays", |p: &mut Value, _: &mut PlanKnowledge| p["Rules"][0]["Lifecycle"] = json!({}))]
#[case::cold_ignored("Rules[0].Lifecycle.MoveToColdStorageAfterDays", |p: &mut Value, k: &mut PlanKnowledge| { p["Rules"][0]["Lifecycle"] = json!({"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}); k.types = [ResourceType::Rds, ResourceType::DynamoDb].into(); k.opt_in.clear(); })]
#[case::archive("Rules[0].Lifecycle.OptInToArchiveForSupportedResources", |p: &mut Value, k: &mut PlanKnowledge| { p["Rules"][0]["Lifecycle"] = json!({"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}); k.types = [ResourceType::Ebs].into(); })]
#[case::not_continuous("Rules[0].EnableContinuousBackup", |p: &mut Value, _: &mut PlanKnowledge| p["Rules"][0]["EnableContinuousBackup"] = json!(true))]
#[case::opt_in("Selections", |_: &mut Value, k: &mut PlanKnowledge| { k.types = [ResourceType::Rds].into(); })]
#[case::full_vault("Rules[0].TargetBackupVaultName", |_: &mut Value, k: &mut PlanKnowledge| k.vaults[0].points = 950_000)]
#[case::copy_never_expires("Rules[0].CopyActions[0].Lifecycle.DeleteAfterDays", |p: &mut Value, _: &mut PlanKnowledge| p["Rules"][0]["CopyActions"] = copy("arn:aws:backup:eu-west-1:444455556666:backup-vault:dr", &json!({"DeleteAfterDays": -1})))]
#[case::policy_unknown("Rules[0].CopyActions[0].DestinationBackupVaultArn", |p: &mut Value, k: &mut PlanKnowledge| { p["Rules"][0]["CopyActions"] = copy("arn:aws:backup:eu-west-1:444455556666:backup-vault:dr", &json!({"DeleteAfterDays": 35})); k.vaults[2].allows_copies = None; })]
#[case::two_boundaries("Rules[0].CopyActions[0].DestinationBackupVaultArn", |p: &mut Value, k: &mut PlanKnowledge| { p["Rules"][0]["CopyActions"] = copy("arn:aws:backup:eu-central-1:444455556666:backup-vault:far", &json!({"DeleteAfterDays": 35})); k.types = [ResourceType::Rds].into(); k.opt_in.clear(); })]
#[case::overlap("Rules[1].StartWindowMinutes", |p: &mut Value, _: &mut PlanKnowledge| { let mut second = p["Rules"][0].clone(); second["RuleName"] = json!("monthly"); second["ScheduleExpression"] = json!("cron(30 5 1 * ? *)"); second["Lifecycle"] = json!({"DeleteAfterDays": 400}); p["Rules"].as_array_mut().unwrap().push(second); })]
fn what_works_differently_than_it_looks_is_a_warning(
    #[case] field: &str,
    #[case] change: fn(&mut Value, &mut PlanKnowledge),
) {
    let (mut plan, mut known) = (plan(), known());
    change(&mut plan, &mut known);
    let finding = one(plan, &known);
    assert_eq!(
        (finding.field.as_str(), finding.verdict),
        (field, Verdict::Warn),
        "{finding}"
    );
    assert!(!finding.fix.is_empty());
}

#[test]
fn nothing_is_claimed_about_what_nobody_has_read() {
    let mut unread = plan();
    unread["Rules"][0]["TargetBackupVaultName"] = json!("anything");
    assert_eq!(findings(unread, &PlanKnowledge::default()), []);
}

#[test]
fn errors_come_before_warnings() {
    let mut wrong = plan();
    wrong["Rules"][0]["Lifecycle"] = json!({});
    wrong["Rules"][0]["TargetBackupVaultName"] = json!("nowhere");
    let verdicts: Vec<Verdict> = findings(wrong, &known())
        .into_iter()
        .map(|finding| finding.verdict)
        .collect();
    assert_eq!(verdicts, [Verdict::Fail, Verdict::Warn]);
}
