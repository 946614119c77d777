use aws_sdk_dynamodb::types::PointInTimeRecoverySpecification;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

const OPERATION: Call = Call::UpdateContinuousBackups;

/// `UpdateContinuousBackups` with a recovery period in days. Repeating it changes nothing.
pub(crate) async fn put_point_in_time_recovery(
    access: &Access,
    table: &str,
    days: i32,
) -> Result<(), CloudError> {
    let specification = PointInTimeRecoverySpecification::builder()
        .point_in_time_recovery_enabled(true)
        .recovery_period_in_days(days)
        .build()
        .map_err(|e| CloudError::local(CloudErrorKind::Invalid, OPERATION, e.to_string()))?;
    access
        .call(OPERATION, || {
            access
                .clients
                .dynamodb()
                .update_continuous_backups()
                .table_name(table)
                .point_in_time_recovery_specification(specification.clone())
                .send()
        })
        .await
        .map(|_| ())
}
