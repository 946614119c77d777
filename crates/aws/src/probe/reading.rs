use std::collections::BTreeMap;

use futures::future::BoxFuture;
use tidemark_domain::ScopeCause;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, ProbeLink, Target},
};

use super::{because, broken, holds};
use crate::{access::Access, factory::ClientFactory, scope_error::scope_error};

const NAME: &str = "Read the account";

/// What services say to credentials that they do not know, as where the Region is not enabled in the account: IAM does not
/// hand them on there ("Enable or disable AWS Regions in your account").
const UNKNOWN_CREDENTIALS: [&str; 6] = [
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "OptInRequired",
    "UnrecognizedClient",
    "UnrecognizedClientException",
];

/// Tries each list once, with one row. Answers also which actions were let through and which were not.
pub(super) async fn reading(
    factory: &ClientFactory,
    target: &Target,
) -> (ProbeLink, BTreeMap<String, bool>) {
    let access = match factory.open(target).await {
        Ok(access) => access,
        Err(error) => return (broken(NAME, scope_error(&error)), BTreeMap::new()),
    };
    let tried = futures::future::join_all(lists(&access)).await;
    let mut allowed = BTreeMap::new();
    for (call, outcome) in &tried {
        let let_through = match outcome {
            Ok(()) => true,
            Err(error) if is_denial(error) => false,
            Err(_) => continue,
        };
        if let Some(action) = call.action() {
            allowed.insert(action.to_owned(), let_through);
        }
    }
    let all = tried.len();
    let failed = tried.into_iter().filter_map(|(_, outcome)| outcome.err());
    (judge(target, all, failed.collect()), allowed)
}

/// Whether a policy denies it, and not a Region that knows nobody.
fn is_denial(error: &CloudError) -> bool {
    error.kind == CloudErrorKind::Denied && !knows_nobody(error)
}

fn knows_nobody(error: &CloudError) -> bool {
    error
        .code
        .as_deref()
        .is_some_and(|code| UNKNOWN_CREDENTIALS.contains(&code))
}

fn judge(target: &Target, all: usize, failed: Vec<CloudError>) -> ProbeLink {
    if failed.len() == all && failed.iter().all(knows_nobody) {
        let region = &target.region;
        let message =
            format!("No service in {region} knows the credentials of the account's role.");
        let fix = format!(
            "Enable the Region {region} in the account (AWS Account Management), or take it out of the account's Regions \
             in the console. A Region that was just enabled takes minutes, sometimes hours."
        );
        let why = because(ScopeCause::RegionDisabled, message, fix, failed.first());
        return broken(NAME, why);
    }
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
fn lists(access: &Access) -> Vec<BoxFuture<'_, (Call, Result<(), CloudError>)>> {
    macro_rules! list {
        ($operation:expr, $service:ident . $call:ident $(. $with:ident ( $value:expr ))*) => {
            Box::pin(async move {
                let read = access
                    .read($operation, || access.clients.$service().$call()$(.$with($value))*.send())
                    .await;
                ($operation, read.map(|_| ()))
            }) as BoxFuture<'_, (Call, Result<(), CloudError>)>
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

#[cfg(test)]
mod tests {
    use tidemark_domain::{AccountConnection, SessionName};
    use tidemark_services::ports::SessionIdentity;

    use super::*;

    fn target() -> Result<Target, tidemark_domain::Invalid> {
        Ok(Target {
            connection: AccountConnection {
                account: "111122223333".parse()?,
                role: "arn:aws:iam::111122223333:role/TidemarkAccess".parse()?,
                external_id: "external".parse()?,
            },
            region: "af-south-1".parse()?,
            session: SessionIdentity {
                session_name: SessionName::from_text("test"),
                source_identity: None,
                policy: None,
            },
        })
    }

    fn error(code: &str) -> CloudError {
        CloudError {
            code: Some(code.to_owned()),
            ..CloudError::local(CloudErrorKind::Denied, Call::DescribeVolumes, "no")
        }
    }

    #[test]
    fn a_region_that_knows_nobody_is_told_from_a_role_that_may_nothing() -> anyhow::Result<()> {
        let target = target()?;
        let disabled = judge(
            &target,
            2,
            vec![error("UnrecognizedClientException"), error("AuthFailure")],
        );
        let cause = |link: &ProbeLink| link.broken.as_ref().map(|broken| broken.cause);
        assert_eq!(cause(&disabled), Some(ScopeCause::RegionDisabled));
        let denied = judge(
            &target,
            2,
            vec![error("AccessDeniedException"), error("AuthFailure")],
        );
        assert_eq!(cause(&denied), Some(ScopeCause::Permission));
        assert!(!is_denial(&error("AuthFailure")) && is_denial(&error("AccessDenied")));
        Ok(())
    }
}
