use tidemark_records::ports::{GetObject, Object, ObjectHead, PortError, PortErrorKind};

use super::{S3Store, head::metadata};
use crate::{
    convert,
    records::caller::{invalid, unexpected},
};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::GetObject;

/// `GetObject`, the body read to its end.
pub(super) async fn get(store: &S3Store, request: &GetObject) -> Result<Object, PortError> {
    let name = &request.name;
    let range = match &request.range {
        Some(range) if range.is_empty() => {
            return Err(invalid(OPERATION, name, "the range is empty"));
        }
        range => range
            .as_ref()
            .map(|range| format!("bytes={}-{}", range.start, range.end - 1)),
    };
    let answer = store
        .client
        .get_object()
        .bucket(&store.bucket)
        .key(name)
        .set_version_id(request.version.clone())
        .set_range(range)
        .send()
        .await
        .map_err(|error| store.caller.error(OPERATION, name, error))?;
    let whole = answer
        .content_range()
        .and_then(|range| range.rsplit('/').next()?.parse().ok());
    let head = ObjectHead {
        etag: answer
            .e_tag
            .ok_or_else(|| unexpected(OPERATION, name, "the answer has no entity tag"))?,
        version: answer.version_id,
        modified: convert::moment(answer.last_modified.as_ref())
            .ok_or_else(|| unexpected(OPERATION, name, "the answer has no time"))?,
        size: whole
            .or_else(|| convert::bytes(answer.content_length))
            .unwrap_or_default(),
        metadata: metadata(answer.metadata),
    };
    // The SDK compares what comes with the length and checksum that were promised.
    let body = answer.body.collect().await.map_err(|error| {
        PortError::new(
            PortErrorKind::Unavailable,
            OPERATION,
            name,
            format!("the body broke off: {error}"),
        )
    })?;
    Ok(Object {
        head,
        body: body.into_bytes(),
    })
}
