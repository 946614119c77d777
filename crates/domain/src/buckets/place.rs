use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AccountId, Arn, Invalid, Partition, Region};

/// A bucket, with the account and the Region that it lies in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketPlace {
    /// The account that owns it.
    pub account: AccountId,
    /// Its Region.
    pub region: Region,
    /// Its name.
    pub bucket: String,
}

impl BucketPlace {
    /// Reads what a person typed or a link says.
    ///
    /// # Errors
    /// When the account, the Region or the name is none.
    pub fn parse(account: &str, region: &str, bucket: &str) -> Result<Self, Invalid> {
        let place = Self {
            account: AccountId::parse(account.trim())?,
            region: Region::parse(region.trim())?,
            bucket: bucket.trim().to_owned(),
        };
        place.check()?;
        Ok(place)
    }

    /// Refuses a name that no bucket can have. Names from before 2018 may have 255 characters, capital letters and
    /// underscores (`Bucket naming rules`, S3's user guide).
    ///
    /// # Errors
    /// When it is no name of a bucket.
    pub fn check(&self) -> Result<(), Invalid> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if (3..=255).contains(&self.bucket.len()) && self.bucket.chars().all(known) {
            return Ok(());
        }
        Err(Invalid::new(
            "bucket",
            "must have 3 to 255 letters, digits, dots, hyphens and underscores",
        ))
    }

    /// Its ARN.
    pub fn arn(&self) -> String {
        format!(
            "arn:{}:s3:::{}",
            Partition::of(&self.region).id(),
            self.bucket
        )
    }

    /// Its ARN, as an ARN.
    ///
    /// # Errors
    /// When the name makes none.
    pub fn to_arn(&self) -> Result<Arn, Invalid> {
        Arn::parse(self.arn())
    }

    /// The ARN of every object whose key begins so, as a policy says it: what a policy would take for a wildcard or a
    /// variable is written out.
    pub fn objects(&self, prefix: &str) -> String {
        let mut arn = self.arn();
        arn.push('/');
        for c in prefix.chars() {
            match c {
                '*' | '?' | '$' => {
                    arn.push_str("${");
                    arn.push(c);
                    arn.push('}');
                }
                c => arn.push(c),
            }
        }
        arn.push('*');
        arn
    }
}

impl fmt::Display for BucketPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} ({})", self.bucket, self.account, self.region)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_prefix_is_taken_by_its_letters_in_a_policy() {
        let place = BucketPlace::parse("111122223333", "eu-west-1", "Old_bucket.1").unwrap();
        assert_eq!(place.arn(), "arn:aws:s3:::Old_bucket.1");
        assert_eq!(
            place.objects("a*b?/${x}"),
            "arn:aws:s3:::Old_bucket.1/a${*}b${?}/${$}{x}*"
        );
        assert!(BucketPlace::parse("111122223333", "eu-west-1", "a/b").is_err());
    }
}
