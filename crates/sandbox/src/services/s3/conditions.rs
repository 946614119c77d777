use awsim_core::{AwsError, RequestContext};
use serde_json::Value;

use super::{S3, STATE_REGION, errors, text};

impl S3 {
    /// Refuses a write or delete whose `If-Match` names another entity tag than the object has, and a copy or the end of an
    /// upload that wants that there is none.
    pub(super) fn must_match(&self, input: &Value, ctx: &RequestContext) -> Result<(), AwsError> {
        let wanted = text(input, "IfMatch");
        // A copy and the end of an upload heed it as a plain write does ("Add preconditions to S3 operations with conditional
        // requests", S3's user guide); the stock service heeds it for `PutObject` alone.
        let new = text(input, "IfNoneMatch").is_some_and(|tag| tag.trim() == "*")
            && text(input, "__raw_body").is_none();
        if wanted.is_none() && !new {
            return Ok(());
        }
        let (bucket, key) = (
            text(input, "Bucket").unwrap_or_default(),
            text(input, "Key").unwrap_or_default(),
        );
        let state = self.store.get(&ctx.account_id, STATE_REGION);
        let present = state.buckets.get(bucket).and_then(|bucket| {
            bucket.objects.get(key).and_then(|versions| {
                versions
                    .current()
                    .filter(|object| !object.is_delete_marker)
                    .map(|object| object.etag.clone())
            })
        });
        let bare = |tag: &str| tag.trim().trim_matches('"').to_owned();
        let Some(wanted) = wanted else {
            return match present {
                Some(_) => Err(errors::precondition_failed()),
                None => Ok(()),
            };
        };
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
