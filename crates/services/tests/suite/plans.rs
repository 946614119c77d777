use serde_json::{Value, json};
use tidemark_domain::{
    Role, Scope, Verdict,
    exchange::ExchangeFormat,
    plan::{
        BackupPlan, PlanChange, PlanDraft, PlanFilter, PlanKey, RolloutRequest, SelectionDraft,
        SelectionStep,
    },
    runs::RunState,
    selection::{BackupSelection, DryRunList},
};
use tidemark_services::{Caller, ServiceError, plans, ports::CloudErrorKind};
use tidemark_testkit::{JobEnd, JobScript, When, build};

use crate::world::{World, caller};

const DR: &str = "444455556666";

/// A plan with a daily rule into `Default` and a field that nobody knows.
pub(crate) fn gold(days: i64) -> BackupPlan {
    serde_json::from_value(json!({
        "BackupPlanName": "gold",
        "FromTheFuture": {"a": [1]},
        "Rules": [{
            "RuleName": "daily",
            "TargetBackupVaultName": "Default",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "Lifecycle": {"DeleteAfterDays": days},
            "Later": true,
        }],
    }))
    .unwrap()
}

pub(crate) fn by_owner(name: &str, account: &str) -> BackupSelection {
    serde_json::from_value(json!({
        "SelectionName": name,
        "IamRoleArn": format!("arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole"),
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "owner", "ConditionValue": "olga"}],
    }))
    .unwrap()
}

pub(crate) fn draft(world: &World, plan: BackupPlan) -> PlanDraft {
    PlanDraft {
        account: world.scope.account.clone(),
        region: world.scope.region.clone(),
        plan_id: None,
        version_id: None,
        plan,
        selections: vec![SelectionDraft {
            id: None,
            selection: by_owner("olgas", world.scope.account.as_str()),
        }],
        reason: "a new rule of the house".to_owned(),
    }
}

/// Adds the plan `gold` with its selection, outside the console, and syncs.
pub(crate) async fn with_gold(world: &World) -> PlanKey {
    let selection = by_owner("olgas", world.scope.account.as_str());
    let id = world.aws.add_plan(&world.scope, &gold(35), &[selection]);
    world.sync().await;
    key(&world.scope, id)
}

fn key(scope: &Scope, id: String) -> PlanKey {
    PlanKey {
        account: scope.account.clone(),
        region: scope.region.clone(),
        id,
    }
}

async fn edited(world: &World, key: &PlanKey) -> PlanDraft {
    PlanDraft::of(&world.services.catalogue.plan(key).await.unwrap().unwrap())
}

fn rollout(world: &World, to: &[Scope]) -> RolloutRequest {
    RolloutRequest {
        plan: gold(35),
        selections: vec![by_owner("olgas", world.scope.account.as_str())],
        targets: to.to_vec(),
        reason: "everywhere".to_owned(),
    }
}

/// Every use case of plans, for the table of who may what.
pub(crate) async fn call(world: &World, who: &Caller, name: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    let admin = caller(Role::Admin);
    let gold_key = with_gold(world).await;
    let mut draft = draft(world, gold(30));
    "silver".clone_into(&mut draft.plan.backup_plan_name);
    let everywhere = rollout(world, std::slice::from_ref(&world.scope));
    match name {
        "plan.list" => plans::list(s, who, &PlanFilter::default()).await.map(drop),
        "plan.get" => plans::get(s, who, &gold_key).await.map(drop),
        "plan.versions" => plans::versions(s, who, &gold_key).await.map(drop),
        "plan.siblings" => plans::siblings(s, who, &gold_key).await.map(drop),
        "plan.dry_run" => plans::dry_run(s, who, &draft).await.map(drop),
        "plan.dry_run_list" => plans::dry_run_list(s, who, &draft, DryRunList::Taken, None, 10)
            .await
            .map(drop),
        "plan.export" => plans::export(s, who, &gold_key, ExchangeFormat::Terraform)
            .await
            .map(drop),
        "plan.import" => {
            let text = serde_json::to_string(&gold(30)).unwrap();
            plans::import(s, who, &world.scope, &text, Vec::new())
                .await
                .map(drop)
        }
        "plan.context" => plans::context(s, who, &world.scope, None).await.map(drop),
        "plan.check" => plans::check(s, who, &draft).await.map(drop),
        "plan.change" => plans::change(s, who, draft).await.map(drop),
        "plan.apply" => {
            let shown = plans::change(s, &admin, draft.clone()).await?;
            plans::apply(s, who, draft, &shown.digest).await.map(drop)
        }
        "plan.deletion" => plans::deletion(s, who, &gold_key).await.map(drop),
        "plan.delete" => {
            let shown = plans::deletion(s, &admin, &gold_key).await?;
            plans::delete(s, who, &gold_key, &shown.digest, "")
                .await
                .map(drop)
        }
        "plan.rule_run" => plans::rule_run(s, who, &gold_key, "daily").await.map(drop),
        "plan.run_now" => {
            let shown = plans::rule_run(s, &admin, &gold_key, "daily").await?;
            plans::run_now(s, who, &gold_key, "daily", &shown.digest, "")
                .await
                .map(drop)
        }
        "plan.rollout" => plans::rollout(s, who, everywhere).await.map(drop),
        "plan.start_rollout" => {
            let mut request = everywhere;
            request.plan = gold(99);
            let shown = plans::rollout(s, &admin, request.clone()).await?;
            plans::start_rollout(s, who, request, &shown.digest)
                .await
                .map(drop)
        }
        other => panic!("{other} is not in the table"),
    }
}

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
async fn running_a_rule_now_makes_a_point_of_each_resource_that_it_takes() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    assert_eq!(shown.resources.len(), 1);
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["completed"], 1);
    world.sync().await;
    let page = world
        .services
        .catalogue
        .points(&tidemark_domain::PointFilter {
            resource: Some(world.orders()),
            ..Default::default()
        })
        .await
        .unwrap();
    let point = &page.items[0];
    assert_eq!(point.status, "COMPLETED");
    let days = point.delete_at.unwrap().duration_since(point.created_at);
    assert_eq!(days.as_hours(), 35 * 24);
}

#[tokio::test]
async fn a_job_that_fails_does_not_hide_the_others_and_all_failing_fails_the_run() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    world.aws.script_backups(JobScript {
        polls: 1,
        end: JobEnd::With("FAILED".to_owned(), "no more room".to_owned()),
    });
    let shown = plans::rule_run(&world.services, &operator, &key, "daily")
        .await
        .unwrap();
    let run = plans::run_now(&world.services, &operator, &key, "daily", &shown.digest, "")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed);
    assert!(view.error.unwrap().message.contains("no more room"));
}

#[tokio::test]
async fn a_rollout_has_a_result_per_account_and_drift_shows_later() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let dr = world.add_account(DR).await;
    let shut = world.add_account("777788889999").await;
    world.aws.deny(&shut.account, &["backup:CreateBackupPlan"]);
    let request = rollout(&world, &[world.scope.clone(), dr.clone(), shut.clone()]);
    let shown = plans::rollout(&world.services, &operator, request.clone())
        .await
        .unwrap();
    assert_eq!(shown.targets.len(), 3);
    let in_dr = shown
        .targets
        .iter()
        .find(|t| t.account == dr.account)
        .unwrap();
    let role = &in_dr.change.as_ref().unwrap().draft.selections[0];
    assert!(role.selection.iam_role_arn.contains(DR));
    let run = plans::start_rollout(&world.services, &operator, request.clone(), &shown.digest)
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(view.summary["saved"], 2);
    assert_eq!(view.summary["failed"], 1);
    assert_eq!(world.aws.plans(&dr)[0].selections.len(), 1);
    assert!(world.aws.plans(&shut).is_empty());

    // Somebody changes the one in the DR account.
    let id = world.aws.plans(&dr)[0].id.clone();
    world.aws.change_plan(&dr, &id, &gold(7));
    world.sync().await;
    let account = build::account(DR);
    tidemark_services::sync::sync_scope(&world.services, &account, &dr.region)
        .await
        .unwrap();
    let rows = plans::list(&world.services, &operator, &PlanFilter::default())
        .await
        .unwrap();
    assert_eq!(rows.items.len(), 2);
    assert!(rows.items.iter().all(|row| row.drifts));
    let home = key(&world.scope, world.aws.plans(&world.scope)[0].id.clone());
    let detail = plans::get(&world.services, &operator, &home).await.unwrap();
    assert_eq!(detail.siblings.len(), 1);
    assert_eq!(
        detail.siblings[0].differences[0].field,
        "Rules[daily].Lifecycle.DeleteAfterDays"
    );
    // Rolling out again changes just that one.
    let again = plans::rollout(&world.services, &operator, request)
        .await
        .unwrap();
    let changing: Vec<_> = again
        .targets
        .iter()
        .filter(|t| {
            t.change
                .as_ref()
                .is_some_and(|c| c.before.is_some() && !c.is_empty())
        })
        .map(|t| t.account.as_str())
        .collect();
    assert_eq!(changing, [DR]);
}

#[tokio::test]
async fn a_list_counts_what_each_plan_takes_and_when_it_runs_next() {
    let world = World::new().await;
    with_gold(&world).await;
    let rows = plans::list(
        &world.services,
        &caller(Role::Viewer),
        &PlanFilter::default(),
    )
    .await
    .unwrap();
    let row = &rows.items[0];
    assert_eq!((row.rules, row.selections, row.resources), (1, 1, Some(1)));
    assert_eq!((row.errors, row.drifts), (0, false));
    let next = row.next_run.unwrap();
    assert!(next > world.clock.now());
    assert_eq!(next.to_string(), "2026-01-16T05:00:00Z");
}

#[tokio::test]
async fn the_runs_credentials_reach_this_plan_only() {
    let world = World::new().await;
    let operator = caller(Role::Operator);
    let key = with_gold(&world).await;
    let mut change = edited(&world, &key).await;
    change.plan = gold(36);
    let shown = plans::change(&world.services, &operator, change.clone())
        .await
        .unwrap();
    let policy: Value = serde_json::from_str(&shown.session_policy).unwrap();
    let resource = &policy["Statement"][0]["Resource"];
    assert!(resource.as_str().unwrap().ends_with(&key.id), "{policy}");
    let run = plans::apply(&world.services, &operator, change, &shown.digest)
        .await
        .unwrap();
    world.finish(run).await;
    let updates: Vec<_> = world
        .cloud
        .calls()
        .into_iter()
        .filter(|call| call.operation == "update_plan")
        .collect();
    assert_eq!(updates.len(), 1);
    let session = &updates[0].target.session;
    assert_eq!(
        session.source_identity.as_ref().unwrap().as_str(),
        "operator"
    );
    assert_eq!(
        session.policy.as_deref(),
        Some(shown.session_policy.as_str())
    );
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
        let mut drafts = plans::import(services, &operator, &world.scope, &file.text, Vec::new())
            .await
            .unwrap();
        assert_eq!(drafts.len(), 1);
        let draft = drafts.remove(0);
        assert_eq!(draft.plan_id.as_deref(), Some(key.id.as_str()));
        let shown = plans::change(services, &operator, draft).await.unwrap();
        assert!(shown.is_empty(), "{format:?}: {shown:#?}");
    }
}
