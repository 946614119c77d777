use aws_sdk_dynamodb::types::StreamSpecification;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::describe;
use crate::access::Access;

const OPERATION: Call = Call::UpdateTable;

/// `UpdateTable` without a stream. Succeeds when the table has none.
pub(crate) async fn remove_stream(access: &Access, table: &str) -> Result<(), CloudError> {
    let present = describe(access, table)
        .await?
        .and_then(|t| t.stream_specification);
    if !present.is_some_and(|stream| stream.stream_enabled()) {
        return Ok(());
    }
    let none = StreamSpecification::builder()
        .stream_enabled(false)
        .build()
        .map_err(|e| CloudError::local(CloudErrorKind::Invalid, OPERATION, e.to_string()))?;
    access
        .call(OPERATION, || {
            access
                .clients
                .dynamodb()
                .update_table()
                .table_name(table)
                .stream_specification(none.clone())
                .send()
        })
        .await?;
    Ok(())
}
