use aws_sdk_s3::types::{
    EncodingType, ObjectStorageClass, ObjectVersion, ObjectVersionStorageClass,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_domain::buckets::{ListedObject, ListedVersion, Listing};
use tidemark_services::{
    calls::Call,
    ports::{CloudError, CloudErrorKind, ListAsk},
};

use super::bare;
use crate::{access::Access, convert, records::decoded};

/// `ListObjectsV2`, or `ListObjectVersions`.
pub(super) async fn list(access: &Access, ask: &ListAsk) -> Result<Listing, CloudError> {
    if ask.versions {
        versions(access, ask).await
    } else {
        objects(access, ask).await
    }
}

async fn objects(access: &Access, ask: &ListAsk) -> Result<Listing, CloudError> {
    let operation = Call::ListObjectsV2;
    let answer = access
        .read(operation, || {
            access
                .clients
                .s3()
                .list_objects_v2()
                .bucket(&ask.bucket)
                .prefix(&ask.prefix)
                .set_delimiter(ask.folders.then(|| "/".to_owned()))
                .set_start_after(ask.start_after.clone())
                .set_continuation_token(ask.token.clone())
                .max_keys(i32::from(ask.limit))
                .encoding_type(EncodingType::Url)
                .send()
        })
        .await?;
    let encoding = answer.encoding_type.clone();
    let plain = |text: Option<String>| decoded(&text.unwrap_or_default(), encoding.as_ref());
    let objects = answer
        .contents
        .unwrap_or_default()
        .into_iter()
        .map(|object| {
            Ok(ListedObject {
                key: plain(object.key),
                size: convert::bytes(object.size).unwrap_or_default(),
                etag: bare(object.e_tag),
                modified: time(operation, convert::moment(object.last_modified.as_ref()))?,
                class: class(
                    object
                        .storage_class
                        .as_ref()
                        .map(ObjectStorageClass::as_str),
                ),
                version: None,
            })
        })
        .collect::<Result<_, CloudError>>()?;
    Ok(Listing {
        folders: answer
            .common_prefixes
            .unwrap_or_default()
            .into_iter()
            .map(|folder| plain(folder.prefix))
            .collect(),
        objects,
        next: answer
            .next_continuation_token
            .filter(|_| answer.is_truncated == Some(true)),
    })
}

/// Where a list of versions goes on.
#[derive(Serialize, Deserialize)]
struct Marker {
    key: String,
    version: Option<String>,
}

async fn versions(access: &Access, ask: &ListAsk) -> Result<Listing, CloudError> {
    let operation = Call::ListObjectVersions;
    let marker: Option<Marker> = match &ask.token {
        Some(token) => Some(serde_json::from_str(token).map_err(|_| {
            CloudError::local(
                CloudErrorKind::Invalid,
                operation,
                "the cursor is not one of a list of versions",
            )
        })?),
        None => None,
    };
    let answer = access
        .read(operation, || {
            let (key, version) = match &marker {
                Some(marker) => (Some(marker.key.clone()), marker.version.clone()),
                None => (None, None),
            };
            access
                .clients
                .s3()
                .list_object_versions()
                .bucket(&ask.bucket)
                .prefix(&ask.prefix)
                .set_delimiter(ask.folders.then(|| "/".to_owned()))
                .set_key_marker(key)
                .set_version_id_marker(version)
                .max_keys(i32::from(ask.limit))
                .encoding_type(EncodingType::Url)
                .send()
        })
        .await?;
    let encoding = answer.encoding_type.clone();
    let plain = |text: Option<String>| decoded(&text.unwrap_or_default(), encoding.as_ref());
    let next = match answer.next_key_marker {
        Some(key) if answer.is_truncated == Some(true) => {
            let marker = Marker {
                key: plain(Some(key)),
                version: answer.next_version_id_marker.filter(|id| !id.is_empty()),
            };
            serde_json::to_string(&marker).ok()
        }
        _ => None,
    };
    let mut objects = Vec::new();
    for version in answer.versions.unwrap_or_default() {
        objects.push(listed(operation, version, &plain)?);
    }
    for marker in answer.delete_markers.unwrap_or_default() {
        objects.push(ListedObject {
            key: plain(marker.key),
            size: 0,
            etag: String::new(),
            modified: time(operation, convert::moment(marker.last_modified.as_ref()))?,
            class: String::new(),
            version: Some(ListedVersion {
                id: marker.version_id.unwrap_or_default(),
                latest: marker.is_latest == Some(true),
                deleted: true,
            }),
        });
    }
    // S3 lists versions and delete markers apart; the newest of a key comes first.
    objects.sort_by(|a, b| {
        let latest = |one: &ListedObject| one.version.as_ref().is_some_and(|v| v.latest);
        (&a.key, !latest(a), b.modified).cmp(&(&b.key, !latest(b), a.modified))
    });
    Ok(Listing {
        folders: answer
            .common_prefixes
            .unwrap_or_default()
            .into_iter()
            .map(|folder| plain(folder.prefix))
            .collect(),
        objects,
        next,
    })
}

fn listed(
    operation: Call,
    version: ObjectVersion,
    plain: &impl Fn(Option<String>) -> String,
) -> Result<ListedObject, CloudError> {
    Ok(ListedObject {
        key: plain(version.key),
        size: convert::bytes(version.size).unwrap_or_default(),
        etag: bare(version.e_tag),
        modified: time(operation, convert::moment(version.last_modified.as_ref()))?,
        class: class(
            version
                .storage_class
                .as_ref()
                .map(ObjectVersionStorageClass::as_str),
        ),
        version: Some(ListedVersion {
            id: version.version_id.unwrap_or_default(),
            latest: version.is_latest == Some(true),
            deleted: false,
        }),
    })
}

fn class(class: Option<&str>) -> String {
    class.unwrap_or("STANDARD").to_owned()
}

fn time(operation: Call, time: Option<Timestamp>) -> Result<Timestamp, CloudError> {
    time.ok_or_else(|| {
        CloudError::local(
            CloudErrorKind::Unexpected,
            operation,
            "an object of the list has no time",
        )
    })
}
