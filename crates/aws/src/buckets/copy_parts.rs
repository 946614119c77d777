use std::fmt::Write as _;

use aws_sdk_s3::{
    operation::head_object::HeadObjectOutput,
    types::{CompletedMultipartUpload, CompletedPart, ObjectLockLegalHoldStatus, ObjectLockMode},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, ObjectCopied, ObjectCopy},
};

use super::{
    bare,
    copy::{class, source},
    head::found,
};
use crate::{access::Access, convert};

/// Parts of one object that are copied at once.
const AT_ONCE: usize = 8;
/// What parts have where the source was not uploaded in parts that can be told.
const PART: u64 = 256 << 20;
/// Parts that an upload may have.
const PARTS: u64 = 10_000;

/// Copies an object by parts: those in which the source was uploaded, where they can be told.
pub(super) async fn copy_parts(
    from: &Access,
    to: &Access,
    copy: &ObjectCopy,
) -> Result<ObjectCopied, CloudError> {
    let (bucket, key) = &copy.from;
    let gone = || {
        let mut error = CloudError::local(
            CloudErrorKind::NotFound,
            Call::HeadObject,
            format!("{key} is not there any more"),
        );
        error.code = Some("NoSuchKey".to_owned());
        error
    };
    let first = found(from, bucket, key, Some(1)).await?.ok_or_else(gone)?;
    let part = part_size(copy, &first);
    let tags = tags(from, copy).await?;
    let upload = begin(to, copy, &first, tags).await?;
    let copied = parts(to, copy, &upload, part).await;
    match copied {
        Ok(parts) => complete(to, copy, &upload, parts).await,
        Err(error) => {
            abort(to, copy, &upload).await;
            Err(error)
        }
    }
}

/// The size of the parts, so that the copy has as many as the source.
fn part_size(copy: &ObjectCopy, first: &HeadObjectOutput) -> u64 {
    let told = convert::bytes(first.content_length).filter(|size| *size > 0);
    let count = first
        .parts_count
        .and_then(|count| u64::try_from(count).ok());
    match (told, count) {
        (Some(size), Some(count)) if copy.size.div_ceil(size) == count => size,
        _ => PART.max(copy.size.div_ceil(PARTS)),
    }
}

/// The source's tags as a request has them. `CopyObject` takes them along; an upload does not.
async fn tags(from: &Access, copy: &ObjectCopy) -> Result<Option<String>, CloudError> {
    let (bucket, key) = &copy.from;
    let answer = from
        .call(Call::GetObjectTagging, || {
            from.clients
                .s3()
                .get_object_tagging()
                .bucket(bucket)
                .key(key)
                .send()
        })
        .await?;
    let mut text = String::new();
    for tag in answer.tag_set {
        let and = if text.is_empty() { "" } else { "&" };
        let key = utf8_percent_encode(&tag.key, NON_ALPHANUMERIC);
        let value = utf8_percent_encode(&tag.value, NON_ALPHANUMERIC);
        // Writing to a text cannot fail.
        let _ = write!(text, "{and}{key}={value}");
    }
    Ok((!text.is_empty()).then_some(text))
}

async fn begin(
    to: &Access,
    copy: &ObjectCopy,
    head: &HeadObjectOutput,
    tags: Option<String>,
) -> Result<String, CloudError> {
    let (bucket, key) = &copy.to;
    let retention = copy.lock.retention.as_ref();
    let answer = to
        .call(Call::CreateMultipartUpload, || {
            to.clients
                .s3()
                .create_multipart_upload()
                .bucket(bucket)
                .key(key)
                .set_metadata(head.metadata.clone())
                .set_content_type(head.content_type.clone())
                .set_content_encoding(head.content_encoding.clone())
                .set_content_language(head.content_language.clone())
                .set_content_disposition(head.content_disposition.clone())
                .set_cache_control(head.cache_control.clone())
                .set_tagging(tags.clone())
                .set_storage_class(class(copy))
                .set_object_lock_mode(
                    retention.map(|(mode, _)| ObjectLockMode::from(mode.as_str())),
                )
                .set_object_lock_retain_until_date(
                    retention.map(|(_, until)| convert::seconds(*until)),
                )
                .set_object_lock_legal_hold_status(
                    copy.lock.hold.then_some(ObjectLockLegalHoldStatus::On),
                )
                .send()
        })
        .await?;
    answer.upload_id.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            Call::CreateMultipartUpload,
            "the answer names no upload",
        )
    })
}

async fn parts(
    to: &Access,
    copy: &ObjectCopy,
    upload: &str,
    size: u64,
) -> Result<Vec<CompletedPart>, CloudError> {
    let count = copy.size.div_ceil(size).max(1);
    let numbers = 1..=i32::try_from(count).unwrap_or(i32::MAX);
    stream::iter(numbers)
        .map(|number| part(to, copy, upload, size, number))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn part(
    to: &Access,
    copy: &ObjectCopy,
    upload: &str,
    size: u64,
    number: i32,
) -> Result<CompletedPart, CloudError> {
    let (bucket, key) = &copy.to;
    let start = size * u64::try_from(number - 1).unwrap_or_default();
    let end = (start + size).min(copy.size).saturating_sub(1);
    let answer = to
        .call(Call::UploadPartCopy, || {
            to.clients
                .s3()
                .upload_part_copy()
                .bucket(bucket)
                .key(key)
                .upload_id(upload)
                .part_number(number)
                .copy_source(source(copy))
                .copy_source_if_match(format!("\"{}\"", copy.etag))
                .copy_source_range(format!("bytes={start}-{end}"))
                .send()
        })
        .await?;
    let result = answer.copy_part_result;
    Ok(CompletedPart::builder()
        .part_number(number)
        .set_e_tag(result.and_then(|result| result.e_tag))
        .build())
}

async fn complete(
    to: &Access,
    copy: &ObjectCopy,
    upload: &str,
    parts: Vec<CompletedPart>,
) -> Result<ObjectCopied, CloudError> {
    let (bucket, key) = &copy.to;
    let parts = CompletedMultipartUpload::builder()
        .set_parts(Some(parts))
        .build();
    let answer = to
        .call(Call::CompleteMultipartUpload, || {
            to.clients
                .s3()
                .complete_multipart_upload()
                .bucket(bucket)
                .key(key)
                .upload_id(upload)
                .set_if_none_match(copy.replaces.is_none().then(|| "*".to_owned()))
                .set_if_match(copy.replaces.as_ref().map(|etag| format!("\"{etag}\"")))
                .multipart_upload(parts.clone())
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(ObjectCopied {
            etag: bare(answer.e_tag),
        }),
        Err(error) => {
            // Where the answer was lost, the object may be there; then the upload is gone, and this does nothing.
            if !error.is_retryable() {
                abort(to, copy, upload).await;
            }
            Err(error)
        }
    }
}

/// Takes an upload back, so that nobody pays for its parts. What fails here is ended by a lifecycle rule, or goes on costing;
/// the copy's own failure is what is told.
async fn abort(to: &Access, copy: &ObjectCopy, upload: &str) {
    let (bucket, key) = &copy.to;
    let aborted = to
        .call(Call::AbortMultipartUpload, || {
            to.clients
                .s3()
                .abort_multipart_upload()
                .bucket(bucket)
                .key(key)
                .upload_id(upload)
                .send()
        })
        .await;
    if let Err(error) = aborted {
        tracing::warn!(%error, bucket, key, "An upload that failed could not be taken back");
    }
}
