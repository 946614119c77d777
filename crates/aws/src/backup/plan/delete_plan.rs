use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// `DeleteBackupPlan`. One that is gone is no error.
pub(crate) async fn delete_plan(access: &Access, id: &str) -> Result<(), CloudError> {
    let deleted = access
        .call(Call::DeleteBackupPlan, || {
            access
                .clients
                .backup()
                .delete_backup_plan()
                .backup_plan_id(id)
                .send()
        })
        .await;
    match deleted {
        Err(error) if error.kind != CloudErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
