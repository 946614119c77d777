use awsim_core::{AwsError, RequestContext};
use serde_json::{Value, json};

use super::{
    S3, errors,
    locks::{Mode, Retention, time},
    text,
};

impl S3 {
    /// `GetObjectRetention`.
    pub(super) fn get_object_retention(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let (bucket, key, version) = self.lock_place(input, ctx)?;
        let retention = self
            .locks
            .get(&bucket, &key, &version)
            .retention
            .ok_or_else(|| {
                AwsError::not_found(
                    "NoSuchObjectLockConfiguration",
                    "The specified object does not have a ObjectLock configuration",
                )
            })?;
        Ok(json!({
            "__xml_root": "Retention",
            "Mode": retention.mode.name(),
            "RetainUntilDate": retention.until.to_string(),
        }))
    }

    /// `PutObjectRetention`: compliance is only ever lengthened, governance needs the bypass.
    pub(super) fn put_object_retention(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let (bucket, key, version) = self.lock_place(input, ctx)?;
        let document = input.get("Retention").ok_or_else(errors::malformed)?;
        let wanted = match (text(document, "Mode"), text(document, "RetainUntilDate")) {
            (Some(mode), Some(until)) => Some(Retention {
                mode: Mode::parse(mode)?,
                until: self.in_future(time(until)?)?,
            }),
            (None, None) => None,
            _ => return Err(errors::malformed()),
        };
        let bypass = text(input, "BypassGovernanceRetention") == Some("true");
        let mut protection = self.locks.get(&bucket, &key, &version);
        if let Some(present) = protection
            .retention
            .filter(|present| present.until > self.clock.now())
        {
            let longer = wanted.is_some_and(|wanted| {
                wanted.until >= present.until
                    && (wanted.mode == present.mode || wanted.mode == Mode::Compliance)
            });
            let may = longer || (present.mode == Mode::Governance && bypass);
            if !may {
                return Err(errors::locked());
            }
        }
        protection.retention = wanted;
        self.locks.set(&bucket, &key, &version, protection);
        Ok(json!({}))
    }
}
