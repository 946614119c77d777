use aws_sdk_memorydb::types::Snapshot;
use tidemark_domain::{PointSource, RecoveryPoint, ResourceType, Tier};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{
    access::{Access, pages},
    convert,
    read_scope::Part,
};

const OPERATION: Call = Call::MemoryDbDescribeSnapshots;

/// Every snapshot of the Region (`DescribeSnapshots`). One whose time AWS does not tell cannot be
/// put on a timeline: it is left out, and the part says so.
pub(crate) async fn list_snapshots(access: &Access) -> Part<RecoveryPoint> {
    let snapshots = pages(async |token| {
        let page = access
            .read(OPERATION, || {
                access
                    .clients
                    .memorydb()
                    .describe_snapshots()
                    .show_detail(true)
                    .max_results(50)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        Ok((page.snapshots.unwrap_or_default(), page.next_token))
    })
    .await;
    let snapshots = match snapshots {
        Ok(snapshots) => snapshots,
        Err(error) => return Part::failed(error),
    };
    let mut part = Part::default();
    for snapshot in &snapshots {
        match point(access, snapshot) {
            Ok(point) => part.items.push(point),
            Err(error) => {
                part.error.get_or_insert(error);
            }
        }
    }
    part
}

fn point(access: &Access, snapshot: &Snapshot) -> Result<RecoveryPoint, CloudError> {
    let incomplete = |what: &str| {
        let name = snapshot.name().unwrap_or("without a name");
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            format!("AWS does not tell the {what} of the snapshot {name}"),
        )
    };
    let cluster = snapshot
        .cluster_configuration()
        .ok_or_else(|| incomplete("cluster"))?;
    let name = cluster.name().ok_or_else(|| incomplete("cluster"))?;
    // A snapshot is as old as its oldest shard.
    let created_at = cluster
        .shards()
        .iter()
        .filter_map(|s| convert::moment(s.snapshot_creation_time()))
        .min()
        .ok_or_else(|| incomplete("time"))?;
    // MemoryDB words its statuses in small letters.
    let status = snapshot.status().unwrap_or_default().to_uppercase();
    Ok(RecoveryPoint {
        arn: convert::arn(snapshot.arn()).ok_or_else(|| incomplete("ARN"))?,
        resource_arn: access.arn("memorydb", &format!("cluster/{name}"))?,
        resource_type: ResourceType::MemoryDb,
        account: access.account.clone(),
        region: access.region.clone(),
        vault: None,
        source: PointSource::MemoryDbSnapshot,
        completed_at: (status == "AVAILABLE").then_some(created_at),
        status,
        status_message: None,
        created_at,
        size_bytes: None,
        tier: Tier::Warm,
        cold_at: None,
        delete_at: None,
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: None,
        rule_id: None,
    })
}
