use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use serde_json::Value;

use super::{S3, conditions::is_conditional, errors, locks::Protection, text, version_of};

impl S3 {
    /// `DeleteObject`: a marker on top, or one version gone for ever unless it is locked.
    pub(super) async fn delete_object(
        &self,
        input: Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let bucket = text(&input, "Bucket").unwrap_or_default().to_owned();
        let key = text(&input, "Key").unwrap_or_default().to_owned();
        let version = version_of(&input).map(str::to_owned);
        if let Some(version) = &version {
            let bypass = text(&input, "BypassGovernanceRetention") == Some("true");
            let protection = self.locks.get(&bucket, &key, version);
            if protection.forbids_deletion(self.clock.now(), bypass) {
                return Err(errors::locked());
            }
        }
        let answer = {
            let _guard = if is_conditional(&input) {
                let guard = self.conditional.lock().await;
                self.must_match(&input, ctx)?;
                Some(guard)
            } else {
                None
            };
            self.stock.handle("DeleteObject", input, ctx).await?
        };
        match version {
            Some(version) => self
                .locks
                .set(&bucket, &key, &version, Protection::default()),
            None if answer["DeleteMarker"] == true => {
                self.stamp(&bucket, &key, ctx);
            }
            None => {}
        }
        Ok(answer)
    }
}
