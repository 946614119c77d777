use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, CopyJobState},
};

use crate::{access::Access, convert};

const OPERATION: Call = Call::DescribeCopyJob;

/// `DescribeCopyJob`.
pub(super) async fn copy_job(access: &Access, job_id: &str) -> Result<CopyJobState, CloudError> {
    let answer = access
        .read(OPERATION, || {
            access
                .clients
                .backup()
                .describe_copy_job()
                .copy_job_id(job_id)
                .send()
        })
        .await?;
    let job = answer.copy_job.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            OPERATION,
            "the answer holds no job",
        )
    })?;
    Ok(CopyJobState {
        status: job.state().map_or("", |s| s.as_str()).to_owned(),
        message: job.status_message().map(str::to_owned),
        copy: convert::arn(job.destination_recovery_point_arn()),
    })
}
