use serde::{Deserialize, Serialize};
use tidemark_domain::{AccountId, Invalid, Region, plan::PlanFilter};

use crate::query::{Query, pairs};

/// A list of plans as its address says it: text as typed, checked on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanQuery {
    /// Part of the name.
    pub text: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// `name`, or `-name` for descending.
    pub sort: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl PlanQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "text" => list.text = value,
                "account" => list.account = value,
                "region" => list.region = value,
                "sort" => list.sort = value,
                "cursor" => list.cursor = value,
                _ => {}
            }
        }
        list
    }

    /// The address of the list below `path`.
    pub fn on(&self, path: &str) -> String {
        let mut query = Query::default();
        query
            .push("text", &self.text)
            .push("account", &self.account)
            .push("region", &self.region)
            .push("sort", &self.sort)
            .push("cursor", &self.cursor);
        query.on(path)
    }

    /// The same list from its first page.
    #[must_use]
    pub fn first(&self) -> Self {
        Self {
            cursor: String::new(),
            ..self.clone()
        }
    }

    /// The same list at the page of a cursor.
    #[must_use]
    pub fn after(&self, cursor: &str) -> Self {
        Self {
            cursor: cursor.to_owned(),
            ..self.clone()
        }
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        [&self.text, &self.account, &self.region]
            .iter()
            .any(|field| !field.is_empty())
    }

    /// The filter that this amounts to.
    pub fn filter(&self) -> Result<PlanFilter, Invalid> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(PlanFilter {
            text: given(&self.text),
            account: given(&self.account).map(AccountId::parse).transpose()?,
            region: given(&self.region).map(Region::parse).transpose()?,
            descending: match self.sort.as_str() {
                "" | "name" => false,
                "-name" => true,
                _ => return Err(Invalid::new("sort", "must be name or -name")),
            },
            cursor: given(&self.cursor),
            ..PlanFilter::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_the_list() {
        let query = PlanQuery {
            text: "gold & silver".into(),
            account: "012345678901".into(),
            sort: "-name".into(),
            cursor: "abc=".into(),
            ..PlanQuery::default()
        };
        let text = query.on("/plans");
        let read = text
            .split_once('?')
            .map(|(_, query)| PlanQuery::parse(query));
        assert_eq!(read, Some(query));
    }

    #[test]
    fn nonsense_in_the_address_names_its_field() {
        let broken = |query: &str| PlanQuery::parse(query).filter().map_err(|e| e.field);
        assert_eq!(broken("account=12"), Err("account id".to_owned()));
        assert_eq!(broken("sort=colour"), Err("sort".to_owned()));
    }
}
