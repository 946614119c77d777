use serde::{Deserialize, Serialize};
use tidemark_domain::{
    Invalid,
    buckets::{BucketPlace, SettingsRequest},
};

use crate::query::{Query, pairs};

/// A bucket, and what is to be done with it, as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceQuery {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Name.
    pub bucket: String,
    /// Changes of its settings.
    pub fixes: Vec<String>,
}

impl PlaceQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut place = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => place.account = value,
                "region" => place.region = value,
                "bucket" => place.bucket = value,
                "fix" => place.fixes.push(value),
                _ => {}
            }
        }
        place
    }

    /// Of a bucket.
    pub fn of(place: &BucketPlace) -> Self {
        Self {
            account: place.account.to_string(),
            region: place.region.to_string(),
            bucket: place.bucket.clone(),
            fixes: Vec::new(),
        }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        query
            .push("account", &self.account)
            .push("region", &self.region)
            .push("bucket", &self.bucket);
        for fix in &self.fixes {
            query.push("fix", fix);
        }
        query
    }

    /// The bucket.
    pub fn place(&self) -> Result<BucketPlace, Invalid> {
        BucketPlace::parse(&self.account, &self.region, &self.bucket)
    }

    /// The changes of the bucket's settings.
    pub fn request(&self) -> Result<SettingsRequest, Invalid> {
        Ok(SettingsRequest {
            place: self.place()?,
            fixes: self
                .fixes
                .iter()
                .map(|fix| fix.parse())
                .collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_the_bucket_and_its_changes() {
        let text = "account=111122223333&region=eu-west-1&bucket=backups&fix=versioning&fix=expiry%3Aold%20logs";
        let query = PlaceQuery::parse(text);
        assert_eq!(query.query().as_str(), text);
        assert_eq!(query.request().unwrap().fixes.len(), 2);
        let broken = PlaceQuery::parse("account=1").request().unwrap_err();
        assert_eq!(broken.field, "account id");
    }
}
