use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind},
};

use crate::{access::Access, convert};

/// `GetObject` of a small object.
pub(super) async fn read(
    access: &Access,
    bucket: &str,
    key: &str,
    most: u64,
) -> Result<Vec<u8>, CloudError> {
    let operation = Call::GetObject;
    let answer = access
        .read(operation, || {
            access
                .clients
                .s3()
                .get_object()
                .bucket(bucket)
                .key(key)
                .send()
        })
        .await?;
    let too_long = || {
        CloudError::local(
            CloudErrorKind::Invalid,
            operation,
            format!("{key} has more than {most} bytes"),
        )
    };
    // Nothing is read of what is too long by its own account.
    if convert::bytes(answer.content_length).is_some_and(|length| length > most) {
        return Err(too_long());
    }
    let mut body = answer.body;
    let mut content = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| {
            CloudError::local(CloudErrorKind::Unavailable, operation, error.to_string())
        })?;
        content.extend_from_slice(&chunk);
        if u64::try_from(content.len()).unwrap_or(u64::MAX) > most {
            return Err(too_long());
        }
    }
    Ok(content)
}
