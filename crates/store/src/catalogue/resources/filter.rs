//! Which rows match, and by which index they are found.
//!
//! The most telling filter leads; the others are kept from tempting SQLite, which has no statistics,
//! to walk a worse index.

use tidemark_domain::ResourceFilter;
use tidemark_services::error::StoreError;

use crate::db::{Db, Dialect, Sql};

/// Up to so many resources that hold a text are looked up by the text and then sorted. When more
/// hold it, walking them in order meets a page of matches soon.
const FEW: usize = 2000;

/// How the rows of a filter are found.
pub(super) struct Matches {
    /// The text to look for, in lower case.
    text: Option<String>,
    /// So few rows hold the text that they are looked up by it.
    by_text: bool,
}

impl Matches {
    pub(super) async fn plan(db: &Db, filter: &ResourceFilter) -> Result<Self, StoreError> {
        let text = filter
            .text
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_lowercase);
        let by_text = match (&text, db.dialect()) {
            (Some(text), Dialect::Sqlite) if text.chars().count() >= 3 => {
                let sql = format!(
                    "SELECT COUNT(*) FROM (SELECT rowid FROM resource_text \
                     WHERE resource_text MATCH $1 LIMIT {})",
                    FEW + 1
                );
                let sql = Sql::new(sql).arg(phrase(text));
                let count: Option<(i64,)> = db.fetch_optional(sql).await?;
                count.is_some_and(|(count,)| usize::try_from(count).is_ok_and(|n| n <= FEW))
            }
            // PostgreSQL decides by its own statistics.
            _ => false,
        };
        Ok(Self { text, by_text })
    }

    /// Appends the conditions.
    pub(super) fn push(&self, sql: &mut Sql, dialect: Dialect, filter: &ResourceFilter) {
        if let Some(text) = &self.text {
            match dialect {
                Dialect::Sqlite if self.by_text => {
                    sql.push(
                        " AND id IN (SELECT rowid FROM resource_text WHERE resource_text MATCH ",
                    )
                    .bind(phrase(text))
                    .push(")");
                }
                Dialect::Sqlite => {
                    sql.push(" AND instr(search, ")
                        .bind(text.as_str())
                        .push(") > 0");
                }
                Dialect::Postgres => {
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
        let mut indexed = !self.by_text;
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

/// The text as one phrase of the full-text index.
fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The text anywhere, taken literally.
fn pattern(text: &str) -> String {
    let literal = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{literal}%")
}
