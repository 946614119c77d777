use tidemark_records::ports::{Condition, PortError, PutObject, Stored};

use super::S3Store;
use crate::records::caller::unexpected;
use tidemark_services::calls::Call;

const OPERATION: Call = Call::PutObject;

/// `PutObject` under its condition.
pub(super) async fn put(store: &S3Store, request: &PutObject) -> Result<Stored, PortError> {
    let mut call = store
        .client
        .put_object()
        .bucket(&store.bucket)
        .key(&request.name)
        .set_content_type(request.content_type.map(str::to_owned))
        .body(request.body.clone().into());
    for (name, value) in &request.metadata {
        call = call.metadata(name, value);
    }
    call = match &request.condition {
        Condition::Always => call,
        Condition::Absent => call.if_none_match("*"),
        Condition::Matches(etag) => call.if_match(etag),
    };
    let answer = call
        .send()
        .await
        .map_err(|error| store.caller.error(OPERATION, &request.name, error))?;
    Ok(Stored {
        etag: answer
            .e_tag
            .ok_or_else(|| unexpected(OPERATION, &request.name, "the answer has no entity tag"))?,
        version: answer.version_id,
    })
}
