use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tidemark_records::ports::{PortError, Stored};

use super::S3Store;
use crate::records::caller::unexpected;
use tidemark_services::calls::Call;

const OPERATION: Call = Call::CopyObject;

/// What stays as it is in the header that names the source.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// `CopyObject` within the bucket.
pub(super) async fn copy(
    store: &S3Store,
    from: &str,
    version: Option<&str>,
    to: &str,
) -> Result<Stored, PortError> {
    let mut source = format!("{}/{}", store.bucket, utf8_percent_encode(from, PLAIN));
    if let Some(version) = version {
        source.push_str("?versionId=");
        source.extend(utf8_percent_encode(version, PLAIN));
    }
    let answer = store
        .client
        .copy_object()
        .bucket(&store.bucket)
        .key(to)
        .copy_source(source)
        .send()
        .await
        .map_err(|error| store.caller.error(OPERATION, from, error))?;
    Ok(Stored {
        etag: answer
            .copy_object_result
            .and_then(|result| result.e_tag)
            .ok_or_else(|| unexpected(OPERATION, to, "the answer has no entity tag"))?,
        version: answer.version_id,
    })
}
