use tidemark_services::{
    calls::Call,
    ports::{BackupJobState, CloudError},
};

use crate::{access::Access, convert};

/// `DescribeBackupJob`.
pub(crate) async fn backup_job(
    access: &Access,
    job_id: &str,
) -> Result<BackupJobState, CloudError> {
    let job = access
        .read(Call::DescribeBackupJob, || {
            access
                .clients
                .backup()
                .describe_backup_job()
                .backup_job_id(job_id)
                .send()
        })
        .await?;
    Ok(BackupJobState {
        status: job.state().map_or("", |s| s.as_str()).to_owned(),
        message: job.status_message().map(str::to_owned),
        percent: convert::percent(job.percent_done()),
        recovery_point: convert::arn(job.recovery_point_arn()),
        bytes: job.bytes_transferred().or(job.backup_size_in_bytes()),
    })
}
