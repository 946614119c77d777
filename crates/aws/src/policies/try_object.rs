use aws_sdk_s3::primitives::ByteStream;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, Target, Trial, Tried},
};

use crate::{ClientFactory, access::Access};

/// What the object holds: enough to be told what it is, should anybody find it.
const CONTENT: &[u8] = b"Put by Tidemark to prove access; it is taken away again at once.\n";

/// Assumes the role with the credentials of the target, puts an object and gets it back.
pub(super) async fn try_object(
    factory: &ClientFactory,
    target: &Target,
    trial: &Trial,
) -> Result<Tried, CloudError> {
    let access = match factory.open_by_way_of(target, trial).await {
        Ok(access) => access,
        Err(error) if error.kind == CloudErrorKind::Denied => {
            return Ok(Tried::NotAssumed { why: error.message });
        }
        Err(error) => return Err(error),
    };
    let put = refusal(put(&access, trial).await)?;
    let get = refusal(get(&access, trial).await)?;
    Ok(Tried::As { put, get })
}

/// What S3 says against it; what may pass is no answer.
fn refusal(answer: Result<(), CloudError>) -> Result<Option<String>, CloudError> {
    match answer {
        Ok(()) => Ok(None),
        Err(error) if error.is_retryable() || error.kind == CloudErrorKind::Unexpected => {
            Err(error)
        }
        Err(error) => Ok(Some(error.message)),
    }
}

async fn put(access: &Access, trial: &Trial) -> Result<(), CloudError> {
    access
        .call(Call::PutObject, || {
            access
                .clients
                .s3()
                .put_object()
                .bucket(&trial.bucket)
                .key(&trial.key)
                .body(ByteStream::from_static(CONTENT))
                .send()
        })
        .await
        .map(drop)
}

async fn get(access: &Access, trial: &Trial) -> Result<(), CloudError> {
    access
        .call(Call::GetObject, || {
            access
                .clients
                .s3()
                .get_object()
                .bucket(&trial.bucket)
                .key(&trial.key)
                .send()
        })
        .await
        .map(drop)
}
