use serde::{Deserialize, Serialize};

use super::{BrowseRequest, BucketPlace, ListedObject};
use crate::{Check, Invalid};

/// What becomes of an object at the destination that is another one than the source's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It stays; the source's is not copied.
    #[default]
    Skip,
    /// The source's takes its place, if it was there when the plan was shown.
    Replace,
}

impl Existing {
    /// The word in addresses and commands.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Replace => "replace",
        }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// When it is another word.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "" | "skip" => Ok(Self::Skip),
            "replace" => Ok(Self::Replace),
            _ => Err(Invalid::new("existing", "must be skip or replace")),
        }
    }
}

/// A copy of everything under a prefix. The role of the destination's account makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopyRequest {
    /// The bucket to read.
    pub from: BucketPlace,
    /// The beginning of the keys; empty for the whole bucket.
    #[serde(default)]
    pub prefix: String,
    /// The bucket to write.
    pub to: BucketPlace,
    /// What takes the place of that beginning there.
    #[serde(default)]
    pub to_prefix: String,
    /// What becomes of what is there already and differs.
    #[serde(default)]
    pub existing: Existing,
}

impl CopyRequest {
    /// `CopyObject` takes objects up to 5 GiB; larger ones are copied in parts.
    pub const WHOLE: u64 = 5 << 30;

    /// Refuses what makes no sense.
    ///
    /// # Errors
    /// When a name or a prefix breaks a rule, or the copy would read what it writes.
    pub fn check(&self) -> Result<(), Invalid> {
        self.from.check().map_err(|e| e.in_field("source bucket"))?;
        self.to
            .check()
            .map_err(|e| e.in_field("destination bucket"))?;
        for (field, prefix) in [
            ("prefix", &self.prefix),
            ("destination prefix", &self.to_prefix),
        ] {
            if prefix.len() > BrowseRequest::KEY {
                return Err(Invalid::new(field, "must have at most 1024 bytes"));
            }
        }
        let within =
            self.prefix.starts_with(&self.to_prefix) || self.to_prefix.starts_with(&self.prefix);
        if self.from.bucket == self.to.bucket && within {
            return Err(Invalid::new(
                "destination prefix",
                "must not hold the source, nor lie in it: the copy would read what it writes",
            ));
        }
        Ok(())
    }

    /// The key at the destination; none where S3 takes none so long.
    pub fn target(&self, key: &str) -> Option<String> {
        let rest = key.strip_prefix(self.prefix.as_str())?;
        let target = format!("{}{rest}", self.to_prefix);
        (!target.is_empty() && target.len() <= BrowseRequest::KEY).then_some(target)
    }
}

/// What is to be done with one object, as far as two lists tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not there yet.
    Copy,
    /// The same is there: size and `ETag` agree.
    There,
    /// Another is there.
    Differs,
    /// One of the same size is there under another `ETag`, which also a key or parts may make: checksums tell.
    Unclear,
    /// It must be asked back from its archive first.
    Archived,
}

impl Fate {
    /// Of an object, beside what is at the destination.
    pub fn of(source: &ListedObject, there: Option<&ListedObject>) -> Self {
        match there {
            Some(there) if there.size != source.size => Self::Differs,
            Some(there) if there.etag == source.etag && !source.etag.is_empty() => Self::There,
            Some(_) => Self::Unclear,
            None if matches!(source.class.as_str(), "GLACIER" | "DEEP_ARCHIVE") => Self::Archived,
            None => Self::Copy,
        }
    }
}

/// How many objects of a copy there are of each sort.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyCounts {
    /// Objects under the prefix.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Not there yet.
    pub missing: u64,
    /// Their bytes.
    pub missing_bytes: u64,
    /// There already, by size and `ETag`.
    pub there: u64,
    /// Another is there.
    pub differ: u64,
    /// One of the same size is there; checksums tell while it is copied.
    pub unclear: u64,
    /// In an archive, or of a key that would be too long.
    pub left: u64,
    /// Larger than 5 GiB: copied in parts.
    pub large: u64,
}

/// An object that a copy does not simply copy, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyNote {
    /// Its key at the source.
    pub key: String,
    /// What is the matter, in a sentence.
    pub why: String,
}

/// Exactly what a copy would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyPlan {
    /// What was asked for.
    pub request: CopyRequest,
    /// What was counted.
    pub counts: CopyCounts,
    /// Whether everything was counted; else there is more, which the run counts as it goes.
    pub complete: bool,
    /// The first of those that are not simply copied.
    pub notes: Vec<CopyNote>,
    /// Whether retention and legal holds are kept: both buckets have object lock.
    pub keeps_locks: bool,
    /// What was checked.
    pub checks: Vec<Check>,
    /// Digest over all of this.
    pub digest: String,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use jiff::Timestamp;

    use super::*;

    fn request(from: &str, prefix: &str, to: &str, to_prefix: &str) -> CopyRequest {
        let place = |name: &str| BucketPlace::parse("111122223333", "eu-west-1", name).unwrap();
        CopyRequest {
            from: place(from),
            prefix: prefix.to_owned(),
            to: place(to),
            to_prefix: to_prefix.to_owned(),
            existing: Existing::Skip,
        }
    }

    #[test]
    fn a_copy_never_reads_what_it_writes() {
        assert!(request("one", "a/", "two", "a/").check().is_ok());
        assert!(request("one", "a/", "one", "b/").check().is_ok());
        for (prefix, to) in [
            ("a/", "a/b/"),
            ("a/b/", "a/"),
            ("", "x/"),
            ("a/", "a/"),
            ("x", ""),
        ] {
            let refused = request("one", prefix, "one", to).check().unwrap_err();
            assert_eq!(refused.field, "destination prefix", "{prefix} {to}");
        }
    }

    #[test]
    fn keys_keep_what_comes_after_the_prefix() {
        let request = request("one", "a/", "two", "copies/a-");
        assert_eq!(request.target("a/x/y").unwrap(), "copies/a-x/y");
        assert_eq!(request.target("b/x"), None);
        assert_eq!(request.target(&format!("a/{}", "x".repeat(1_020))), None);
    }

    #[test]
    fn size_and_tag_say_what_is_there_already() {
        let object = |size: u64, etag: &str, class: &str| ListedObject {
            key: "k".to_owned(),
            size,
            etag: etag.to_owned(),
            modified: Timestamp::UNIX_EPOCH,
            class: class.to_owned(),
            version: None,
        };
        let source = object(3, "aa", "STANDARD");
        for (there, fate) in [
            (None, Fate::Copy),
            (Some(object(3, "aa", "STANDARD_IA")), Fate::There),
            (Some(object(4, "aa", "STANDARD")), Fate::Differs),
            (Some(object(3, "bb-2", "STANDARD")), Fate::Unclear),
        ] {
            assert_eq!(Fate::of(&source, there.as_ref()), fate, "{there:?}");
        }
        assert_eq!(Fate::of(&object(3, "aa", "GLACIER"), None), Fate::Archived);
        let cold = Fate::of(&object(3, "aa", "GLACIER"), Some(&source));
        assert_eq!(cold, Fate::There);
    }
}
