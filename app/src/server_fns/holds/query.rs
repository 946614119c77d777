use serde::{Deserialize, Serialize};
use tidemark_domain::{AccountId, Invalid, Region, vaults::HoldFilter};

use crate::query::{Query, pairs};

/// A list of legal holds as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoldQuery {
    /// Part of title or description.
    pub text: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// `active` or `released`.
    pub status: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl HoldQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "text" => list.text = value,
                "account" => list.account = value,
                "region" => list.region = value,
                "status" => list.status = value,
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
            .push("status", &self.status)
            .push("cursor", cursor);
        query.on("/holds")
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        [&self.text, &self.account, &self.region, &self.status]
            .iter()
            .any(|field| !field.is_empty())
    }

    /// The filter that this amounts to.
    pub fn filter(&self) -> Result<HoldFilter, Invalid> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(HoldFilter {
            text: given(&self.text),
            account: given(&self.account).map(AccountId::parse).transpose()?,
            region: given(&self.region).map(Region::parse).transpose()?,
            active: match self.status.as_str() {
                "" => None,
                "active" => Some(true),
                "released" => Some(false),
                _ => return Err(Invalid::new("status", "must be active or released")),
            },
            cursor: given(&self.cursor),
            limit: None,
        })
    }
}
