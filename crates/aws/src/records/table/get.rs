use bytes::Bytes;
use tidemark_records::ports::PortError;

use super::{DynamoTable, start_of};
use crate::records::{
    caller::{invalid, unexpected},
    wire::{item_text, read_item},
};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::GetItem;

/// `GetItem`, strongly consistent.
pub(super) async fn get(table: &DynamoTable, key: &Bytes) -> Result<Option<Bytes>, PortError> {
    let subject = start_of(key);
    let key = read_item(key).map_err(|what| invalid(OPERATION, &subject, what))?;
    let answer = table
        .client
        .get_item()
        .table_name(&table.name)
        .set_key(Some(key))
        .consistent_read(true)
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &subject, error))?;
    answer
        .item
        .map(|item| item_text(&item))
        .transpose()
        .map_err(|what| unexpected(OPERATION, &subject, what))
}
