use std::collections::BTreeMap;

use aws_sdk_s3::{
    operation::head_object::HeadObjectOutput,
    types::{ChecksumMode, ChecksumType, ObjectLockLegalHoldStatus},
};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, ObjectHead, ObjectLocked},
};

use super::bare;
use crate::{access::Access, convert};

/// `HeadObject`, with checksums; none where there is no such object.
pub(super) async fn head(
    access: &Access,
    bucket: &str,
    key: &str,
) -> Result<Option<ObjectHead>, CloudError> {
    Ok(found(access, bucket, key, None)
        .await?
        .map(|found| read(&found)))
}

/// The same as S3 answers it, of the whole object or of one of its parts.
pub(super) async fn found(
    access: &Access,
    bucket: &str,
    key: &str,
    part: Option<i32>,
) -> Result<Option<HeadObjectOutput>, CloudError> {
    let answer = access
        .call(Call::HeadObject, || {
            access
                .clients
                .s3()
                .head_object()
                .bucket(bucket)
                .key(key)
                .set_part_number(part)
                .checksum_mode(ChecksumMode::Enabled)
                .send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(Some(answer)),
        // An answer without a body has no code.
        Err(error) if error.kind == CloudErrorKind::NotFound || error.status == Some(404) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read(found: &HeadObjectOutput) -> ObjectHead {
    let parts = if found.checksum_type == Some(ChecksumType::Composite) {
        " (parts)"
    } else {
        ""
    };
    let checksums: BTreeMap<String, String> = [
        ("CRC64NVME", &found.checksum_crc64_nvme),
        ("CRC32", &found.checksum_crc32),
        ("CRC32C", &found.checksum_crc32_c),
        ("SHA1", &found.checksum_sha1),
        ("SHA256", &found.checksum_sha256),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = value.clone()?;
        // A checksum over parts says so also by its end, as the SHA ones always have.
        Some((format!("{name}{parts}"), value))
    })
    .collect();
    let retention = found
        .object_lock_mode
        .as_ref()
        .map(|mode| mode.as_str().to_owned())
        .zip(convert::moment(
            found.object_lock_retain_until_date.as_ref(),
        ));
    ObjectHead {
        size: convert::bytes(found.content_length).unwrap_or_default(),
        etag: bare(found.e_tag.clone()),
        checksums,
        kms: found
            .server_side_encryption
            .as_ref()
            .is_some_and(|how| how.as_str().starts_with("aws:kms")),
        modified: convert::moment(found.last_modified.as_ref()),
        lock: ObjectLocked {
            retention,
            hold: found.object_lock_legal_hold_status == Some(ObjectLockLegalHoldStatus::On),
        },
    }
}
