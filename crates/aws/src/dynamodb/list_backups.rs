use aws_sdk_dynamodb::types::{BackupSummary, BackupTypeFilter};
use tidemark_domain::{PointSource, RecoveryPoint, ResourceType, Tier};
use tidemark_services::{calls::Call, ports::CloudError};

use crate::{
    access::{Access, pages},
    convert,
};

/// DynamoDB's own backups, on demand and of deleted tables (`ListBackups`, `USER` and `SYSTEM`). Those
/// that AWS Backup made are found in its vaults.
pub(crate) async fn list_backups(access: &Access) -> Result<Vec<RecoveryPoint>, CloudError> {
    let (mut points, system) = futures::try_join!(
        of_type(access, &BackupTypeFilter::User, PointSource::DynamoDbBackup),
        of_type(
            access,
            &BackupTypeFilter::System,
            PointSource::DynamoDbSystem
        )
    )?;
    points.extend(system);
    Ok(points)
}

async fn of_type(
    access: &Access,
    filter: &BackupTypeFilter,
    source: PointSource,
) -> Result<Vec<RecoveryPoint>, CloudError> {
    pages(async |token| {
        let page = access
            .read(Call::DynamoDbListBackups, || {
                access
                    .clients
                    .dynamodb()
                    .list_backups()
                    .backup_type(filter.clone())
                    .limit(100)
                    .set_exclusive_start_backup_arn(token.clone())
                    .send()
            })
            .await?;
        let points = page
            .backup_summaries()
            .iter()
            // An endpoint that does not know the filter would show each backup twice.
            .filter(|b| {
                b.backup_type()
                    .is_none_or(|t| t.as_str() == filter.as_str())
            })
            .filter_map(|b| point(access, source, b))
            .collect();
        Ok((points, page.last_evaluated_backup_arn))
    })
    .await
}

fn point(access: &Access, source: PointSource, backup: &BackupSummary) -> Option<RecoveryPoint> {
    let created_at = convert::moment(backup.backup_creation_date_time())?;
    let status = backup.backup_status().map_or("", |s| s.as_str());
    Some(RecoveryPoint {
        arn: convert::arn(backup.backup_arn())?,
        resource_arn: convert::arn(backup.table_arn())?,
        resource_type: ResourceType::DynamoDb,
        account: access.account.clone(),
        region: access.region.clone(),
        vault: None,
        source,
        status: status.to_owned(),
        status_message: None,
        created_at,
        completed_at: (status == "AVAILABLE").then_some(created_at),
        size_bytes: convert::bytes(backup.backup_size_bytes()),
        tier: Tier::Warm,
        cold_at: None,
        delete_at: convert::moment(backup.backup_expiry_date_time()),
        locked: false,
        held: false,
        copied_from: None,
        copied_from_vault: None,
        parent: None,
        plan_id: None,
        rule_id: None,
    })
}
