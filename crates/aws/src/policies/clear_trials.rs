use tidemark_services::{calls::Call, ports::CloudError};

use super::in_its_region;
use crate::access::Access;

/// Deletes every version and every delete marker below a prefix (`ListObjectVersions`, `DeleteObject`
/// with `versionId`); in a bucket without versions, the one of each object that there is, `null`.
pub(super) async fn clear_trials(
    access: &Access,
    bucket: &str,
    prefix: &str,
) -> Result<(), CloudError> {
    // After each page the list is begun anew: what was in it is gone. A bound, should it not be.
    for _ in 0..100 {
        let page = access
            .read(Call::ListObjectVersions, || {
                access
                    .clients
                    .s3()
                    .list_object_versions()
                    .bucket(bucket)
                    .prefix(prefix)
                    .send()
            })
            .await
            .map_err(|error| in_its_region(error, access, bucket))?;
        let versions = page.versions.unwrap_or_default().into_iter();
        let markers = page.delete_markers.unwrap_or_default().into_iter();
        let found: Vec<(String, Option<String>)> = versions
            .filter_map(|version| Some((version.key?, version.version_id)))
            .chain(markers.filter_map(|marker| Some((marker.key?, marker.version_id))))
            // An endpoint that ignores the prefix must not cost an object.
            .filter(|(key, _)| key.starts_with(prefix))
            .collect();
        if found.is_empty() {
            return Ok(());
        }
        for (key, version) in found {
            access
                .call(Call::DeleteObject, || {
                    access
                        .clients
                        .s3()
                        .delete_object()
                        .bucket(bucket)
                        .key(&key)
                        .set_version_id(version.clone())
                        .send()
                })
                .await?;
        }
    }
    Ok(())
}
