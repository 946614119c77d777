use awsim_core::RequestContext;

use super::{S3, STATE_REGION};

impl S3 {
    /// Gives the newest version the simulated time; answers its id.
    pub(super) fn stamp(&self, bucket: &str, key: &str, ctx: &RequestContext) -> Option<String> {
        let state = self.store.get(&ctx.account_id, STATE_REGION);
        let bucket = state.buckets.get(bucket)?;
        let mut versions = bucket.objects.get_mut(key)?;
        let newest = versions.versions.last_mut()?;
        newest.last_modified = self
            .clock
            .now()
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string();
        Some(
            newest
                .version_id
                .clone()
                .unwrap_or_else(|| "null".to_owned()),
        )
    }
}
