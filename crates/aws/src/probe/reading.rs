use futures::future::BoxFuture;
use tidemark_domain::ScopeCause;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, ProbeLink, Target},
};

use super::{because, broken, holds};
use crate::{access::Access, factory::ClientFactory, scope_error::scope_error};

const NAME: &str = "Read the account";

/// Tries each list once, with one row.
pub(super) async fn reading(factory: &ClientFactory, target: &Target) -> ProbeLink {
    let access = match factory.open(target).await {
        Ok(access) => access,
        Err(error) => return broken(NAME, scope_error(&error)),
    };
    let tried = futures::future::join_all(lists(&access)).await;
    let all = tried.len();
    let failed: Vec<CloudError> = tried.into_iter().filter_map(Result::err).collect();
    let denied: Vec<&str> = failed
        .iter()
        .filter(|e| e.kind == CloudErrorKind::Denied)
        .map(|e| {
            Call::named(&e.operation)
                .and_then(Call::action)
                .unwrap_or(&e.operation)
        })
        .collect();
    if denied.len() == all {
        let message = format!("The role {} may not read anything.", target.connection.role);
        let fix = format!("Allow the role: {}.", denied.join(", "));
        let why = because(ScopeCause::Permission, message, fix, failed.first());
        return broken(NAME, why);
    }
    if failed.len() == all
        && let Some(first) = failed.first()
    {
        return broken(NAME, scope_error(first));
    }
    let mut link = holds(
        NAME,
        format!("{} of {all} lists can be read.", all - failed.len()),
    );
    let mut warnings = Vec::new();
    if !denied.is_empty() {
        warnings.push(format!(
            "The role lacks {}: allow them, as the account's template does.",
            denied.join(", ")
        ));
    }
    for error in failed.iter().filter(|e| e.kind != CloudErrorKind::Denied) {
        warnings.push(format!("{} failed: {}", error.operation, error.message));
    }
    link.warning = (!warnings.is_empty()).then(|| warnings.join(" "));
    link
}

/// One cheap call for each list that a sync reads.
fn lists(access: &Access) -> Vec<BoxFuture<'_, Result<(), CloudError>>> {
    macro_rules! list {
        ($operation:expr, $service:ident . $call:ident $(. $with:ident ( $value:expr ))*) => {
            Box::pin(async move {
                access
                    .read($operation, || access.clients.$service().$call()$(.$with($value))*.send())
                    .await
                    .map(|_| ())
            }) as BoxFuture<'_, Result<(), CloudError>>
        };
    }
    vec![
        list!(
            Call::ListBackupVaults,
            backup.list_backup_vaults.max_results(1)
        ),
        list!(Call::ListBackupJobs, backup.list_backup_jobs.max_results(1)),
        list!(Call::ListCopyJobs, backup.list_copy_jobs.max_results(1)),
        list!(
            Call::ListRestoreJobs,
            backup.list_restore_jobs.max_results(1)
        ),
        list!(Call::DynamoDbListTables, dynamodb.list_tables.limit(1)),
        list!(Call::DynamoDbListBackups, dynamodb.list_backups.limit(1)),
        list!(Call::ListBuckets, s3.list_buckets.max_buckets(1)),
        list!(Call::DescribeVolumes, ec2.describe_volumes.max_results(5)),
        list!(
            Call::Ec2DescribeSnapshots,
            ec2.describe_snapshots.owner_ids("self").max_results(5)
        ),
        list!(
            Call::DescribeInstances,
            ec2.describe_instances.max_results(5)
        ),
        list!(
            Call::DescribeDbInstances,
            rds.describe_db_instances.max_records(20)
        ),
        list!(
            Call::DescribeDbClusters,
            rds.describe_db_clusters.max_records(20)
        ),
        list!(
            Call::DescribeDbSnapshots,
            rds.describe_db_snapshots
                .snapshot_type("manual")
                .max_records(20)
        ),
        list!(
            Call::DescribeDbClusterSnapshots,
            rds.describe_db_cluster_snapshots
                .snapshot_type("manual")
                .max_records(20)
        ),
        list!(
            Call::DescribeFileSystems,
            efs.describe_file_systems.max_items(1)
        ),
        list!(
            Call::MemoryDbDescribeClusters,
            memorydb.describe_clusters.max_results(20)
        ),
        list!(
            Call::MemoryDbDescribeSnapshots,
            memorydb.describe_snapshots.max_results(20)
        ),
    ]
}
