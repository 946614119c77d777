use aws_sdk_dynamodb::types::{StreamSpecification, StreamViewType};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::describe;
use crate::access::Access;

const OPERATION: Call = Call::UpdateTable;

/// `UpdateTable` with a stream of this view type. Succeeds when the table has it already, though
/// DynamoDB refuses to enable an enabled stream.
pub(crate) async fn put_stream(access: &Access, table: &str, view: &str) -> Result<(), CloudError> {
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::from(view))
        .build()
        .map_err(|e| CloudError::local(CloudErrorKind::Invalid, OPERATION, e.to_string()))?;
    let answer = access
        .call(OPERATION, || {
            access
                .clients
                .dynamodb()
                .update_table()
                .table_name(table)
                .stream_specification(stream.clone())
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
    let present = describe(access, table)
        .await?
        .and_then(|t| t.stream_specification);
    let so_already = present.is_some_and(|s| {
        s.stream_enabled() && s.stream_view_type().is_some_and(|v| v.as_str() == view)
    });
    if so_already { Ok(()) } else { Err(error) }
}
