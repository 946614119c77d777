//! Backup plans and selections.

use anyhow::{Context as _, ensure};
use serde_json::json;
use tidemark_domain::{
    plan::{BackupPlan, diff_plans, same_plan, same_selection},
    selection::BackupSelection,
};
use tidemark_services::ports::{CloudErrorKind, RuleBackupStart};

use super::{CloudEstate, estate::refused, until};

fn plan(name: &str, days: i64) -> anyhow::Result<BackupPlan> {
    Ok(serde_json::from_value(json!({
        "BackupPlanName": name,
        "AdvancedBackupSettings": [
            {"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}
        ],
        "Rules": [
            {
                "RuleName": "daily",
                "TargetBackupVaultName": "contract",
                "ScheduleExpression": "cron(30 5 ? * * *)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "StartWindowMinutes": 60,
                "CompletionWindowMinutes": 180,
                "Lifecycle": {"DeleteAfterDays": days},
                "RecoveryPointTags": {"team": "orders"},
                "CopyActions": [{
                    "DestinationBackupVaultArn":
                        "arn:aws:backup:eu-central-1:999988887777:backup-vault:dr",
                    "Lifecycle": {"DeleteAfterDays": 400}
                }]
            },
            {
                "RuleName": "monthly",
                "TargetBackupVaultName": "contract",
                "ScheduleExpression": "cron(0 3 1 * ? *)",
                "StartWindowMinutes": 480,
                "CompletionWindowMinutes": 10080,
                "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365}
            }
        ]
    }))?)
}

async fn selection(estate: &dyn CloudEstate, name: &str) -> anyhow::Result<BackupSelection> {
    Ok(serde_json::from_value(json!({
        "SelectionName": name,
        "IamRoleArn": estate.service_role().await?,
        "Resources": ["arn:aws:dynamodb:*:*:table/*"],
        "NotResources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/scratch"],
        "Conditions": {
            "StringEquals": [
                {"ConditionKey": "aws:ResourceTag/owner", "ConditionValue": "ann"}
            ]
        }
    }))?)
}

/// A plan with every kind of field comes back as it went.
pub async fn a_plan_comes_back_as_it_went(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let wanted = plan("contract-plan", 35)?;
    let made = cloud.create_plan(&target, &wanted, "token-1").await?;
    let read = cloud.plan(&target, &made.id).await?.context("no plan")?;
    ensure!(read.version_id == made.version_id, "{read:?}");
    ensure!(read.arn == made.arn, "{read:?}");
    let differences = diff_plans(&wanted, &read.plan);
    ensure!(differences.is_empty(), "{differences:?}");
    Ok(())
}

/// The same token makes one plan, however often it is asked for.
pub async fn the_same_token_makes_one_plan(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let wanted = plan("contract-plan", 35)?;
    let first = cloud.create_plan(&target, &wanted, "token-1").await?;
    let second = cloud.create_plan(&target, &wanted, "token-1").await?;
    ensure!(first.id == second.id, "{first:?} and {second:?}");
    Ok(())
}

/// The token names the plan also where it was renamed since: nothing is made a second time.
pub async fn the_token_of_a_renamed_plan_names_it(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let wanted = plan("contract-plan", 35)?;
    let first = cloud.create_plan(&target, &wanted, "token-1").await?;
    let renamed = plan("another-name", 35)?;
    cloud.update_plan(&target, &first.id, &renamed).await?;
    let second = cloud.create_plan(&target, &wanted, "token-1").await?;
    ensure!(first.id == second.id, "{first:?} and {second:?}");
    Ok(())
}

/// A change makes a new version, which is then in force; the scope lists both.
pub async fn a_change_makes_a_version(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let made = cloud
        .create_plan(&target, &plan("contract-plan", 35)?, "token-1")
        .await?;
    estate.tick().await?;
    let changed = plan("contract-plan", 50)?;
    let version = cloud.update_plan(&target, &made.id, &changed).await?;
    ensure!(version.version_id != made.version_id, "the same version");
    let read = cloud.plan(&target, &made.id).await?.context("no plan")?;
    ensure!(read.version_id == version.version_id, "{read:?}");
    ensure!(same_plan(&read.plan, &changed), "{read:?}");
    let snapshot = cloud.read_scope(&target).await?;
    let versions: Vec<&str> = snapshot
        .plan_versions
        .iter()
        .filter(|known| known.plan_id == made.id)
        .map(|known| known.version.version_id.as_str())
        .collect();
    for wanted in [&made.version_id, &version.version_id] {
        ensure!(versions.contains(&wanted.as_str()), "{versions:?}");
    }
    let old = snapshot
        .plan_versions
        .iter()
        .find(|known| known.version.version_id == made.version_id)
        .context("no old version")?;
    ensure!(
        same_plan(&old.version.plan, &plan("contract-plan", 35)?),
        "{old:?}"
    );
    Ok(())
}

/// Selections come and go with their plan; deleting twice succeeds.
pub async fn selections_come_and_go(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let made = cloud
        .create_plan(&target, &plan("contract-plan", 35)?, "token-1")
        .await?;
    let wanted = selection(estate, "anns").await?;
    let id = cloud
        .create_selection(&target, &made.id, &wanted, "token-2")
        .await?;
    let read = cloud.plan(&target, &made.id).await?.context("no plan")?;
    ensure!(read.selections.len() == 1, "{read:?}");
    ensure!(read.selections[0].id == id, "{read:?}");
    ensure!(
        same_selection(&read.selections[0].selection, &wanted),
        "{:?}",
        read.selections[0]
    );
    cloud.delete_selection(&target, &made.id, &id).await?;
    cloud.delete_selection(&target, &made.id, &id).await?;
    let read = cloud.plan(&target, &made.id).await?.context("no plan")?;
    ensure!(read.selections.is_empty(), "{read:?}");
    Ok(())
}

/// A plan that still has selections stays; without them it goes, and deleting it twice succeeds.
pub async fn a_plan_with_selections_stays(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let made = cloud
        .create_plan(&target, &plan("contract-plan", 35)?, "token-1")
        .await?;
    let wanted = selection(estate, "anns").await?;
    let id = cloud
        .create_selection(&target, &made.id, &wanted, "token-2")
        .await?;
    refused(
        cloud.delete_plan(&target, &made.id).await,
        CloudErrorKind::Invalid,
    )?;
    cloud.delete_selection(&target, &made.id, &id).await?;
    cloud.delete_plan(&target, &made.id).await?;
    cloud.delete_plan(&target, &made.id).await?;
    ensure!(
        cloud.plan(&target, &made.id).await?.is_none(),
        "still there"
    );
    Ok(())
}

/// A plan that does not exist is none, and cannot be changed.
pub async fn a_missing_plan_is_none(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (cloud, target) = (estate.cloud(), estate.target());
    let id = "00000000-0000-4000-8000-000000000000";
    ensure!(cloud.plan(&target, id).await?.is_none(), "there is one");
    refused(
        cloud.update_plan(&target, id, &plan("absent", 35)?).await,
        CloudErrorKind::NotFound,
    )?;
    Ok(())
}

/// The scope lists its plans with their selections.
pub async fn plans_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let wanted = plan("contract-plan", 35)?;
    let made = cloud.create_plan(&target, &wanted, "token-1").await?;
    let taken = selection(estate, "anns").await?;
    cloud
        .create_selection(&target, &made.id, &taken, "token-2")
        .await?;
    let snapshot = cloud.read_scope(&target).await?;
    ensure!(
        !snapshot.partial.iter().any(|part| part.part == "plans"),
        "{:?}",
        snapshot.partial
    );
    let listed = snapshot
        .plans
        .iter()
        .find(|listed| listed.id == made.id)
        .with_context(|| format!("not listed: {:?}", snapshot.plans))?;
    ensure!(same_plan(&listed.plan, &wanted), "{listed:?}");
    ensure!(listed.selections.len() == 1, "{listed:?}");
    Ok(())
}

/// The scope tells which types are opted in.
pub async fn region_settings_are_read(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let settings = snapshot
        .settings
        .with_context(|| format!("no settings: {:?}", snapshot.partial))?;
    ensure!(settings.opted_in("DynamoDB"), "{settings:?}");
    Ok(())
}

/// A backup that is started as a rule would makes a point with the rule's retention.
pub async fn a_rule_is_run_by_hand(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 3).await?;
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let start = RuleBackupStart {
        resource: table,
        rule: plan("contract-plan", 35)?.rules.remove(0),
        service_role: estate.service_role().await?,
        token: "token-1".to_owned(),
    };
    let job = cloud.start_rule_backup(&target, &start).await?;
    let again = cloud.start_rule_backup(&target, &start).await?;
    ensure!(job == again, "the same token started {job} and {again}");
    let state = until(estate, "the backup job ends", || async {
        let state = cloud.backup_job(&target, &job).await?;
        Ok((state.status == "COMPLETED").then_some(state))
    })
    .await?;
    let point = state.recovery_point.context("the job names no point")?;
    let snapshot = cloud.read_scope(&target).await?;
    let listed = snapshot
        .points
        .iter()
        .find(|listed| listed.arn == point)
        .context("the point is not listed")?;
    let kept = listed
        .delete_at
        .context("kept for ever")?
        .duration_since(listed.created_at);
    ensure!(kept.as_hours() == 35 * 24, "{listed:?}");
    Ok(())
}
