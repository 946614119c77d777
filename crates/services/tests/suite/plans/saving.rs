use serde_json::{Value, json};
use tidemark_domain::{
    Role, Verdict,
    exchange::ExchangeFormat,
    plan::{BackupPlan, PlanChange, SelectionStep},
    runs::RunState,
};
use tidemark_services::{ServiceError, plans, ports::CloudErrorKind};
use tidemark_testkit::{When, build};

use super::{DR, by_owner, draft, edited, gold, with_gold};
use crate::world::{World, caller};

fn without_ids(plan: &BackupPlan) -> Value {
    let mut plan = plan.clone();
    for rule in &mut plan.rules {
        rule.other.remove("RuleId");
    }
    serde_json::to_value(plan).unwrap()
}

#[tokio::test]
async fn a_new_plan_is_shown_then_made_as_shown_with_fields_that_nobody_knows() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let shown = plans::change(&world.services, &operator, draft(&world, gold(35)))
        .await
        .unwrap();
    assert!(shown.can_apply(), "{:?}", shown.findings);
    assert_eq!((shown.dry_run.taken, shown.won, shown.lost), (1, 1, 0));
    assert_eq!(shown.selections[0].what, SelectionStep::Create);
    assert_eq!(shown.next_runs.len(), 10);

    let run = plans::apply(
        &world.services,
        &operator,
        draft(&world, gold(35)),
        &shown.digest,
    )
    .await
    .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");

    let made = world.aws.plans(&world.scope);
    assert_eq!(made.len(), 1);
    assert_eq!(
        without_ids(&made[0].plan),
        serde_json::to_value(gold(35)).unwrap()
    );
    assert_eq!(made[0].selections.len(), 1);
    assert_eq!(world.services.sync.take(), vec![world.scope.clone()]);
    assert_eq!(view.summary["plan"]["id"], json!(made[0].id));
}

#[tokio::test]
async fn the_same_draft_under_another_digest_is_refused() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let error = plans::apply(&world.services, &operator, draft(&world, gold(35)), "0000")
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
    assert!(world.aws.plans(&world.scope).is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_found_before_saving_with_the_words_of_the_browser() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let mut locked = build::vault(&world.scope, "locked");
    locked.locked = true;
    locked.min_retention_days = Some(60);
    world.aws.add_vault(locked);
    world.sync().await;

    let mut wrong = draft(&world, gold(35));
    "locked".clone_into(&mut wrong.plan.rules[0].target_backup_vault_name);
    let shown = plans::change(&world.services, &operator, wrong.clone())
        .await
        .unwrap();
    let error = shown.findings.iter().find(|f| f.is_error()).unwrap();
    assert_eq!(error.field, "Rules[0].Lifecycle.DeleteAfterDays");
    assert!(error.rule.contains("at least 60"), "{error}");
    let refused = plans::apply(&world.services, &operator, wrong, &shown.digest)
        .await
        .unwrap_err();
    match refused {
        ServiceError::Checks(checks) => {
            assert_eq!(checks.len(), 1);
            assert_eq!(checks[0].verdict, Verdict::Fail);
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_the_consoles_role_lacks_is_found_before_saving() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    world
        .aws
        .deny(&world.scope.account, &["backup:CreateBackupSelection"]);
    let shown = plans::change(&world.services, &operator, draft(&world, gold(35)))
        .await
        .unwrap();
    assert!(!shown.can_apply());
    let finding = shown.findings.first().unwrap();
    assert_eq!(finding.field, "account");
    assert!(
        finding.rule.contains("backup:CreateBackupSelection"),
        "{finding}"
    );
    assert!(
        !finding.rule.contains("backup:CreateBackupPlan"),
        "{finding}"
    );

    world
        .cloud
        .fail_always("simulate", CloudErrorKind::Denied, When::Before);
    let shown = plans::change(&world.services, &operator, draft(&world, gold(35)))
        .await
        .unwrap();
    assert!(shown.can_apply(), "{:?}", shown.findings);
    assert!(shown.findings.iter().any(|f| f.verdict == Verdict::Unknown));
}

#[tokio::test]
async fn a_role_of_another_account_is_refused() {
    let world = World::new().await;
    let mut wrong = draft(&world, gold(35));
    wrong.selections[0].selection = by_owner("olgas", DR);
    let findings = plans::check(&world.services, &caller(Role::Operator), &wrong)
        .await
        .unwrap();
    assert!(
        findings
            .iter()
            .any(|f| f.is_error() && f.field == "Selections[0].IamRoleArn"),
        "{findings:?}"
    );
}

#[tokio::test]
async fn changed_retention_makes_a_version_and_both_can_be_compared() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let mut change = edited(&world, &key).await;
    change.plan.rules[0]
        .lifecycle
        .as_mut()
        .unwrap()
        .delete_after_days = Some(50);
    let shown = plans::change(&world.services, &operator, change.clone())
        .await
        .unwrap();
    let fields: Vec<&str> = shown.differences.iter().map(|d| d.field.as_str()).collect();
    assert_eq!(fields, ["Rules[daily].Lifecycle.DeleteAfterDays"]);
    let run = plans::apply(&world.services, &operator, change, &shown.digest)
        .await
        .unwrap();
    assert_eq!(world.finish(run).await.state, RunState::Succeeded);
    // Nothing else was touched.
    assert_eq!(world.cloud.count("create_selection"), 0);
    world.sync().await;

    let versions = plans::versions(&world.services, &operator, &key)
        .await
        .unwrap();
    let days: Vec<_> = versions
        .iter()
        .map(|v| {
            v.plan.rules[0]
                .lifecycle
                .as_ref()
                .unwrap()
                .delete_after_days
        })
        .collect();
    assert_eq!(days.len(), 2);
    assert!(days.contains(&Some(35)) && days.contains(&Some(50)));
    let rule_ids: Vec<_> = versions
        .iter()
        .map(|v| v.plan.rules[0].other["RuleId"].clone())
        .collect();
    assert_eq!(rule_ids[0], rule_ids[1], "a rule keeps its id");
    let (old, new) = (
        versions
            .iter()
            .find(|v| v.plan.rules[0].keeps_days() == Some(35))
            .unwrap(),
        versions
            .iter()
            .find(|v| v.plan.rules[0].keeps_days() == Some(50))
            .unwrap(),
    );
    let differences = plans::diff_versions(
        &world.services,
        &operator,
        &key,
        &old.version_id,
        &new.version_id,
    )
    .await
    .unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].after.as_deref(), Some("50"));
}

#[tokio::test]
async fn a_plan_that_somebody_else_changed_meanwhile_is_a_conflict() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let mut change = edited(&world, &key).await;
    "weekly".clone_into(&mut change.plan.rules[0].rule_name);
    let shown = plans::change(&world.services, &operator, change.clone())
        .await
        .unwrap();
    let run = plans::apply(&world.services, &operator, change.clone(), &shown.digest)
        .await
        .unwrap();
    // Before the run does anything, and after what the catalogue knows.
    world.aws.change_plan(&world.scope, &key.id, &gold(77));
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed);
    assert!(view.error.unwrap().message.contains("somebody else"));
    assert_eq!(
        world.aws.plans(&world.scope)[0].plan.rules[0].keeps_days(),
        Some(77)
    );

    world.sync().await;
    let error = plans::change(&world.services, &operator, change)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

#[tokio::test]
async fn a_changed_selection_is_replaced_under_its_name() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let mut change = edited(&world, &key).await;
    let selection = &mut change.selections[0].selection;
    selection.list_of_tags[0].condition_value = "paul".to_owned();
    let shown = plans::change(&world.services, &operator, change.clone())
        .await
        .unwrap();
    assert_eq!(shown.selections[0].what, SelectionStep::Replace);
    assert_eq!((shown.won, shown.lost), (0, 1));
    let run = plans::apply(&world.services, &operator, change, &shown.digest)
        .await
        .unwrap();
    assert_eq!(world.finish(run).await.state, RunState::Succeeded);
    let plan = &world.aws.plans(&world.scope)[0];
    assert_eq!(plan.selections.len(), 1);
    assert_eq!(
        plan.selections[0].selection.list_of_tags[0].condition_value,
        "paul"
    );
    assert_eq!(world.cloud.count("update_plan"), 0);
}

#[tokio::test]
async fn a_draft_that_changes_nothing_is_not_saved() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let same = edited(&world, &key).await;
    let shown: PlanChange = plans::change(&world.services, &operator, same.clone())
        .await
        .unwrap();
    assert!(shown.is_empty());
    let error = plans::apply(&world.services, &operator, same, &shown.digest)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

#[tokio::test]
async fn a_deleted_plan_leaves_its_versions_and_says_what_is_lost() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let shown = plans::deletion(&world.services, &operator, &key)
        .await
        .unwrap();
    assert_eq!((shown.resources, shown.unprotected), (1, 1));
    assert_eq!(shown.selections, ["olgas"]);
    assert_eq!(shown.lost_runs.len(), 10);
    let run = plans::delete(&world.services, &operator, &key, &shown.digest, "unused")
        .await
        .unwrap();
    assert_eq!(world.finish(run).await.state, RunState::Succeeded);
    assert!(world.aws.plans(&world.scope).is_empty());
    world.sync().await;
    let gone = plans::get(&world.services, &operator, &key)
        .await
        .unwrap_err();
    assert!(matches!(gone, ServiceError::NotFound(_)));
    let versions = plans::versions(&world.services, &operator, &key)
        .await
        .unwrap();
    assert_eq!(versions.len(), 1);
    assert!(versions[0].deleted_at.is_some());
}

#[tokio::test]
async fn an_exported_plan_imports_as_a_draft_that_changes_nothing() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    for format in [
        ExchangeFormat::Json,
        ExchangeFormat::Cloudformation,
        ExchangeFormat::CloudformationYaml,
    ] {
        let file = plans::export(&world.services, &operator, &key, format)
            .await
            .unwrap();
        assert!(!file.text.contains("RuleId"), "{}", file.text);
        let services = &world.services;
        let mut read = plans::import(services, &operator, &world.scope, &file.text, Vec::new())
            .await
            .unwrap();
        assert_eq!(read.plans.len(), 1);
        let draft = read.plans.remove(0).draft;
        assert_eq!(draft.plan_id.as_deref(), Some(key.id.as_str()));
        let shown = plans::change(services, &operator, draft).await.unwrap();
        assert!(shown.is_empty(), "{format:?}: {shown:#?}");
    }
}

#[tokio::test]
async fn the_tags_of_a_plan_are_sent_shown_when_they_change_and_kept_by_a_file_that_names_none() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let (services, scope) = (&world.services, &world.scope);
    let file = |tags: &Value, days: i64| {
        json!({
            "BackupPlan": {"BackupPlanName": "tagged", "Rules": [{
                "RuleName": "daily", "TargetBackupVaultName": "Default", "Lifecycle": {"DeleteAfterDays": days},
            }]},
            "BackupPlanTags": tags,
        })
        .to_string()
    };
    let save = async |text: String| {
        let mut read = plans::import(services, &operator, scope, &text, Vec::new())
            .await
            .unwrap();
        let draft = read.plans.remove(0).draft;
        let shown = plans::change(services, &operator, draft.clone())
            .await
            .unwrap();
        let run = plans::apply(services, &operator, draft, &shown.digest)
            .await
            .unwrap();
        assert_eq!(world.finish(run).await.state, RunState::Succeeded);
        world.sync().await;
        shown
    };
    let tags = || {
        let plan = world.aws.plans(scope).remove(0).plan;
        plan.other[BackupPlan::TAGS].clone()
    };

    let made = save(file(&json!({"cost-centre": 4711}), 30)).await;
    assert!(made.session_policy.contains("backup:TagResource"));
    assert_eq!(tags(), json!({"cost-centre": "4711"}));

    let kept = save(file(&Value::Null, 45)).await;
    let fields: Vec<&str> = kept.differences.iter().map(|d| d.field.as_str()).collect();
    assert_eq!(fields, ["Rules[daily].Lifecycle.DeleteAfterDays"]);
    assert_eq!(tags(), json!({"cost-centre": "4711"}));

    let changed = save(file(&json!({"cost-centre": "4712"}), 45)).await;
    let fields: Vec<&str> = changed
        .differences
        .iter()
        .map(|d| d.field.as_str())
        .collect();
    assert_eq!(fields, ["BackupPlanTags.cost-centre"]);
    assert_eq!(tags(), json!({"cost-centre": "4712"}));
}

#[tokio::test]
async fn a_template_of_which_something_is_not_known_is_read_and_its_draft_refused() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let text = "
Parameters: { Where: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /backup/vault } }
Resources:
  P:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: gold
        BackupPlanRule: [{ RuleName: daily, TargetBackupVault: !Ref Where, Odd: 1 }]
";
    let import = async |given: Vec<(String, String)>| {
        plans::import(&world.services, &operator, &world.scope, text, given)
            .await
            .unwrap()
            .plans
            .remove(0)
    };
    let unknown = import(Vec::new()).await;
    assert_eq!(unknown.unknown[0].parameter.as_deref(), Some("Where"));
    assert_eq!(unknown.findings[0].field, "Rules[0].Odd");
    assert!(unknown.require_whole().is_err());
    let known = import(vec![("Where".to_owned(), "Default".to_owned())]).await;
    assert!(known.require_whole().is_ok());
    assert_eq!(
        known.draft.plan.rules[0].target_backup_vault_name,
        "Default"
    );
}

#[tokio::test]
async fn a_plan_of_the_organization_is_shown_and_cannot_be_changed_or_deleted() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let id = "orgs/0f1e2d3c-aaaa-bbbb-cccc-000000000001".to_owned();
    let id = world.aws.add_plan_as(id, &world.scope, &gold(35), &[]);
    world.sync().await;
    let key = super::key(&world.scope, id);
    let detail = plans::get(&world.services, &operator, &key).await.unwrap();
    let about = |rule: &str| rule.contains("backup policy of AWS Organizations");
    let note = detail.findings.iter().find(|f| about(&f.rule)).unwrap();
    assert_eq!(note.verdict, Verdict::Warn);
    let mut draft = edited(&world, &key).await;
    draft.plan.rules[0].start_window_minutes = Some(120);
    let shown = plans::change(&world.services, &operator, draft)
        .await
        .unwrap();
    assert!(
        !shown.can_apply() && about(&shown.findings[0].rule),
        "{:?}",
        shown.findings
    );
    let refused = plans::deletion(&world.services, &operator, &key).await;
    assert!(about(&refused.unwrap_err().to_string()));
}

#[tokio::test]
async fn a_selection_of_arns_or_a_tag_says_how_many_it_takes_and_how_many_have_both() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let mut drafted = draft(&world, gold(35));
    drafted.selections[0].selection.resources = vec!["*".to_owned()];
    let shown = plans::change(&world.services, &operator, drafted)
        .await
        .unwrap();
    let union = shown
        .findings
        .iter()
        .find(|finding| finding.field == "Selections[0].ListOfTags")
        .unwrap();
    let counts = format!(": {} resources, where 1 have both", shown.dry_run.taken);
    assert!(union.rule.ends_with(&counts), "{union}");
    assert_eq!(shown.dry_run.taken, 1, "{:?}", shown.dry_run);
}
