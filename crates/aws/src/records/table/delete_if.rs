use bytes::Bytes;
use tidemark_records::ports::{Expected, PortError};

use super::{DynamoTable, condition::Condition, start_of};
use crate::records::{caller::invalid, wire::read_item};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::DeleteItem;

/// `DeleteItem` under the condition that the table holds what is expected.
pub(super) async fn delete_if(
    table: &DynamoTable,
    key: &Bytes,
    expected: &Expected,
) -> Result<(), PortError> {
    let subject = start_of(key);
    let bad = |what: String| invalid(OPERATION, &subject, what);
    let key = read_item(key).map_err(bad)?;
    let condition = Condition::new(table.key().await?, expected, None).map_err(bad)?;
    table
        .client
        .delete_item()
        .table_name(&table.name)
        .set_key(Some(key))
        .condition_expression(&condition.expression)
        .set_expression_attribute_values(condition.values())
        .set_expression_attribute_names(Some(condition.names))
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &subject, error))?;
    Ok(())
}
