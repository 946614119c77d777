use std::collections::{BTreeMap, HashMap};

use tidemark_records::ports::{ObjectHead, PortError};

use super::S3Store;
use crate::{convert, records::caller::unexpected};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::HeadObject;

/// `HeadObject`.
pub(super) async fn head(
    store: &S3Store,
    name: &str,
    version: Option<&str>,
) -> Result<ObjectHead, PortError> {
    let answer = store
        .client
        .head_object()
        .bucket(&store.bucket)
        .key(name)
        .set_version_id(version.map(str::to_owned))
        .send()
        .await
        .map_err(|error| store.caller.error(OPERATION, name, error))?;
    Ok(ObjectHead {
        etag: answer
            .e_tag
            .ok_or_else(|| unexpected(OPERATION, name, "the answer has no entity tag"))?,
        version: answer.version_id,
        modified: convert::moment(answer.last_modified.as_ref())
            .ok_or_else(|| unexpected(OPERATION, name, "the answer has no time"))?,
        size: convert::bytes(answer.content_length).unwrap_or_default(),
        metadata: metadata(answer.metadata),
    })
}

/// User metadata, names in lower case.
pub(super) fn metadata(of_sdk: Option<HashMap<String, String>>) -> BTreeMap<String, String> {
    of_sdk
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect()
}
