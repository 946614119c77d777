use anyhow::{Context as _, ensure};
use serde_json::json;
use tidemark_domain::plan::BackupPlan;
use tidemark_testkit::contract::CloudEstate as _;

use super::{count, world};

fn plan() -> anyhow::Result<BackupPlan> {
    Ok(serde_json::from_value(json!({
        "BackupPlanName": "gold",
        "FromTheFuture": {"a": [1, 2.5, "x"], "b": {"c": true}},
        "Rules": [{
            "RuleName": "daily",
            "TargetBackupVaultName": "contract",
            "ScheduleExpression": "cron(0 5 ? * * *)",
            "ScheduleExpressionTimezone": "Etc/UTC",
            "StartWindowMinutes": 60,
            "CompletionWindowMinutes": 180,
            "EnableContinuousBackup": false,
            "IndexActions": [{"ResourceTypes": ["S3"], "Later": 1}],
            "SomeDay": [{"deep": [[1], [2]]}],
        }],
    }))?)
}

#[tokio::test]
async fn fields_that_the_sdk_does_not_know_go_out_and_come_back() -> anyhow::Result<()> {
    let (_sandbox, estate) = world().await?;
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let wanted = plan()?;
    let made = cloud.create_plan(&target, &wanted, "token-1").await?;
    let read = cloud.plan(&target, &made.id).await?.context("no plan")?;
    let mut bare = read.plan.clone();
    ensure!(bare.rules[0].other.remove("RuleId").is_some(), "no rule id");
    // AWS keeps them beside the plan: there are none.
    ensure!(bare.take_tags().is_none(), "tags");
    ensure!(
        serde_json::to_value(&bare)? == serde_json::to_value(&wanted)?,
        "{:#}",
        serde_json::to_value(&bare)?
    );
    // And once more through a change: what was read is written back whole.
    let mut changed = read.plan;
    changed.rules[0].start_window_minutes = Some(90);
    cloud.update_plan(&target, &made.id, &changed).await?;
    let again = cloud.plan(&target, &made.id).await?.context("no plan")?;
    ensure!(again.plan == changed, "{:#?}", again.plan);
    Ok(())
}

#[tokio::test]
async fn a_version_is_fetched_once_however_often_the_scope_is_read() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let made = cloud.create_plan(&target, &plan()?, "token-1").await?;
    cloud.read_scope(&target).await?;
    cloud.read_scope(&target).await?;
    let fetched = count(&sandbox, "GetBackupPlan");
    ensure!(fetched == 1, "fetched {fetched} times");
    let mut changed = plan()?;
    changed.rules[0].start_window_minutes = Some(90);
    cloud.update_plan(&target, &made.id, &changed).await?;
    let snapshot = cloud.read_scope(&target).await?;
    let fetched = count(&sandbox, "GetBackupPlan");
    ensure!(fetched == 2, "fetched {fetched} times");
    ensure!(snapshot.plan_versions.len() == 2, "{snapshot:?}");
    Ok(())
}
