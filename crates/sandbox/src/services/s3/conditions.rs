use awsim_core::{AwsError, RequestContext};
use serde_json::Value;

use super::{S3, STATE_REGION, errors, text};

impl S3 {
    /// Refuses a write or delete whose `If-Match` names another entity tag than the object has.
    pub(super) fn must_match(&self, input: &Value, ctx: &RequestContext) -> Result<(), AwsError> {
        let Some(wanted) = text(input, "IfMatch") else {
            return Ok(());
        };
        let (bucket, key) = (
            text(input, "Bucket").unwrap_or_default(),
            text(input, "Key").unwrap_or_default(),
        );
        let state = self.store.get(&ctx.account_id, STATE_REGION);
        let present = state.buckets.get(bucket).and_then(|bucket| {
            bucket
                .objects
                .get(key)
                .and_then(|versions| versions.current().map(|object| object.etag.clone()))
        });
        let bare = |tag: &str| tag.trim().trim_matches('"').to_owned();
        match present {
            None => Err(errors::no_such_key(key)),
            Some(tag) if wanted.trim() == "*" || bare(wanted) == bare(&tag) => Ok(()),
            Some(_) => Err(errors::precondition_failed()),
        }
    }
}

/// Whether a request is bound to a condition.
pub(super) fn is_conditional(input: &Value) -> bool {
    text(input, "IfMatch").is_some() || text(input, "IfNoneMatch").is_some()
}
