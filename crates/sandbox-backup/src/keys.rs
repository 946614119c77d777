/// A customer managed key, as KMS knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// It can be used.
    pub enabled: bool,
    /// Its policy.
    pub policy: String,
}

/// Where the simulated AWS Backup looks keys up. Without one, every customer managed key may be used by everyone.
pub trait Keys: Send + Sync {
    /// The customer managed key of this ARN; none when there is none.
    fn key(&self, arn: &str) -> Option<Key>;
}
