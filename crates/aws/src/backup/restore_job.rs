use tidemark_services::{
    calls::Call,
    ports::{CloudError, RestoreJobState},
};

use crate::{access::Access, convert};

/// `DescribeRestoreJob`.
pub(crate) async fn restore_job(
    access: &Access,
    job_id: &str,
) -> Result<RestoreJobState, CloudError> {
    let job = access
        .read(Call::DescribeRestoreJob, || {
            access
                .clients
                .backup()
                .describe_restore_job()
                .restore_job_id(job_id)
                .send()
        })
        .await?;
    Ok(RestoreJobState {
        status: job.status().map_or("", |s| s.as_str()).to_owned(),
        message: job.status_message().map(str::to_owned),
        percent: convert::percent(job.percent_done()),
        created: convert::arn(job.created_resource_arn()),
        completed_at: convert::moment(job.completion_date()),
    })
}
