use aws_sdk_dynamodb::types::TableStatus as SdkStatus;
use tidemark_services::ports::{
    CloudError, CloudErrorKind, TableDescription, TableIdentity, TableStatus,
};

use super::{describe, recovery, window};
use crate::{access::Access, convert};

/// `DescribeTable` and `DescribeContinuousBackups`; none when there is no such table.
pub(crate) async fn table(
    access: &Access,
    name: &str,
) -> Result<Option<TableDescription>, CloudError> {
    let Some(table) = describe(access, name).await? else {
        return Ok(None);
    };
    let status = match table.table_status() {
        Some(SdkStatus::Active) => TableStatus::Active,
        Some(SdkStatus::Deleting) => TableStatus::Deleting,
        other => TableStatus::Busy(other.map_or("UNKNOWN", |s| s.as_str()).to_owned()),
    };
    // A table that is not active may have no continuous backups to describe yet.
    let pitr = match recovery(access, name).await {
        Ok(recovery) => window(recovery.as_ref()),
        Err(error) if status == TableStatus::Active => {
            if error.kind == CloudErrorKind::NotFound {
                return Ok(None);
            }
            return Err(error);
        }
        Err(error) if error.kind == CloudErrorKind::Denied => return Err(error),
        Err(_) => None,
    };
    Ok(Some(TableDescription {
        arn: convert::arn(table.table_arn())
            .map_or_else(|| access.arn("dynamodb", &format!("table/{name}")), Ok)?,
        identity: TableIdentity {
            id: table.table_id().map(str::to_owned),
            created_at: convert::moment(table.creation_date_time()),
        },
        status,
        items: table.item_count().unwrap_or_default(),
        bytes: table.table_size_bytes().unwrap_or_default(),
        pitr,
        restored_from: table.restore_summary().and_then(|summary| {
            Some((
                convert::arn(summary.source_table_arn()),
                convert::arn(summary.source_backup_arn()),
                convert::timestamp(summary.restore_date_time())?,
            ))
        }),
    }))
}
