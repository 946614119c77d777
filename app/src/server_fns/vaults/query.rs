use serde::{Deserialize, Serialize};
use tidemark_domain::{AccountId, Invalid, Region, VaultFilter};

use crate::query::{Query, pairs};

/// A list of vaults as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VaultQuery {
    /// Part of the name.
    pub text: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// `locked` or `open`.
    pub lock: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl VaultQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "text" => list.text = value,
                "account" => list.account = value,
                "region" => list.region = value,
                "lock" => list.lock = value,
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
            .push("lock", &self.lock)
            .push("cursor", cursor);
        query.on("/vaults")
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        [&self.text, &self.account, &self.region, &self.lock]
            .iter()
            .any(|field| !field.is_empty())
    }

    /// The filter that this amounts to.
    pub fn filter(&self) -> Result<VaultFilter, Invalid> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(VaultFilter {
            text: given(&self.text),
            account: given(&self.account).map(AccountId::parse).transpose()?,
            region: given(&self.region).map(Region::parse).transpose()?,
            locked: match self.lock.as_str() {
                "" => None,
                "locked" => Some(true),
                "open" => Some(false),
                _ => return Err(Invalid::new("lock", "must be locked or open")),
            },
            cursor: given(&self.cursor),
            limit: None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_address_keeps_the_list_and_nonsense_names_its_field() {
        let query = VaultQuery::parse("text=daily&lock=locked&cursor=c");
        assert_eq!(query.page("c"), "/vaults?text=daily&lock=locked&cursor=c");
        assert_eq!(query.filter().unwrap().locked, Some(true));
        let broken = VaultQuery::parse("lock=maybe").filter().unwrap_err();
        assert_eq!(broken.field, "lock");
    }
}
