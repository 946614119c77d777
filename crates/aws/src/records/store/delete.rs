use tidemark_records::ports::PortError;

use super::S3Store;
use tidemark_services::calls::Call;

/// `DeleteObject` of the present version; answers the version of the delete marker.
pub(super) async fn delete(store: &S3Store, name: &str) -> Result<Option<String>, PortError> {
    let answer = store
        .client
        .delete_object()
        .bucket(&store.bucket)
        .key(name)
        .send()
        .await
        .map_err(|error| store.caller.error(Call::DeleteObject, name, error))?;
    Ok(answer.version_id)
}
