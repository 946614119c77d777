/// One account in one Region: AWS Backup keeps everything per scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    /// Twelve digits.
    pub account: String,
    /// For example `eu-west-1`.
    pub region: String,
}

impl Scope {
    /// The scope of `account` in `region`.
    pub fn new(account: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
        }
    }

    pub(crate) fn backup_arn(&self, resource: &str) -> String {
        format!("arn:aws:backup:{}:{}:{resource}", self.region, self.account)
    }
}
