use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, ReturnConsumedCapacity, WriteRequest};
use tidemark_records::ports::{BatchWritten, PortError, TableWrite};

use super::{DynamoTable, capacity::milli, start_of};
use crate::records::{
    caller::{invalid, unexpected},
    wire::{item_text, read_item},
};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::BatchWriteItem;

/// `BatchWriteItem`.
pub(super) async fn batch_write(
    table: &DynamoTable,
    writes: &[TableWrite],
) -> Result<BatchWritten, PortError> {
    if writes.is_empty() {
        return Ok(BatchWritten::default());
    }
    let requests = writes.iter().map(request).collect::<Result<Vec<_>, _>>()?;
    let answer = table
        .client
        .batch_write_item()
        .request_items(&table.name, requests)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &table.name, error))?;
    let unprocessed = answer
        .unprocessed_items
        .unwrap_or_default()
        .into_values()
        .flatten()
        .map(|request| write(&request).map_err(|what| unexpected(OPERATION, &table.name, what)))
        .collect::<Result<_, _>>()?;
    Ok(BatchWritten {
        unprocessed,
        capacity_milli: answer
            .consumed_capacity
            .unwrap_or_default()
            .iter()
            .map(|consumed| milli(Some(consumed)))
            .sum(),
    })
}

fn request(write: &TableWrite) -> Result<WriteRequest, PortError> {
    let (TableWrite::Put(text) | TableWrite::Delete(text)) = write;
    let bad = |what: String| invalid(OPERATION, &start_of(text), what);
    let attributes = read_item(text).map_err(bad)?;
    let request = WriteRequest::builder();
    Ok(match write {
        TableWrite::Put(_) => request.put_request(
            PutRequest::builder()
                .set_item(Some(attributes))
                .build()
                .map_err(|error| bad(error.to_string()))?,
        ),
        TableWrite::Delete(_) => request.delete_request(
            DeleteRequest::builder()
                .set_key(Some(attributes))
                .build()
                .map_err(|error| bad(error.to_string()))?,
        ),
    }
    .build())
}

fn write(request: &WriteRequest) -> Result<TableWrite, String> {
    match (request.put_request(), request.delete_request()) {
        (Some(put), None) => Ok(TableWrite::Put(item_text(put.item())?)),
        (None, Some(delete)) => Ok(TableWrite::Delete(item_text(delete.key())?)),
        _ => Err("an unprocessed write is neither put nor delete".to_owned()),
    }
}
