use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::access::Access;

/// `DeleteBackupSelection`. One that is gone is no error.
pub(crate) async fn delete_selection(
    access: &Access,
    plan_id: &str,
    id: &str,
) -> Result<(), CloudError> {
    let deleted = access
        .call(Call::DeleteBackupSelection, || {
            access
                .clients
                .backup()
                .delete_backup_selection()
                .backup_plan_id(plan_id)
                .selection_id(id)
                .send()
        })
        .await;
    match deleted {
        Err(error) if error.kind != CloudErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
