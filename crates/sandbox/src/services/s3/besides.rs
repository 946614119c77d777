use awsim_s3::state::S3Object;
use serde_json::Value;

use super::{S3, copy::Source, text};

impl S3 {
    /// What a write needs besides the write itself: actions for tags, retention and legal holds ("Required permissions" of
    /// `PutObject`, `CopyObject` and `CreateMultipartUpload`, S3's API reference).
    pub(super) fn besides(
        &self,
        input: &Value,
        checks: &[(String, String)],
    ) -> Vec<(String, String)> {
        let Some((_, target)) = checks.last().filter(|(action, _)| action == "s3:PutObject") else {
            return Vec::new();
        };
        let mut besides = Vec::new();
        let mut need = |action: &str, on: &str| besides.push((action.to_owned(), on.to_owned()));
        if text(input, "Tagging").is_some() {
            need("s3:PutObjectTagging", target);
        }
        if text(input, "ObjectLockMode").is_some() {
            need("s3:PutObjectRetention", target);
        }
        if text(input, "ObjectLockLegalHold").is_some() {
            need("s3:PutObjectLegalHold", target);
        }
        // A part of an upload takes no tags along.
        let is_part = input.get("partNumber").is_some();
        let replaces = text(input, "TaggingDirective") == Some("REPLACE");
        if let (Some(object), Some((_, source))) = (self.copied(input), checks.first())
            && !is_part
            && !replaces
            && !object.tags.is_empty()
        {
            need("s3:GetObjectTagging", source);
            need("s3:PutObjectTagging", target);
        }
        besides
    }

    /// The object that a copy reads, where there is one.
    fn copied(&self, input: &Value) -> Option<S3Object> {
        let source = Source::parse(text(input, "CopySource")?)?;
        self.version(&source).ok()
    }
}
