use std::time::Duration;

use aws_sdk_dynamodb::types::{TableStatus, Tag};
use tidemark_records::ports::{MADE_FOR, PortError, PortErrorKind, TableDescription};

use super::{DynamoTable, describe::sdk, shape::Shape};
use crate::records::caller::invalid;
use tidemark_services::calls::Call;

const OPERATION: Call = Call::CreateTable;
/// Looks at a table that is being made, and the pause between two: half an hour, since indexes
/// take their time.
const LOOKS: u32 = 900;
const PAUSE: Duration = Duration::from_secs(2);

/// `CreateTable`, and waits until the table can be used.
pub(super) async fn create(
    table: &DynamoTable,
    like: &TableDescription,
    made_for: &str,
) -> Result<(), PortError> {
    let mark = Tag::builder().key(MADE_FOR).value(made_for).build();
    let mark = mark.map_err(|error| invalid(OPERATION, &table.name, error))?;
    let shape = Shape::of(like).map_err(|error| invalid(OPERATION, &table.name, error))?;
    table
        .client
        .create_table()
        .table_name(&table.name)
        .set_key_schema(Some(shape.keys))
        .set_attribute_definitions(Some(shape.attributes))
        .billing_mode(shape.billing)
        .set_provisioned_throughput(shape.throughput)
        .set_global_secondary_indexes(shape.globals)
        .set_local_secondary_indexes(shape.locals)
        .set_sse_specification(shape.encryption)
        .set_table_class(shape.class)
        .tags(mark)
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &table.name, error))?;
    wait_until_active(table).await
}

/// Looks until the table is active.
pub(super) async fn wait_until_active(table: &DynamoTable) -> Result<(), PortError> {
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        match sdk(table).await {
            Ok(described) if described.table_status() == Some(&TableStatus::Active) => {
                return Ok(());
            }
            Ok(_) => {}
            // A new table is not known everywhere at once.
            Err(error) if error.kind == PortErrorKind::NotFound && look < 30 => {}
            Err(error) => return Err(error),
        }
    }
    Err(PortError::new(
        PortErrorKind::Unavailable,
        OPERATION,
        &table.name,
        "the table is still not active",
    ))
}
