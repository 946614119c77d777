use tidemark_records::ports::PortError;

use super::S3Store;

/// `DeleteObject` of the present version; answers the version of the delete marker.
pub(super) async fn delete(store: &S3Store, name: &str) -> Result<Option<String>, PortError> {
    let answer = store
        .client
        .delete_object()
        .bucket(&store.bucket)
        .key(name)
        .send()
        .await
        .map_err(|error| store.caller.error("s3:DeleteObject", name, error))?;
    Ok(answer.version_id)
}
