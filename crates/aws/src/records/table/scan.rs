use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use tidemark_records::ports::{PortError, ScanPage, ScanRequest};

use super::{DynamoTable, capacity::milli};
use crate::records::{
    caller::{invalid, unexpected},
    wire::{item_text, read_item},
};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::Scan;

/// A page of `Scan`.
pub(super) async fn scan(
    table: &DynamoTable,
    request: &ScanRequest,
) -> Result<ScanPage, PortError> {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let start = request
        .start
        .as_deref()
        .map(read_item)
        .transpose()
        .map_err(|what| invalid(OPERATION, &table.name, what))?;
    let answer = table
        .client
        .scan()
        .table_name(&table.name)
        .segment(number(request.segment))
        .total_segments(number(request.total_segments))
        .set_exclusive_start_key(start)
        .set_limit(request.limit.map(number))
        .consistent_read(request.consistent)
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &table.name, error))?;
    let bad = |what: String| unexpected(OPERATION, &table.name, what);
    Ok(ScanPage {
        capacity_milli: milli(answer.consumed_capacity.as_ref()),
        items: answer
            .items
            .unwrap_or_default()
            .iter()
            .map(item_text)
            .collect::<Result<_, _>>()
            .map_err(bad)?,
        next: answer
            .last_evaluated_key
            .filter(|key| !key.is_empty())
            .map(|key| item_text(&key))
            .transpose()
            .map_err(bad)?,
    })
}
