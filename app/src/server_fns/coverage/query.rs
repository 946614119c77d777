use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use tidemark_domain::{
    AccountId, Invalid,
    coverage::{Coverage, CoverageFilter},
};

use crate::query::{Query, pairs};

/// The rows of the report as their address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CoverageQuery {
    /// Only this account.
    pub account: String,
    /// Only this type.
    pub kind: String,
    /// Only resources protected so: `plan`, `hand` or `none`.
    pub protected: String,
    /// Only resources that fail this control.
    pub fails: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl CoverageQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "account" => read.account = value,
                "kind" => read.kind = value,
                "protected" => read.protected = value,
                "fails" => read.fails = value,
                "cursor" => read.cursor = value,
                _ => {}
            }
        }
        read
    }

    /// Whether it leaves anything out.
    pub fn is_filtered(&self) -> bool {
        [&self.account, &self.kind, &self.protected, &self.fails]
            .iter()
            .any(|text| !text.is_empty())
    }

    /// The address of the same rows on a path, at the page of a cursor; an empty one is the first page.
    pub fn href(&self, path: &str, cursor: &str) -> String {
        let mut query = Query::default();
        query
            .push("account", &self.account)
            .push("kind", &self.kind)
            .push("protected", &self.protected)
            .push("fails", &self.fails)
            .push("cursor", cursor);
        query.on(path)
    }

    /// The filter, with what was typed checked.
    #[cfg(feature = "ssr")]
    pub fn filter(self) -> Result<CoverageFilter, Invalid> {
        let given = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        Ok(CoverageFilter {
            account: given(self.account).map(AccountId::parse).transpose()?,
            resource_type: given(self.kind).map(Into::into),
            coverage: given(self.protected)
                .map(|text| {
                    Coverage::parse(&text)
                        .ok_or_else(|| Invalid::new("protected", "must be plan, hand or none"))
                })
                .transpose()?,
            fails: given(self.fails),
            cursor: given(self.cursor),
            limit: None,
        })
    }
}
