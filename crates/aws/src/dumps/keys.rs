use aws_sdk_s3::types::EncodingType;
use tidemark_dumps::{Keys, StoreError};
use tidemark_services::calls::Call;

use super::S3Dumps;
use crate::records::decoded;

/// A page of the keys that begin so.
pub(super) async fn keys(
    dumps: &S3Dumps,
    prefix: &str,
    page: Option<&str>,
) -> Result<Keys, StoreError> {
    let answer = dumps
        .client
        .list_objects_v2()
        .bucket(&dumps.bucket)
        .prefix(prefix)
        .set_continuation_token(page.map(str::to_owned))
        .encoding_type(EncodingType::Url)
        .send()
        .await
        .map_err(|error| dumps.error(Call::ListObjectsV2, prefix, error))?;
    let encoding = answer.encoding_type.clone();
    Ok(Keys {
        keys: answer
            .contents
            .unwrap_or_default()
            .into_iter()
            .map(|object| decoded(&object.key.unwrap_or_default(), encoding.as_ref()))
            .collect(),
        next: answer.next_continuation_token,
    })
}
