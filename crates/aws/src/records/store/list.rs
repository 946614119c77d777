use aws_sdk_s3::types::EncodingType;
use tidemark_records::ports::{Listed, ObjectPage, PortError};

use super::{S3Store, names::decoded};
use crate::{convert, records::caller::unexpected};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::ListObjectsV2;

/// A page of `ListObjectsV2`; `after` is its continuation token.
pub(super) async fn list(
    store: &S3Store,
    prefix: &str,
    after: Option<&str>,
) -> Result<ObjectPage, PortError> {
    let answer = store
        .client
        .list_objects_v2()
        .bucket(&store.bucket)
        .prefix(prefix)
        .encoding_type(EncodingType::Url)
        .set_continuation_token(after.map(str::to_owned))
        .send()
        .await
        .map_err(|error| store.caller.error(OPERATION, prefix, error))?;
    let encoding = answer.encoding_type.as_ref();
    let objects = answer
        .contents
        .unwrap_or_default()
        .into_iter()
        .map(|object| {
            let name = decoded(object.key.as_deref().unwrap_or_default(), encoding);
            Ok(Listed {
                etag: object.e_tag.unwrap_or_default(),
                modified: convert::moment(object.last_modified.as_ref())
                    .ok_or_else(|| unexpected(OPERATION, &name, "the object has no time"))?,
                size: convert::bytes(object.size).unwrap_or_default(),
                name,
            })
        })
        .collect::<Result<_, PortError>>()?;
    Ok(ObjectPage {
        objects,
        next: answer
            .next_continuation_token
            .filter(|_| answer.is_truncated == Some(true)),
    })
}
