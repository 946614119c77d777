use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::table_settings::time_to_live;
use crate::access::Access;

const OPERATION: Call = Call::UpdateTimeToLive;

/// `UpdateTimeToLive`. Succeeds when it is on for that attribute already, though DynamoDB refuses to
/// enable what is enabled.
pub(crate) async fn put_time_to_live(
    access: &Access,
    table: &str,
    attribute: &str,
) -> Result<(), CloudError> {
    let specification = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name(attribute)
        .build()
        .map_err(|e| CloudError::local(CloudErrorKind::Invalid, OPERATION, e.to_string()))?;
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .dynamodb()
                .update_time_to_live()
                .table_name(table)
                .time_to_live_specification(specification.clone())
                .send()
        })
        .await;
    let Err(error) = answer else {
        return Ok(());
    };
    if !matches!(
        error.kind,
        CloudErrorKind::Invalid | CloudErrorKind::Conflict
    ) {
        return Err(error);
    }
    let present = time_to_live(access, table).await?;
    if present.as_deref() == Some(attribute) {
        Ok(())
    } else {
        Err(error)
    }
}
