use aws_sdk_s3::types::{DeleteMarkerEntry, EncodingType, ObjectVersion};
use tidemark_records::ports::{ListedVersion, PortError, VersionCursor, VersionPage};

use super::{
    S3Store,
    interleave::{Entry, Interleaving},
    names::decoded,
};
use crate::{convert, records::caller::unexpected};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::ListObjectVersions;

/// A page of `ListObjectVersions`: versions and markers of each name together, the newest first.
pub(super) async fn list_versions(
    store: &S3Store,
    prefix: &str,
    after: Option<&VersionCursor>,
) -> Result<VersionPage, PortError> {
    let order = Interleaving::default();
    let answer = store
        .client
        .list_object_versions()
        .bucket(&store.bucket)
        .prefix(prefix)
        .encoding_type(EncodingType::Url)
        .set_key_marker(after.map(|cursor| cursor.name.clone()))
        .set_version_id_marker(after.and_then(|cursor| cursor.version.clone()))
        .customize()
        .interceptor(order.clone())
        .send()
        .await
        .map_err(|error| store.caller.error(OPERATION, prefix, error))?;
    let encoding = answer.encoding_type.clone();
    let versions = answer.versions.unwrap_or_default().into_iter();
    let mut versions = versions.map(|version| of_version(version, encoding.as_ref()));
    let markers = answer.delete_markers.unwrap_or_default().into_iter();
    let mut markers = markers.map(|marker| of_marker(marker, encoding.as_ref()));
    let mut all = Vec::new();
    for entry in order.take() {
        all.extend(match entry {
            Entry::Version => versions.next(),
            Entry::Marker => markers.next(),
        });
    }
    all.extend(versions.chain(markers));
    let mut all = all.into_iter().collect::<Result<Vec<_>, _>>()?;
    // The sort is stable: what it does not decide stays in the order of the answer.
    all.sort_by(|one, other| {
        one.name
            .cmp(&other.name)
            .then_with(|| other.latest.cmp(&one.latest))
            .then_with(|| other.modified.cmp(&one.modified))
    });
    let next = answer
        .next_key_marker
        .filter(|_| answer.is_truncated == Some(true))
        .map(|name| VersionCursor {
            name: decoded(&name, encoding.as_ref()),
            version: answer.next_version_id_marker.filter(|v| !v.is_empty()),
        });
    Ok(VersionPage {
        versions: all,
        next,
    })
}

fn of_version(
    version: ObjectVersion,
    encoding: Option<&EncodingType>,
) -> Result<ListedVersion, PortError> {
    let name = decoded(version.key.as_deref().unwrap_or_default(), encoding);
    Ok(ListedVersion {
        version: version.version_id.unwrap_or_else(|| "null".to_owned()),
        modified: convert::moment(version.last_modified.as_ref())
            .ok_or_else(|| unexpected(OPERATION, &name, "the version has no time"))?,
        size: convert::bytes(version.size).unwrap_or_default(),
        latest: version.is_latest == Some(true),
        deleted: false,
        name,
    })
}

fn of_marker(
    marker: DeleteMarkerEntry,
    encoding: Option<&EncodingType>,
) -> Result<ListedVersion, PortError> {
    let name = decoded(marker.key.as_deref().unwrap_or_default(), encoding);
    Ok(ListedVersion {
        version: marker.version_id.unwrap_or_else(|| "null".to_owned()),
        modified: convert::moment(marker.last_modified.as_ref())
            .ok_or_else(|| unexpected(OPERATION, &name, "the delete marker has no time"))?,
        size: 0,
        latest: marker.is_latest == Some(true),
        deleted: true,
        name,
    })
}
