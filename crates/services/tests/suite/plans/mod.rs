//! Backup plans: what the tests share, and every use case for the table of who may what.

mod running;
mod saving;

use serde_json::json;
use tidemark_domain::{
    Role, Scope,
    exchange::ExchangeFormat,
    plan::{BackupPlan, PlanDraft, PlanFilter, PlanKey, RolloutRequest, SelectionDraft},
    selection::{BackupSelection, DryRunList},
};
use tidemark_services::{Caller, ServiceError, plans};

use crate::world::{World, caller};

/// An account for copies.
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

pub(crate) fn rollout(world: &World, to: &[Scope]) -> RolloutRequest {
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
        "plan.future" => plans::future(s, who, &gold_key).await.map(drop),
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
