//! Restores by AWS Backup of every type that the sandbox has, by the metadata that the console fills in.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use tidemark_domain::{
    Arn, BackupRequest, RecoveryPoint, ResourceType,
    restore::metadata::{self, Metadata, RestoreInto},
};
use tidemark_services::ports::{BackupStart, RestoreStart};
use tidemark_testkit::contract::{CloudEstate as _, until};

use super::world;
use crate::estate::WireEstate;

/// Every type that the sandbox backs up, but tables, whose name is no metadata.
const TYPES: [ResourceType; 5] = [
    ResourceType::S3,
    ResourceType::Ebs,
    ResourceType::Rds,
    ResourceType::Efs,
    ResourceType::MemoryDb,
];

async fn arns(estate: &WireEstate, kind: &ResourceType) -> anyhow::Result<Vec<Arn>> {
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let of_kind = snapshot.resources.into_iter();
    Ok(of_kind
        .filter(|resource| resource.resource_type == *kind)
        .map(|resource| resource.arn)
        .collect())
}

async fn point_of(estate: &WireEstate, resource: &Arn) -> anyhow::Result<RecoveryPoint> {
    let (cloud, target) = (estate.cloud(), estate.target());
    let start = BackupStart {
        request: BackupRequest {
            resource: resource.clone(),
            vault: "contract".to_owned(),
            delete_after_days: Some(30),
            cold_after_days: None,
            service_role: None,
            reason: String::new(),
        },
        service_role: estate.service_role().await?,
        token: format!("backup of {resource}"),
    };
    let job = cloud.start_backup(&target, &start).await?;
    let arn = until(estate, "the backup job ends", || async {
        let state = cloud.backup_job(&target, &job).await?;
        ensure!(state.status != "FAILED", "{state:?}");
        Ok(state.recovery_point.filter(|_| state.status == "COMPLETED"))
    })
    .await?;
    let snapshot = cloud.read_scope(&target).await?;
    let mut points = snapshot.points.into_iter();
    points
        .find(|point| point.arn == arn)
        .context("the point is not listed")
}

/// The status of the ended job, and what it created.
async fn restored(
    estate: &WireEstate,
    point: &RecoveryPoint,
    metadata: Metadata,
    token: &str,
) -> anyhow::Result<(String, Option<Arn>)> {
    let (cloud, target) = (estate.cloud(), estate.target());
    let start = RestoreStart {
        point: point.arn.clone(),
        resource_type: point.resource_type.clone(),
        metadata,
        service_role: estate.service_role().await?,
        token: token.to_owned(),
    };
    let job = cloud.start_restore(&target, &start).await?;
    until(estate, "the restore job ends", || async {
        let state = cloud.restore_job(&target, &job).await?;
        let ended = matches!(state.status.as_str(), "COMPLETED" | "FAILED" | "ABORTED");
        Ok(ended.then_some((state.status, state.created)))
    })
    .await
}

#[tokio::test]
async fn the_default_restore_of_every_type_makes_something_new() -> anyhow::Result<()> {
    for kind in TYPES {
        let (_sandbox, estate) = world().await?;
        estate.create_vault("contract").await?;
        let name = estate.create(&kind).await?.context("no such type")?;
        if kind == ResourceType::S3 {
            estate.keep_versions(&name).await?;
        }
        let before = arns(&estate, &kind).await?;
        ensure!(before.len() == 1, "{kind}: {before:?}");
        let point = point_of(&estate, &before[0]).await?;
        let proposed = estate
            .cloud()
            .restore_metadata(&estate.target(), "contract", &point.arn)
            .await?;
        let fresh_name = metadata::rules(&kind)
            .and_then(metadata::Rules::name_rule)
            .and_then(|rule| rule.suggestions(&name, point.created_at).next());
        let fresh = metadata::fresh(&kind, proposed.clone(), fresh_name.as_deref());
        let into = metadata::read(&kind, &fresh, &proposed)?;
        ensure!(
            matches!(into, RestoreInto::New(_) | RestoreInto::Unnamed),
            "{kind}: {into:?}"
        );
        ensure!(
            !metadata::is_unfamiliar(&kind, &proposed),
            "{kind} is proposed with a key that is not known: {proposed:?}"
        );
        let (status, created) = restored(&estate, &point, fresh, "default").await?;
        ensure!(status == "COMPLETED", "{kind}: {status}");
        let created = created.context("nothing was created")?;
        ensure!(created != before[0], "{kind}: restored over {created}");
        let after = arns(&estate, &kind).await?;
        ensure!(
            after.len() == 2 && after.contains(&created) && after.contains(&before[0]),
            "{kind}: {after:?}"
        );
    }
    Ok(())
}

/// What AWS proposes names the source; each type is judged as what the simulation then does.
#[tokio::test]
async fn what_is_proposed_is_told_to_be_the_source_itself() -> anyhow::Result<()> {
    for (kind, refused) in [
        (ResourceType::S3, false),
        (ResourceType::Rds, true),
        (ResourceType::MemoryDb, true),
    ] {
        let (_sandbox, estate) = world().await?;
        estate.create_vault("contract").await?;
        let name = estate.create(&kind).await?.context("no such type")?;
        if kind == ResourceType::S3 {
            estate.keep_versions(&name).await?;
        }
        let before = arns(&estate, &kind).await?;
        let point = point_of(&estate, &before[0]).await?;
        let proposed = estate
            .cloud()
            .restore_metadata(&estate.target(), "contract", &point.arn)
            .await?;
        let named = match metadata::read(&kind, &proposed, &BTreeMap::new())? {
            RestoreInto::New(named) | RestoreInto::Existing { name: named, .. } => named,
            other => anyhow::bail!("{kind}: {other:?}"),
        };
        ensure!(before[0].name() == named, "{kind}: {named}");
        let rules = metadata::rules(&kind).context("no rules")?;
        ensure!(rules.refuses_names_in_use() == refused, "{kind}");
        let (status, created) = restored(&estate, &point, proposed, "over").await?;
        if refused {
            ensure!(status == "FAILED", "{kind}: {status} {created:?}");
        } else {
            ensure!(created.as_ref() == Some(&before[0]), "{kind}: {created:?}");
        }
        ensure!(arns(&estate, &kind).await? == before, "{kind}");
    }
    Ok(())
}

#[tokio::test]
async fn a_bucket_exists_wherever_it_is() -> anyhow::Result<()> {
    let (_sandbox, estate) = world().await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    ensure!(!cloud.bucket_exists(&target, "nobody-has-this-one").await?);
    let here = estate.create(&ResourceType::S3).await?.context("none")?;
    ensure!(cloud.bucket_exists(&target, &here).await?);
    let there = estate.create_bucket_in(&"us-east-1".parse()?).await?;
    ensure!(cloud.bucket_exists(&target, &there).await?);
    // Neither is a bucket free that the role may not look at.
    estate.deny(&["s3:GetBucketLocation"]).await?;
    ensure!(cloud.bucket_exists(&target, &here).await?);
    Ok(())
}
