use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Invalid,
    buckets::{BucketPlace, CopyRequest, Existing},
};

use crate::query::{Query, pairs};

/// A copy of a prefix as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyQuery {
    /// Account of the source.
    pub account: String,
    /// Region of the source.
    pub region: String,
    /// The bucket to read.
    pub bucket: String,
    /// The beginning of the keys.
    pub prefix: String,
    /// Account of the destination.
    pub to_account: String,
    /// Region of the destination.
    pub to_region: String,
    /// The bucket to write.
    pub to_bucket: String,
    /// What takes the place of that beginning.
    pub to_prefix: String,
    /// `skip` or `replace`.
    pub existing: String,
    /// The form was filled in.
    pub chosen: bool,
}

impl CopyQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut copy = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => copy.account = value,
                "region" => copy.region = value,
                "bucket" => copy.bucket = value,
                "prefix" => copy.prefix = value,
                "to_account" => copy.to_account = value,
                "to_region" => copy.to_region = value,
                "to_bucket" => copy.to_bucket = value,
                "to_prefix" => copy.to_prefix = value,
                "existing" => copy.existing = value,
                "chosen" => copy.chosen = value == "1",
                _ => {}
            }
        }
        copy
    }

    /// From a folder of a bucket, to where is not said yet.
    pub fn from(place: &BucketPlace, prefix: &str) -> Self {
        Self {
            account: place.account.to_string(),
            region: place.region.to_string(),
            bucket: place.bucket.clone(),
            prefix: prefix.to_owned(),
            to_prefix: prefix.to_owned(),
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
            .push("to_account", &self.to_account)
            .push("to_region", &self.to_region)
            .push("to_bucket", &self.to_bucket)
            .push("to_prefix", &self.to_prefix)
            .push("existing", &self.existing)
            .push("chosen", if self.chosen { "1" } else { "" });
        query
    }

    /// What is to be copied.
    pub fn request(&self) -> Result<CopyRequest, Invalid> {
        let to = |e: Invalid| {
            let field = format!("destination {}", e.field);
            e.in_field(field)
        };
        Ok(CopyRequest {
            from: BucketPlace::parse(&self.account, &self.region, &self.bucket)?,
            prefix: self.prefix.clone(),
            to: BucketPlace::parse(&self.to_account, &self.to_region, &self.to_bucket)
                .map_err(to)?,
            to_prefix: self.to_prefix.clone(),
            existing: Existing::parse(&self.existing)?,
        })
    }
}
