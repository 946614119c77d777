use serde::{Deserialize, Serialize};
use tidemark_domain::{
    AccountId, Invalid, Protection, Region, ResourceFilter, ResourceSort, ResourceType,
};

use crate::query::{Query, pairs};

/// A list of resources as its address says it: text as typed, checked on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResourceQuery {
    /// Part of name or ARN.
    pub text: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Type.
    pub kind: String,
    /// How it stands.
    pub protection: String,
    /// `name`, `newest_point` or `size`; with `-` before it, descending.
    pub sort: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl ResourceQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "text" => list.text = value,
                "account" => list.account = value,
                "region" => list.region = value,
                "kind" => list.kind = value,
                "protection" => list.protection = value,
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
        self.push_to(&mut query);
        query.on(path)
    }

    /// Adds the list to an address.
    pub fn push_to(&self, query: &mut Query) {
        query
            .push("text", &self.text)
            .push("account", &self.account)
            .push("region", &self.region)
            .push("kind", &self.kind)
            .push("protection", &self.protection)
            .push("sort", &self.sort)
            .push("cursor", &self.cursor);
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

    /// The same list sorted by a column; sorted by it already, the other way round.
    #[must_use]
    pub fn sorted_by(&self, column: &str) -> Self {
        let descending = self.order_of(column) == Some(false);
        Self {
            sort: format!("{}{column}", if descending { "-" } else { "" }),
            ..self.first()
        }
    }

    /// Whether the list is sorted by a column, and then whether descending.
    pub fn order_of(&self, column: &str) -> Option<bool> {
        let sort = if self.sort.is_empty() {
            "name"
        } else {
            &self.sort
        };
        if sort == column {
            Some(false)
        } else {
            (sort.strip_prefix('-') == Some(column)).then_some(true)
        }
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        [
            &self.text,
            &self.account,
            &self.region,
            &self.kind,
            &self.protection,
        ]
        .iter()
        .any(|field| !field.is_empty())
    }

    /// The filter that this amounts to.
    pub fn filter(&self) -> Result<ResourceFilter, Invalid> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let (descending, sort) = match self.sort.strip_prefix('-') {
            Some(sort) => (true, sort),
            None => (false, self.sort.as_str()),
        };
        Ok(ResourceFilter {
            text: given(&self.text),
            account: given(&self.account).map(AccountId::parse).transpose()?,
            region: given(&self.region).map(Region::parse).transpose()?,
            resource_type: given(&self.kind).map(ResourceType::from),
            protection: given(&self.protection)
                .map(|word| {
                    Protection::parse(&word).ok_or_else(|| {
                        Invalid::new("protection", "must be protected, unprotected or failing")
                    })
                })
                .transpose()?,
            owner: None,
            sort: match sort {
                "" | "name" => ResourceSort::Name,
                "newest_point" => ResourceSort::NewestPoint,
                "size" => ResourceSort::Size,
                _ => return Err(Invalid::new("sort", "must be name, newest_point or size")),
            },
            descending,
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
    fn the_address_keeps_the_list() {
        let query = ResourceQuery {
            text: "orders & more".into(),
            account: "012345678901".into(),
            sort: "-size".into(),
            cursor: "abc=".into(),
            ..ResourceQuery::default()
        };
        let address = query.on("/resources");
        assert_eq!(
            ResourceQuery::parse(address.split_once('?').unwrap().1),
            query
        );
    }

    #[test]
    fn a_heading_sorts_and_sorts_back_from_the_first_page() {
        let list = ResourceQuery {
            cursor: "x".into(),
            ..ResourceQuery::default()
        };
        assert_eq!(list.order_of("name"), Some(false));
        let down = list.sorted_by("name");
        assert_eq!((down.sort.as_str(), down.cursor.as_str()), ("-name", ""));
        assert_eq!(down.sorted_by("name").sort, "name");
        assert_eq!(down.sorted_by("size").sort, "size");
    }

    #[test]
    fn nonsense_in_the_address_names_its_field() {
        let broken = |query: &str| ResourceQuery::parse(query).filter().unwrap_err().field;
        assert_eq!(broken("account=12"), "account id");
        assert_eq!(broken("region=moon"), "Region");
        assert_eq!(broken("protection=maybe"), "protection");
        assert_eq!(broken("sort=colour"), "sort");
    }
}
