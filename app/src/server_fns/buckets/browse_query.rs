use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Invalid,
    buckets::{BrowseRequest, BucketPlace},
};

use crate::query::{Query, pairs};

/// A folder of a bucket as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrowseQuery {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Name of the bucket.
    pub bucket: String,
    /// The beginning of the keys.
    pub prefix: String,
    /// `next` of the page before.
    pub after: String,
    /// Versions are listed.
    pub versions: bool,
}

impl BrowseQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut browse = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => browse.account = value,
                "region" => browse.region = value,
                "bucket" => browse.bucket = value,
                "prefix" => browse.prefix = value,
                "after" => browse.after = value,
                "versions" => browse.versions = value == "1",
                _ => {}
            }
        }
        browse
    }

    /// A folder of a bucket.
    pub fn of(place: &BucketPlace, prefix: &str) -> Self {
        Self {
            account: place.account.to_string(),
            region: place.region.to_string(),
            bucket: place.bucket.clone(),
            prefix: prefix.to_owned(),
            ..Self::default()
        }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        query
            .push("account", &self.account)
            .push("region", &self.region)
            .push("bucket", &self.bucket)
            .push("prefix", &self.prefix)
            .push("versions", if self.versions { "1" } else { "" })
            .push("after", &self.after);
        query
    }

    /// What is to be listed.
    pub fn request(&self) -> Result<BrowseRequest, Invalid> {
        Ok(BrowseRequest {
            place: BucketPlace::parse(&self.account, &self.region, &self.bucket)?,
            prefix: self.prefix.clone(),
            after: (!self.after.is_empty()).then(|| self.after.clone()),
            versions: self.versions,
            limit: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_the_folder_as_it_is() {
        let text = "account=111122223333&region=eu-west-1&bucket=backups&prefix=a%20b%2F%26&versions=1&after=x";
        let query = BrowseQuery::parse(text);
        assert_eq!(query.prefix, "a b/&");
        assert_eq!(query.query().as_str(), text);
    }
}
