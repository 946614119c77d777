//! Which rows match, and by which index they are found.
//!
//! The most telling filter leads; the others are kept from tempting SQLite, which has no statistics,
//! to walk a worse index.

use tidemark_domain::ResourceFilter;
use tidemark_services::error::StoreError;

use super::super::text::{pattern, phrase};
use crate::db::{Db, Dialect, Sql};

/// Up to so many resources that hold a text are looked up by the text and then sorted. When more
/// hold it, walking them in order meets a page of matches soon.
const FEW: usize = 2000;

/// How the rows of a filter are found.
pub(super) struct Matches {
    /// The text to look for, in lower case.
    text: Option<String>,
    /// The rows that hold the text, where they are so few that they lead.
    holding: Option<Vec<i64>>,
}

impl Matches {
    pub(super) async fn plan(db: &Db, filter: &ResourceFilter) -> Result<Self, StoreError> {
        let text = filter
            .text
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_lowercase);
        let holding = match (&text, db.dialect()) {
            (Some(text), Dialect::Sqlite) if text.chars().count() >= 3 => {
                let sql = format!(
                    "SELECT rowid FROM resource_text WHERE resource_text MATCH $1 LIMIT {}",
                    FEW + 1
                );
                let ids: Vec<(i64,)> = db.fetch_all(Sql::new(sql).arg(phrase(text))).await?;
                (ids.len() <= FEW).then(|| ids.into_iter().map(|(id,)| id).collect())
            }
            // PostgreSQL decides by its own statistics.
            _ => None,
        };
        Ok(Self { text, holding })
    }

    /// Appends the conditions.
    pub(super) fn push(&self, sql: &mut Sql, dialect: Dialect, filter: &ResourceFilter) {
        if let Some(text) = &self.text {
            match (&self.holding, dialect) {
                (Some(ids), _) => {
                    sql.push(" AND id").among(ids, dialect);
                }
                (None, Dialect::Sqlite) => {
                    sql.push(" AND instr(search, ")
                        .bind(text.as_str())
                        .push(") > 0");
                }
                (None, Dialect::Postgres) => {
                    sql.push(" AND search LIKE ").bind(pattern(text));
                }
            }
        }
        let owner = filter.owner.as_deref().map(str::to_ascii_lowercase);
        let conditions = [
            ("owner_key", owner.as_deref()),
            ("account", filter.account.as_ref().map(AsRef::as_ref)),
            (
                "protection",
                filter.protection.map(tidemark_domain::Protection::as_str),
            ),
            (
                "resource_type",
                filter
                    .resource_type
                    .as_ref()
                    .map(tidemark_domain::ResourceType::as_str),
            ),
            ("region", filter.region.as_ref().map(AsRef::as_ref)),
        ];
        let mut indexed = self.holding.is_none();
        for (column, value) in conditions {
            if let Some(value) = value {
                let hidden = if indexed || dialect == Dialect::Postgres {
                    ""
                } else {
                    "+"
                };
                sql.push(&format!(" AND {hidden}{column} = ")).bind(value);
                indexed = false;
            }
        }
    }
}
