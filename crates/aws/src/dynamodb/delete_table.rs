use aws_sdk_dynamodb::types::TableStatus;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use super::describe;
use crate::access::Access;

/// `DeleteTable`. Succeeds when the table is gone already or on its way.
pub(crate) async fn delete_table(access: &Access, table: &str) -> Result<(), CloudError> {
    let answer = access
        .call(Call::DeleteTable, || {
            access
                .clients
                .dynamodb()
                .delete_table()
                .table_name(table)
                .send()
        })
        .await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.kind == CloudErrorKind::NotFound => Ok(()),
        Err(error) if error.kind == CloudErrorKind::Conflict => {
            let status = describe(access, table).await?.and_then(|t| t.table_status);
            match status {
                None | Some(TableStatus::Deleting) => Ok(()),
                Some(_) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}
