use aws_sdk_ec2::types::{Snapshot, SnapshotState};
use tidemark_domain::{Arn, PointSource, RecoveryPoint, ResourceType, Tier};
use tidemark_services::{calls::Call, ports::CloudError};

use super::tags;
use crate::{
    access::{Access, pages},
    convert,
};

/// Snapshots of which AWS Backup keeps recovery points carry tags of this kind.
const AWS_BACKUP: &str = "aws:backup:";

/// The volume of snapshots that were copied, which have none (EC2 guide, copy a snapshot).
const NO_VOLUME: &str = "vol-ffffffff";

/// Every snapshot of the account that was made outside AWS Backup (`DescribeSnapshots`).
pub(crate) async fn list_snapshots(access: &Access) -> Result<Vec<RecoveryPoint>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::Ec2DescribeSnapshots, || {
                access
                    .clients
                    .ec2()
                    .describe_snapshots()
                    .owner_ids("self")
                    .max_results(1000)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        let points = page
            .snapshots()
            .iter()
            .filter_map(|snapshot| point(access, snapshot))
            .collect();
        Ok((points, page.next_token))
    })
    .await
}

fn point(access: &Access, snapshot: &Snapshot) -> Option<RecoveryPoint> {
    let by_aws_backup = tags(snapshot.tags())
        .keys()
        .any(|key| key.starts_with(AWS_BACKUP));
    let volume = snapshot.volume_id().filter(|id| *id != NO_VOLUME)?;
    if by_aws_backup {
        return None;
    }
    let id = snapshot.snapshot_id()?;
    let state = snapshot.state();
    let status = match state {
        Some(SnapshotState::Completed) => "COMPLETED".to_owned(),
        Some(SnapshotState::Pending) => "CREATING".to_owned(),
        other => other.map_or("", SnapshotState::as_str).to_uppercase(),
    };
    let archived = snapshot
        .storage_tier()
        .is_some_and(|tier| tier.as_str() == "archive");
    Some(RecoveryPoint {
        // The ARN of a snapshot names no account.
        arn: Arn::parse(format!(
            "arn:{}:ec2:{}::snapshot/{id}",
            access.partition, access.region
        ))
        .ok()?,
        resource_arn: access.arn("ec2", &format!("volume/{volume}")).ok()?,
        resource_type: ResourceType::Ebs,
        account: access.account.clone(),
        region: access.region.clone(),
        vault: None,
        source: PointSource::EbsSnapshot,
        status,
        status_message: snapshot.state_message().map(str::to_owned),
        created_at: convert::moment(snapshot.start_time())?,
        completed_at: convert::moment(snapshot.completion_time()),
        size_bytes: convert::bytes(snapshot.full_snapshot_size_in_bytes())
            .or_else(|| convert::gibibytes(snapshot.volume_size())),
        tier: if archived { Tier::Cold } else { Tier::Warm },
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
