use aws_sdk_s3::types::{ObjectLockLegalHoldStatus, ObjectLockMode, StorageClass};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tidemark_domain::buckets::CopyRequest;
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, ObjectCopied, ObjectCopy},
};

use super::{bare, copy_parts::copy_parts};
use crate::{access::Access, convert};

/// What stays as it is in the header that names the source.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The header that names the source.
pub(super) fn source(copy: &ObjectCopy) -> String {
    let (bucket, key) = &copy.from;
    format!("{bucket}/{}", utf8_percent_encode(key, PLAIN))
}

/// The class to ask for; S3 takes the standard class where none is asked for.
pub(super) fn class(copy: &ObjectCopy) -> Option<StorageClass> {
    (copy.class != "STANDARD" && !copy.class.is_empty())
        .then(|| StorageClass::from(copy.class.as_str()))
}

/// Copies an object: whole, or by parts.
pub(super) async fn copy(
    from: &Access,
    to: &Access,
    copy: &ObjectCopy,
) -> Result<ObjectCopied, CloudError> {
    // In the same parts the copy gets the same ETag, by which it can be told and verified.
    if copy.size > CopyRequest::WHOLE || copy.etag.contains('-') {
        copy_parts(from, to, copy).await
    } else {
        whole(to, copy).await
    }
}

async fn whole(to: &Access, copy: &ObjectCopy) -> Result<ObjectCopied, CloudError> {
    let operation = Call::CopyObject;
    let (bucket, key) = &copy.to;
    let lock = &copy.lock;
    let answer = to
        .call(operation, || {
            to.clients
                .s3()
                .copy_object()
                .bucket(bucket)
                .key(key)
                .copy_source(source(copy))
                .copy_source_if_match(format!("\"{}\"", copy.etag))
                .set_if_none_match(copy.replaces.is_none().then(|| "*".to_owned()))
                .set_if_match(copy.replaces.as_ref().map(|etag| format!("\"{etag}\"")))
                .set_storage_class(class(copy))
                .set_object_lock_mode(
                    lock.retention
                        .as_ref()
                        .map(|(mode, _)| ObjectLockMode::from(mode.as_str())),
                )
                .set_object_lock_retain_until_date(
                    lock.retention
                        .as_ref()
                        .map(|(_, until)| convert::seconds(*until)),
                )
                .set_object_lock_legal_hold_status(
                    lock.hold.then_some(ObjectLockLegalHoldStatus::On),
                )
                .send()
        })
        .await?;
    let etag = answer.copy_object_result.and_then(|result| result.e_tag);
    if etag.is_none() {
        return Err(CloudError::local(
            CloudErrorKind::Unexpected,
            operation,
            format!("the answer for {key} has no ETag"),
        ));
    }
    Ok(ObjectCopied { etag: bare(etag) })
}
