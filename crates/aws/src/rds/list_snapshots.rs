use jiff::Timestamp;
use tidemark_domain::{Arn, PointSource, RecoveryPoint, ResourceType, Tier};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{
    access::{Access, pages},
    convert,
};

/// Snapshots that people made; those of AWS Backup are recovery points, and automated ones are the
/// database's point-in-time window.
const MANUAL: &str = "manual";

/// Every database snapshot of the Region that was made by hand (`DescribeDBSnapshots`).
pub(crate) async fn list_snapshots(access: &Access) -> Result<Vec<RecoveryPoint>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeDbSnapshots, || {
                access
                    .clients
                    .rds()
                    .describe_db_snapshots()
                    .snapshot_type(MANUAL)
                    .max_records(100)
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        let points = page
            .db_snapshots()
            .iter()
            .filter(|s| s.snapshot_type().is_none_or(|kind| kind == MANUAL))
            .filter_map(|s| {
                let name = s.db_instance_identifier()?;
                let told = Told {
                    arn: convert::arn(s.db_snapshot_arn())?,
                    resource: access.arn("rds", &format!("db:{name}")).ok()?,
                    kind: ResourceType::Rds,
                    status: s.status().unwrap_or_default(),
                    made: convert::moment(s.snapshot_create_time())?,
                    size: convert::gibibytes(s.allocated_storage()),
                };
                Some(told.point(access))
            })
            .collect();
        Ok((points, page.marker))
    })
    .await
}

/// Every snapshot of an Aurora cluster that was made by hand (`DescribeDBClusterSnapshots`).
pub(crate) async fn list_cluster_snapshots(
    access: &Access,
) -> Result<Vec<RecoveryPoint>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DescribeDbClusterSnapshots, || {
                access
                    .clients
                    .rds()
                    .describe_db_cluster_snapshots()
                    .snapshot_type(MANUAL)
                    .max_records(100)
                    .set_marker(token.clone())
                    .send()
            })
            .await?;
        let points = page
            .db_cluster_snapshots()
            .iter()
            // RDS lists the snapshots of Neptune and DocumentDB, too.
            .filter(|s| s.engine().is_none_or(|engine| engine.starts_with("aurora")))
            .filter(|s| s.snapshot_type().is_none_or(|kind| kind == MANUAL))
            .filter_map(|s| {
                let name = s.db_cluster_identifier()?;
                let told = Told {
                    arn: convert::arn(s.db_cluster_snapshot_arn())?,
                    resource: access.arn("rds", &format!("cluster:{name}")).ok()?,
                    kind: ResourceType::Aurora,
                    status: s.status().unwrap_or_default(),
                    made: convert::moment(s.snapshot_create_time())?,
                    size: convert::gibibytes(s.allocated_storage()),
                };
                Some(told.point(access))
            })
            .collect();
        Ok((points, page.marker))
    })
    .await
}

/// What RDS tells of a snapshot.
struct Told<'a> {
    arn: Arn,
    resource: Arn,
    kind: ResourceType,
    status: &'a str,
    made: Timestamp,
    size: Option<u64>,
}

impl Told<'_> {
    fn point(self, access: &Access) -> RecoveryPoint {
        // RDS words its statuses in small letters.
        let status = self.status.to_uppercase();
        RecoveryPoint {
            arn: self.arn,
            resource_arn: self.resource,
            resource_type: self.kind,
            account: access.account.clone(),
            region: access.region.clone(),
            vault: None,
            source: PointSource::RdsSnapshot,
            completed_at: (status == "AVAILABLE").then_some(self.made),
            status,
            status_message: None,
            created_at: self.made,
            size_bytes: self.size,
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
        }
    }
}
