use bytes::Bytes;
use tidemark_records::ports::{Expected, PortError};

use super::{DynamoTable, condition::Condition, start_of};
use crate::records::{caller::invalid, wire::read_item};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::PutItem;

/// `PutItem` under the condition that the table holds what is expected.
pub(super) async fn put_if(
    table: &DynamoTable,
    item: &Bytes,
    expected: &Expected,
) -> Result<(), PortError> {
    let subject = start_of(item);
    let bad = |what: String| invalid(OPERATION, &subject, what);
    let item = read_item(item).map_err(bad)?;
    let condition = Condition::new(table.key().await?, expected, Some(&item)).map_err(bad)?;
    table
        .client
        .put_item()
        .table_name(&table.name)
        .set_item(Some(item))
        .condition_expression(&condition.expression)
        .set_expression_attribute_values(condition.values())
        .set_expression_attribute_names(Some(condition.names))
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &subject, error))?;
    Ok(())
}
