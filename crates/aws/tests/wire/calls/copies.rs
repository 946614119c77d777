//! What copies were made of, also those that are older than what is shown of jobs.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use jiff::SignedDuration;
use tidemark_aws::AwsCloud;
use tidemark_domain::JobKind;
use tidemark_services::ports::Cloud as _;
use tidemark_testkit::contract::{CloudEstate as _, until};

use super::world;
use crate::{
    estate::root,
    setup::{REGION, factory},
};

#[tokio::test]
async fn an_old_copy_still_says_what_it_was_made_of() -> anyhow::Result<()> {
    let (sandbox, estate) = world().await?;
    for vault in ["contract", "copies"] {
        estate.create_vault(vault).await?;
    }
    let target = estate.target();
    let table = estate.create_table("orders", 3).await?;
    let account = target.connection.account.as_str();
    let config = root(sandbox.endpoint_url(), account, REGION).await;
    let backup = aws_sdk_backup::Client::new(&config);
    let role = estate.service_role().await?;
    let started = backup
        .start_backup_job()
        .backup_vault_name("contract")
        .resource_arn(table.as_str())
        .iam_role_arn(&role)
        .send()
        .await?;
    let job = started.backup_job_id.context("no job")?;
    let point = until(&estate, "the backup job ends", || async {
        let job = backup.describe_backup_job().backup_job_id(&job).send();
        let job = job.await?;
        let is_done = job
            .state()
            .is_some_and(|state| state.as_str() == "COMPLETED");
        Ok(is_done.then_some(job.recovery_point_arn).flatten())
    })
    .await?;
    let started = backup
        .start_copy_job()
        .recovery_point_arn(&point)
        .source_backup_vault_name("contract")
        .destination_backup_vault_arn(format!(
            "arn:aws:backup:{REGION}:{account}:backup-vault:copies"
        ))
        .iam_role_arn(role)
        .send()
        .await?;
    let job = started.copy_job_id.context("no job")?;
    let copy = until(&estate, "the copy is made", || async {
        let job = backup.describe_copy_job().copy_job_id(&job).send().await?;
        let job = job.copy_job.context("no job")?;
        let is_done = job
            .state()
            .is_some_and(|state| state.as_str() == "COMPLETED");
        Ok(is_done
            .then_some(job.destination_recovery_point_arn)
            .flatten())
    })
    .await?;
    sandbox.clock().advance(SignedDuration::from_hours(40 * 24));

    // A console that goes by the simulated time, as the demo's does.
    let clock = sandbox.clock();
    let factory = factory(sandbox.endpoint_url()).clock(Arc::new(move || clock.now()));
    let cloud = AwsCloud::new(factory.build().await);
    let first = cloud.read_scope(&target).await?;
    let link = first.copies.iter().find(|link| link.copy.as_str() == copy);
    ensure!(
        link.is_some_and(|link| link.source.as_str() == point),
        "{:?}",
        first.copies
    );
    let is_copy = |kind: JobKind| kind == JobKind::Copy;
    ensure!(
        !first.jobs.iter().any(|job| is_copy(job.kind)),
        "a job of 40 days ago: {:?}",
        first.jobs
    );
    // It is known now: only what is new is asked for.
    let second = cloud.read_scope(&target).await?;
    ensure!(second.copies.is_empty(), "{:?}", second.copies);
    Ok(())
}
