//! What a sync reads of a scope.

use anyhow::{Context as _, ensure};
use tidemark_domain::{PointSource, Region, ResourceType, ScopeCause};

use super::{CloudEstate, estate::refused};
use tidemark_services::ports::CloudErrorKind;

/// Tables are listed with their tags.
pub async fn tables_are_listed_with_their_tags(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let arn = estate.create_table("orders", 1).await?;
    let (cloud, target) = (estate.cloud(), estate.target());
    let tags = std::collections::BTreeMap::from([("owner".to_owned(), "ann".to_owned())]);
    cloud.tag_table(&target, &arn, &tags).await?;
    let snapshot = cloud.read_scope(&target).await?;
    let table = snapshot
        .resources
        .iter()
        .find(|r| r.arn == arn)
        .with_context(|| format!("{arn} is not listed: {:?}", snapshot.partial))?;
    ensure!(table.name == "orders" && table.tags == tags, "{table:?}");
    ensure!(table.resource_type == ResourceType::DynamoDb, "{table:?}");
    ensure!(table.account == target.connection.account, "{table:?}");
    Ok(())
}

async fn is_listed(estate: &dyn CloudEstate, kind: ResourceType) -> anyhow::Result<()> {
    let name = estate
        .create(&kind)
        .await?
        .with_context(|| format!("this world cannot make {kind}"))?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let found = snapshot
        .resources
        .iter()
        .find(|r| r.resource_type == kind && r.name == name)
        .with_context(|| {
            format!(
                "{kind} {name} is not listed: {:?} {:?}",
                snapshot.resources, snapshot.partial
            )
        })?;
    ensure!(
        found.tags.get("owner").map(String::as_str) == Some("ann"),
        "{found:?}"
    );
    ensure!(
        !snapshot.partial.iter().any(|p| p.part == kind.as_str()),
        "{:?}",
        snapshot.partial
    );
    Ok(())
}

/// Buckets are listed with their tags.
pub async fn buckets_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_listed(estate, ResourceType::S3).await
}

/// Volumes are listed by their tag `Name`.
pub async fn volumes_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_listed(estate, ResourceType::Ebs).await
}

/// Instances are listed by their tag `Name`.
pub async fn instances_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_listed(estate, ResourceType::Ec2).await
}

/// Databases are listed.
pub async fn databases_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_listed(estate, ResourceType::Rds).await
}

/// File systems are listed.
pub async fn file_systems_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_listed(estate, ResourceType::Efs).await
}

/// `MemoryDB` clusters are listed.
pub async fn memorydb_clusters_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    is_listed(estate, ResourceType::MemoryDb).await
}

/// A bucket of another Region is not listed in this one.
pub async fn buckets_of_other_regions_are_not_listed(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    let here = estate
        .create(&ResourceType::S3)
        .await?
        .context("no bucket")?;
    let there = estate
        .create_bucket_in(&Region::parse("us-west-2")?)
        .await?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let names: Vec<&str> = snapshot.resources.iter().map(|r| r.name.as_str()).collect();
    ensure!(names.contains(&here.as_str()), "{names:?}");
    ensure!(!names.contains(&there.as_str()), "{names:?}");
    Ok(())
}

/// Vaults are listed with nothing in them.
pub async fn vaults_are_listed(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    estate.create_vault("contract").await?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let vault = snapshot
        .vaults
        .iter()
        .find(|v| v.name == "contract")
        .with_context(|| format!("not listed: {:?}", snapshot.partial))?;
    ensure!(vault.points == 0 && !vault.locked, "{vault:?}");
    Ok(())
}

/// A backup that DynamoDB itself made is a point outside any vault.
pub async fn table_backups_are_points(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    let table = estate.create_table("orders", 1).await?;
    let backup = estate.back_table_up("orders").await?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let points: Vec<_> = snapshot.points.iter().filter(|p| p.arn == backup).collect();
    let [point] = points[..] else {
        anyhow::bail!(
            "{backup} is listed {} times: {:?}",
            points.len(),
            snapshot.partial
        );
    };
    ensure!(point.resource_arn == table, "{point:?}");
    ensure!(point.source == PointSource::DynamoDbBackup, "{point:?}");
    ensure!(point.vault.is_none() && point.is_usable(), "{point:?}");
    Ok(())
}

/// More tables than one page holds are all listed.
pub async fn every_page_is_read(estate: &dyn CloudEstate) -> anyhow::Result<()> {
    const TABLES: usize = 105;
    for number in 0..TABLES {
        estate
            .create_table(&format!("table-{number:03}"), 0)
            .await?;
    }
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    let listed = snapshot
        .resources
        .iter()
        .filter(|r| r.resource_type == ResourceType::DynamoDb)
        .count();
    ensure!(
        listed == TABLES,
        "{listed} of {TABLES}: {:?}",
        snapshot.partial
    );
    Ok(())
}

/// A service that is refused is named, with its cause and fix, and does not hide the others.
pub async fn a_refused_service_does_not_hide_the_others(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    estate.create_table("orders", 1).await?;
    estate
        .deny(&["elasticfilesystem:DescribeFileSystems"])
        .await?;
    let snapshot = estate.cloud().read_scope(&estate.target()).await?;
    ensure!(
        snapshot.resources.iter().any(|r| r.name == "orders"),
        "{snapshot:?}"
    );
    let refused = snapshot
        .partial
        .iter()
        .find(|p| p.part == "EFS")
        .with_context(|| format!("EFS is not among {:?}", snapshot.partial))?;
    ensure!(refused.error.cause == ScopeCause::Permission, "{refused:?}");
    ensure!(refused.error.code.is_some(), "{refused:?}");
    ensure!(!refused.error.fix.is_empty(), "{refused:?}");
    Ok(())
}

/// A role that may read nothing is an error, not an empty scope.
pub async fn a_role_that_may_read_nothing_is_an_error(
    estate: &dyn CloudEstate,
) -> anyhow::Result<()> {
    estate
        .deny(&[
            "backup:ListBackupVaults",
            "backup:ListLegalHolds",
            "backup:ListBackupJobs",
            "backup:ListCopyJobs",
            "backup:ListRestoreJobs",
            "backup:ListProtectedResources",
            "backup:ListBackupPlans",
            "backup:DescribeRegionSettings",
            "dynamodb:ListTables",
            "dynamodb:ListBackups",
            "s3:ListAllMyBuckets",
            "ec2:DescribeVolumes",
            "ec2:DescribeSnapshots",
            "ec2:DescribeInstances",
            "rds:DescribeDBInstances",
            "rds:DescribeDBClusters",
            "rds:DescribeDBSnapshots",
            "rds:DescribeDBClusterSnapshots",
            "elasticfilesystem:DescribeFileSystems",
            "memorydb:DescribeClusters",
            "memorydb:DescribeSnapshots",
        ])
        .await?;
    let answer = estate.cloud().read_scope(&estate.target()).await;
    refused(answer, CloudErrorKind::Denied)?;
    Ok(())
}
