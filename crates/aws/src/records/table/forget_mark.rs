use tidemark_records::ports::{MADE_FOR, PortError};

use super::{DynamoTable, describe::sdk};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::DynamoDbUntagResource;

/// `UntagResource` of the mark that the table was made with.
pub(super) async fn forget_mark(table: &DynamoTable) -> Result<(), PortError> {
    let described = sdk(table).await?;
    table
        .client
        .untag_resource()
        .resource_arn(described.table_arn().unwrap_or_default())
        .tag_keys(MADE_FOR)
        .send()
        .await
        .map(|_| ())
        .map_err(|error| table.caller.error(OPERATION, &table.name, error))
}
