use tidemark_services::{calls::Call, ports::CloudError};

use crate::access::Access;

/// `StopBackupJob`.
pub(crate) async fn stop_backup(access: &Access, job_id: &str) -> Result<(), CloudError> {
    access
        .call(Call::StopBackupJob, || {
            access
                .clients
                .backup()
                .stop_backup_job()
                .backup_job_id(job_id)
                .send()
        })
        .await
        .map(|_| ())
}
