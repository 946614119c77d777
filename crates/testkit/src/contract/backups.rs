//! Jobs of AWS Backup.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use tidemark_domain::{Arn, BackupRequest, ResourceType};
use tidemark_services::ports::{BackupJobState, BackupStart, CloudErrorKind, RestoreStart};

use super::{
    CloudEstate,
    estate::{active, refused},
    until,
};

async fn backup_of(
    estate: &dyn CloudEstate,
    resource: &Arn,
    vault: &str,
    token: &str,
) -> anyhow::Result<BackupStart> {
    Ok(BackupStart {
        request: BackupRequest {
            resource: resource.clone(),
            vault: vault.to_owned(),
            delete_after_days: Some(30),
            cold_after_days: None,
            service_role: None,
            reason: String::new(),
        },
        service_role: estate.service_role().await?,
        token: token.to_owned(),
    })
}

fn ended(status: &str) -> bool {
    matches!(
        status,
        "COMPLETED" | "FAILED" | "ABORTED" | "EXPIRED" | "PARTIAL"
    )
}

async fn completed(estate: &dyn CloudEstate, job: &str) -> anyhow::Result<BackupJobState> {
    let (cloud, target) = (estate.cloud(), estate.target());
    let state = until(estate, "the backup job ends", || async {
        let state = cloud.backup_job(&target, job).await?;
        Ok(ended(&state.status).then_some(state))
    })
    .await?;
    ensure!(state.status == "COMPLETED", "{state:?}");
    Ok(state)
}

pub(super) async fn backed_up(estate: &dyn CloudEstate) -> anyhow::Result<(Arn, Arn)> {
    let table = estate.create_table("orders", 3).await?;
    estate.create_vault("contract").await?;
    let start = backup_of(estate, &table, "contract", "token-1").await?;
    let job = estate
        .cloud()
        .start_backup(&estate.target(), &start)
        .await?;
    let state = completed(estate, &job).await?;
    let point = state.recovery_point.context("the job names no point")?;
    Ok((table, point))
}

/// A backup job ends with a recovery point, which the scope then lists in its vault.
pub async fn a_backup_ends_with_a_point(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (table, point) = backed_up(estate).await?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let listed = snapshot
        .points
        .iter()
        .find(|p| p.arn == point)
        .with_context(|| format!("{point} is not listed: {:?}", snapshot.partial))?;
    ensure!(listed.resource_arn == table, "{listed:?}");
    ensure!(listed.vault.as_deref() == Some("contract"), "{listed:?}");
    ensure!(listed.status == "COMPLETED", "{listed:?}");
    ensure!(listed.resource_type == ResourceType::DynamoDb, "{listed:?}");
    ensure!(
        snapshot
            .jobs
            .iter()
            .any(|j| j.point_arn.as_ref() == Some(&point)),
        "no job"
    );
    Ok(())
}

/// The same token starts one job, however often it is asked for.
pub async fn the_same_token_starts_one_backup(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 1).await?;
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let start = backup_of(estate, &table, "contract", "token-1").await?;
    let first = cloud.start_backup(&target, &start).await?;
    let second = cloud.start_backup(&target, &start).await?;
    ensure!(first == second, "{first} and {second}");
    Ok(())
}

/// A vault that does not exist is not found.
pub async fn a_missing_vault_is_not_found(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 1).await?;
    let start = backup_of(estate, &table, "absent", "token-1").await?;
    let answer = estate.cloud().start_backup(&estate.target(), &start).await;
    refused(answer, CloudErrorKind::NotFound)?;
    Ok(())
}

/// Jobs that do not exist are not found.
pub async fn an_unknown_job_is_not_found(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (cloud, target) = (estate.cloud(), estate.target());
    let id = "00000000-0000-4000-8000-000000000000";
    refused(
        cloud.backup_job(&target, id).await,
        CloudErrorKind::NotFound,
    )?;
    refused(
        cloud.restore_job(&target, id).await,
        CloudErrorKind::NotFound,
    )?;
    Ok(())
}

/// A backup that has ended cannot be stopped.
pub async fn an_ended_backup_is_not_stopped(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 1).await?;
    estate.create_vault("contract").await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let start = backup_of(estate, &table, "contract", "token-1").await?;
    let job = cloud.start_backup(&target, &start).await?;
    completed(estate, &job).await?;
    refused(
        cloud.stop_backup(&target, &job).await,
        CloudErrorKind::Invalid,
    )?;
    Ok(())
}

/// The restore metadata of a table's point propose a name and an encryption.
pub async fn restore_metadata_propose_a_restore(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    let metadata = estate
        .cloud()
        .restore_metadata(&estate.target(), "contract", &point)
        .await?;
    ensure!(!metadata.is_empty(), "no metadata");
    Ok(())
}

/// A restore job creates the table that its metadata names, with the items of the point.
pub async fn a_restore_job_brings_a_table_back(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let (_, point) = backed_up(estate).await?;
    estate.set_items("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let start = RestoreStart {
        point,
        resource_type: ResourceType::DynamoDb,
        metadata: BTreeMap::from([
            ("targetTableName".to_owned(), "orders-back".to_owned()),
            ("encryptionType".to_owned(), "Default".to_owned()),
        ]),
        service_role: estate.service_role().await?,
        token: "token-2".to_owned(),
    };
    let job = cloud.start_restore(&target, &start).await?;
    let again = cloud.start_restore(&target, &start).await?;
    ensure!(job == again, "the same token started {job} and {again}");
    let state = until(estate, "the restore job ends", || async {
        let state = cloud.restore_job(&target, &job).await?;
        Ok(ended(&state.status).then_some(state))
    })
    .await?;
    ensure!(state.status == "COMPLETED", "{state:?}");
    let created = state.created.context("the job names nothing created")?;
    ensure!(created.name() == "orders-back", "{created}");
    active(estate, "orders-back").await?;
    let items = estate.items("orders-back").await?;
    ensure!(items == 3, "{items} items instead of 3");
    Ok(())
}
