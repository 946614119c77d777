use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart, EncodingType,
};
use bytes::Bytes;
use tidemark_dumps::{StoreError, StoreErrorKind, Upload};
use tidemark_services::calls::Call;

use super::{MARK, S3Dumps, bare, local};
use crate::{convert, records::decoded};

/// Every upload that was begun, of keys that begin so.
pub(super) async fn list(dumps: &S3Dumps, prefix: &str) -> Result<Vec<Upload>, StoreError> {
    let mut uploads = Vec::new();
    let (mut key, mut id) = (None, None);
    loop {
        let answer = dumps
            .client
            .list_multipart_uploads()
            .bucket(&dumps.bucket)
            .prefix(prefix)
            .set_key_marker(key.clone())
            .set_upload_id_marker(id)
            .encoding_type(EncodingType::Url)
            .send()
            .await
            .map_err(|error| dumps.error(Call::ListMultipartUploads, prefix, error))?;
        let encoding = answer.encoding_type.clone();
        for upload in answer.uploads.unwrap_or_default() {
            let key = decoded(&upload.key.unwrap_or_default(), encoding.as_ref());
            if let Some(id) = upload.upload_id
                && key.starts_with(prefix)
            {
                let begun = convert::moment(upload.initiated.as_ref());
                uploads.push(Upload { key, id, begun });
            }
        }
        let next = answer
            .next_key_marker
            .map(|key| decoded(&key, encoding.as_ref()));
        if answer.is_truncated != Some(true) || next == key {
            return Ok(uploads);
        }
        (key, id) = (next, answer.next_upload_id_marker);
    }
}

/// S3 compares a checksum of each part, which the SDK makes.
pub(super) async fn begin(dumps: &S3Dumps, key: &str) -> Result<String, StoreError> {
    let call = Call::CreateMultipartUpload;
    let answer = dumps
        .client
        .create_multipart_upload()
        .bucket(&dumps.bucket)
        .key(key)
        .metadata(MARK, "1")
        .content_type("application/octet-stream")
        .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
        .checksum_type(ChecksumType::FullObject)
        .send()
        .await
        .map_err(|error| dumps.error(call, key, error))?;
    answer.upload_id.ok_or_else(|| {
        local(
            StoreErrorKind::Other,
            call,
            key,
            "the answer names no upload",
        )
    })
}

pub(super) async fn part(
    dumps: &S3Dumps,
    key: &str,
    upload: &str,
    number: i32,
    body: Bytes,
) -> Result<String, StoreError> {
    let call = Call::UploadPart;
    let answer = dumps
        .client
        .upload_part()
        .bucket(&dumps.bucket)
        .key(key)
        .upload_id(upload)
        .part_number(number)
        .checksum_algorithm(ChecksumAlgorithm::Crc64Nvme)
        .body(body.into())
        .send()
        .await
        .map_err(|error| dumps.error(call, key, error))?;
    bare(answer.e_tag, call, key)
}

pub(super) async fn complete(
    dumps: &S3Dumps,
    key: &str,
    upload: &str,
    parts: &[(i32, String)],
    replaces: Option<&str>,
) -> Result<String, StoreError> {
    let call = Call::CompleteMultipartUpload;
    let parts = parts
        .iter()
        .map(|(number, etag)| {
            CompletedPart::builder()
                .part_number(*number)
                .e_tag(format!("\"{etag}\""))
                .build()
        })
        .collect();
    let parts = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    let answer = dumps
        .client
        .complete_multipart_upload()
        .bucket(&dumps.bucket)
        .key(key)
        .upload_id(upload)
        .set_if_none_match(replaces.is_none().then(|| "*".to_owned()))
        .set_if_match(replaces.map(|etag| format!("\"{etag}\"")))
        .multipart_upload(parts)
        .send()
        .await
        .map_err(|error| dumps.error(call, key, error))?;
    bare(answer.e_tag, call, key)
}

/// An upload that is gone needs no end.
pub(super) async fn abort(dumps: &S3Dumps, key: &str, upload: &str) -> Result<(), StoreError> {
    let answer = dumps
        .client
        .abort_multipart_upload()
        .bucket(&dumps.bucket)
        .key(key)
        .upload_id(upload)
        .send()
        .await
        .map_err(|error| dumps.error(Call::AbortMultipartUpload, key, error));
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.code.as_deref() == Some("NoSuchUpload") => Ok(()),
        Err(error) => Err(error),
    }
}
