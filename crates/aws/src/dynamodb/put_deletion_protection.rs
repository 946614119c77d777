use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `UpdateTable` with `DeletionProtectionEnabled`. Repeating it changes nothing.
pub(crate) async fn put_deletion_protection(
    access: &Access,
    table: &str,
    on: bool,
) -> Result<(), CloudError> {
    access
        .call(Call::UpdateTable, || {
            access
                .clients
                .dynamodb()
                .update_table()
                .table_name(table)
                .deletion_protection_enabled(on)
                .send()
        })
        .await
        .map(|_| ())
}
