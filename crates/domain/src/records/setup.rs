use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::{CaptureLayout, CaptureMode};
use crate::{
    AccountId, Arn, Check, Region, Verdict,
    text::{Invalid, checked_text},
};

checked_text!(
    /// The name of a bucket, by the rules for general purpose buckets in the user guide of S3.
    BucketName,
    |text| {
        let rule = |rule: &str| Err(Invalid::new("bucket", rule));
        let alphabet = text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b));
        if !(3..=63).contains(&text.len()) || !alphabet {
            return rule("must have 3 to 63 characters of lower-case letters, digits, . and -");
        }
        let ends_well = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
        if !ends_well(text.chars().next()) || !ends_well(text.chars().last()) {
            return rule("must begin and end with a letter or a digit");
        }
        if text.contains("..") {
            return rule("must not have two dots side by side");
        }
        if text.parse::<Ipv4Addr>().is_ok() {
            return rule("must not look like an IP address");
        }
        let reserved = ["xn--", "sthree-", "amzn-s3-demo-"]
            .iter()
            .any(|start| text.starts_with(start))
            || ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
                .iter()
                .any(|end| text.ends_with(end));
        if reserved {
            return rule("must not have a beginning or an end that AWS keeps for itself");
        }
        Ok(())
    }
);

/// What stands before the table's name in the bucket. It becomes part of policies, so it has none of
/// the characters that mean something there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsPrefix(String);

impl RecordsPrefix {
    /// Parses and checks the text; slashes at its end are left out.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().trim_end_matches('/');
        let rule = |rule: &str| Err(Invalid::new("prefix", rule));
        let alphabet = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!_.'()/=-".contains(&b));
        if text.len() > 512 || !alphabet {
            return rule("must have at most 512 characters of letters, digits and !_.'()/=-");
        }
        if text.starts_with('/') || text.contains("//") {
            return rule("must not begin with a slash or have two side by side");
        }
        if text.split('/').any(|part| part == "_tidemark") {
            return rule("must not contain _tidemark, which the backup uses itself");
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a person asks for when a table's changes are to be kept record by record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box that a person ticks by itself"
)]
pub struct SetupRequest {
    /// The table.
    pub table: Arn,
    /// The bucket, in the table's account and Region.
    pub bucket: String,
    /// Make the bucket when there is none of that name.
    #[serde(default)]
    pub create_bucket: bool,
    /// What stands before the table's name in the bucket; may be empty.
    #[serde(default)]
    pub prefix: String,
    /// How changes are stored.
    #[serde(default)]
    pub layout: CaptureLayout,
    /// Who reads the stream.
    #[serde(default)]
    pub mode: CaptureMode,
    /// Replace a stream of which the records do not hold what a record became. Whoever else reads
    /// that stream has to be pointed at the new one.
    #[serde(default)]
    pub replace_stream: bool,
    /// Switch versions on where the bucket keeps none.
    #[serde(default)]
    pub versioning: bool,
    /// Switch default encryption on where the bucket has none.
    #[serde(default)]
    pub encryption: bool,
    /// Block all public access where it is not blocked.
    #[serde(default)]
    pub block_public_access: bool,
    /// Deny everybody to delete versions of what lies below the prefix.
    #[serde(default)]
    pub deny_version_deletion: bool,
    /// ARN of the one role that may delete versions all the same; empty for none.
    #[serde(default)]
    pub break_glass_role: String,
    /// Days for which a new bucket locks each version in governance mode; none for no lock.
    #[serde(default)]
    pub lock_days: Option<u32>,
    /// Read capacity units per second that the backfill and the proof use at most; none for no limit.
    #[serde(default)]
    pub capacity: Option<u32>,
    /// Why, for the audit log.
    #[serde(default)]
    pub reason: String,
}

impl SetupRequest {
    /// What suits most tables: everything that protects the backup.
    pub fn of_table(table: Arn, bucket: impl Into<String>) -> Self {
        Self {
            table,
            bucket: bucket.into(),
            create_bucket: true,
            prefix: String::new(),
            layout: CaptureLayout::default(),
            mode: CaptureMode::default(),
            replace_stream: false,
            versioning: true,
            encryption: true,
            block_public_access: true,
            deny_version_deletion: true,
            break_glass_role: String::new(),
            lock_days: None,
            capacity: None,
            reason: String::new(),
        }
    }
}

/// What a set-up will do, before it does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupPreview {
    /// The request with what it left open filled in.
    pub request: SetupRequest,
    /// Account of table and bucket.
    pub account: AccountId,
    /// Region of table and bucket.
    pub region: Region,
    /// In a sentence.
    pub summary: String,
    /// What is so already and what will be changed, in the order in which it happens.
    pub changes: Vec<SetupChange>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// Records of the table as `DynamoDB` last counted them.
    pub items: Option<u64>,
    /// Size of the table in bytes as `DynamoDB` last counted it.
    pub bytes: Option<u64>,
    /// The bucket's policy as it will be; none when it stays as it is.
    pub bucket_policy: Option<String>,
    /// What the run's credentials may do, as a policy document.
    pub session_policy: String,
    /// Digest of all that will be done: the start names it.
    pub digest: String,
}

impl SetupPreview {
    /// Whether no check forbids the start.
    pub fn can_start(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.verdict != Verdict::Fail)
    }
}

/// One thing that a set-up sees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupChange {
    /// What, for example `Stream`.
    pub name: String,
    /// Whether it changes something.
    pub kind: SetupChangeKind,
    /// What is there and what will be, in a sentence.
    pub detail: String,
}

/// Whether a set-up changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetupChangeKind {
    /// It is so already.
    Already,
    /// It will be made or changed.
    Change,
    /// It is not as it should be, and stays so since nobody asked for a change.
    Left,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn names_of_buckets_follow_the_rules_of_s3() {
        for name in ["abc", "a.b-c", "records-222222222222", &"x".repeat(63)] {
            assert!(BucketName::parse(name).is_ok(), "{name}");
        }
        for name in [
            "ab",
            &"x".repeat(64),
            "Upper",
            "a_b",
            "-abc",
            "abc-",
            "a..b",
            "192.168.5.4",
            "xn--abc",
            "abc-s3alias",
        ] {
            let error = BucketName::parse(name).unwrap_err();
            assert_eq!(error.field, "bucket", "{name}");
        }
    }

    #[test]
    fn a_prefix_cannot_widen_a_policy() {
        assert_eq!(RecordsPrefix::parse("a/b/").unwrap().as_str(), "a/b");
        assert_eq!(RecordsPrefix::parse("").unwrap().as_str(), "");
        for text in [
            "*",
            "a?",
            "${aws:username}",
            "/a",
            "a//b",
            "a/_tidemark",
            "ä",
        ] {
            let error = RecordsPrefix::parse(text).unwrap_err();
            assert_eq!(error.field, "prefix", "{text}");
        }
    }
}
