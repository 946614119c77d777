use tidemark_services::ports::CloudError;

use crate::access::Access;

/// `StopBackupJob`.
pub(crate) async fn stop_backup(access: &Access, job_id: &str) -> Result<(), CloudError> {
    access
        .call("backup:StopBackupJob", || {
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
