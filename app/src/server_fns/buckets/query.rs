use serde::{Deserialize, Serialize};

use crate::query::{Query, pairs};

/// A list of buckets as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BucketQuery {
    /// Part of the name.
    pub text: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl BucketQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "text" => list.text = value,
                "account" => list.account = value,
                "region" => list.region = value,
                "cursor" => list.cursor = value,
                _ => {}
            }
        }
        list
    }

    /// The address of the list at the page of a cursor; an empty one is the first page.
    pub fn page(&self, cursor: &str) -> String {
        let mut query = Query::default();
        query
            .push("text", &self.text)
            .push("account", &self.account)
            .push("region", &self.region)
            .push("cursor", cursor);
        query.on("/buckets")
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        [&self.text, &self.account, &self.region]
            .iter()
            .any(|field| !field.is_empty())
    }
}
