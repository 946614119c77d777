//! What a filter comes to: which combinations of facets, which resources, and how many points at
//! most.

use tidemark_domain::{PointFilter, PointSource, ResourceType, Tier};
use tidemark_services::error::StoreError;

use crate::db::{Db, Dialect, Sql};

/// More resources than this are not listed one by one.
const MOST_RESOURCES: usize = 2000;

/// What a filter comes to.
pub(super) struct Matches {
    pub(super) facets: Option<Facets>,
    pub(super) resources: Option<Resources>,
    /// All points of the catalogue.
    pub(super) all: i64,
}

/// The combinations that match.
pub(super) struct Facets {
    pub(super) ids: Vec<i64>,
    pub(super) points: i64,
    pub(super) oldest: i64,
    pub(super) newest: i64,
}

/// The resources that match.
pub(super) struct Resources {
    /// None when they are too many to be listed.
    pub(super) ids: Option<Vec<i64>>,
    pub(super) points: i64,
    dialect: Dialect,
}

#[derive(sqlx::FromRow)]
struct FacetRow {
    id: i64,
    points: i64,
    oldest: i64,
    newest: i64,
}

impl Matches {
    /// None when nothing can match.
    pub(super) async fn plan(db: &Db, filter: &PointFilter) -> Result<Option<Self>, StoreError> {
        let facets = if has_facets(filter) {
            match Facets::of(db, filter).await? {
                Some(facets) => Some(facets),
                None => return Ok(None),
            }
        } else {
            None
        };
        let resources = if has_resources(filter) {
            match Resources::of(db, filter).await? {
                Some(resources) => Some(resources),
                None => return Ok(None),
            }
        } else {
            None
        };
        Ok(Some(Self {
            facets,
            resources,
            all: super::all(db).await?,
        }))
    }

    /// How many match, where a sum tells exactly.
    pub(super) fn exact(&self, filter: &PointFilter) -> Option<i64> {
        if filter.from.is_some() || filter.until.is_some() || arn_of_point(filter).is_some() {
            return None;
        }
        match (&self.facets, &self.resources) {
            (None, None) => Some(self.all),
            (Some(facets), None) => Some(facets.points),
            (None, Some(resources)) => Some(resources.points),
            (Some(_), Some(_)) => None,
        }
    }
}

fn has_facets(filter: &PointFilter) -> bool {
    filter.account.is_some()
        || filter.region.is_some()
        || filter.vault.is_some()
        || filter.resource_type.is_some()
        || filter.status.is_some()
        || filter.tier.is_some()
        || filter.source.is_some()
        || filter.plan.is_some()
        || filter.held.is_some()
        || filter.locked.is_some()
}

fn has_resources(filter: &PointFilter) -> bool {
    filter.resource.is_some()
        || filter.owner.is_some()
        || filter.tag.is_some()
        || text(filter).is_some()
}

/// The text to look for, in lower case.
fn text(filter: &PointFilter) -> Option<String> {
    filter
        .text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_lowercase)
}

impl Facets {
    async fn of(db: &Db, filter: &PointFilter) -> Result<Option<Self>, StoreError> {
        let mut sql = Sql::new("SELECT f.id, f.points, f.oldest, f.newest ");
        facet_conditions(&mut sql, filter);
        let rows: Vec<FacetRow> = db.fetch_all(sql).await?;
        let (Some(oldest), Some(newest)) = (
            rows.iter().map(|row| row.oldest).min(),
            rows.iter().map(|row| row.newest).max(),
        ) else {
            return Ok(None);
        };
        Ok(Some(Self {
            points: rows.iter().map(|row| row.points).sum(),
            oldest,
            newest,
            ids: rows.into_iter().map(|row| row.id).collect(),
        }))
    }
}

/// `FROM … WHERE …` of the combinations that match.
pub(super) fn facet_conditions(sql: &mut Sql, filter: &PointFilter) {
    sql.push("FROM point_facets f JOIN scopes s ON s.id = f.scope_id WHERE f.points > 0");
    let conditions = [
        ("s.account", filter.account.as_ref().map(AsRef::as_ref)),
        ("s.region", filter.region.as_ref().map(AsRef::as_ref)),
        ("f.vault", filter.vault.as_deref()),
        (
            "f.resource_type",
            filter.resource_type.as_ref().map(ResourceType::as_str),
        ),
        ("f.status", filter.status.as_deref()),
        ("f.tier", filter.tier.map(Tier::as_str)),
        ("f.source", filter.source.map(PointSource::word)),
        ("f.plan_id", filter.plan.as_deref()),
    ];
    for (column, value) in conditions {
        if let Some(value) = value {
            sql.push(&format!(" AND {column} = ")).bind(value);
        }
    }
    for (column, value) in [("f.held", filter.held), ("f.locked", filter.locked)] {
        if let Some(value) = value {
            sql.push(&format!(" AND {column} = ")).bind(value);
        }
    }
}

impl Resources {
    async fn of(db: &Db, filter: &PointFilter) -> Result<Option<Self>, StoreError> {
        let dialect = db.dialect();
        let mut sql = Sql::new("SELECT id, points ");
        resource_conditions(&mut sql, filter, dialect);
        sql.push(&format!(" LIMIT {}", MOST_RESOURCES + 1));
        let rows: Vec<(i64, i64)> = db.fetch_all(sql).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        if rows.len() > MOST_RESOURCES {
            let mut sql = Sql::new("SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) ");
            resource_conditions(&mut sql, filter, dialect);
            let sum: Option<(i64,)> = db.fetch_optional(sql).await?;
            return Ok(Some(Self {
                ids: None,
                points: sum.map_or(0, |(sum,)| sum),
                dialect,
            }));
        }
        Ok(Some(Self {
            points: rows.iter().map(|(_, points)| points).sum(),
            ids: Some(rows.into_iter().map(|(id, _)| id).collect()),
            dialect,
        }))
    }

    /// Appends `(…)` for `IN`.
    pub(super) fn push(&self, sql: &mut Sql, filter: &PointFilter) {
        if let Some(ids) = &self.ids {
            sql.list(ids.iter().copied());
        } else {
            sql.push("(SELECT id ");
            resource_conditions(sql, filter, self.dialect);
            sql.push(")");
        }
    }
}

/// `FROM … WHERE …` of the resources that match and have points.
fn resource_conditions(sql: &mut Sql, filter: &PointFilter, dialect: Dialect) {
    sql.push("FROM resources WHERE points > 0");
    if let Some(arn) = &filter.resource {
        sql.push(" AND arn = ").bind(arn.as_str());
    }
    if let Some(owner) = &filter.owner {
        sql.push(" AND owner_key = ")
            .bind(owner.to_ascii_lowercase());
    }
    if let Some(tag) = &filter.tag {
        sql.push(" AND ");
        position(sql, "tags", tag_text(tag), dialect);
    }
    if let Some(text) = text(filter) {
        sql.push(" AND ");
        if let Some(arn) = arn_of_point(filter) {
            sql.push(
                "id IN (SELECT resource_id FROM points \
                 WHERE scope_id IN (SELECT id FROM scopes) AND arn = ",
            )
            .bind(arn)
            .push(")");
        } else if dialect == Dialect::Sqlite && text.chars().count() >= 3 {
            sql.push("id IN (SELECT rowid FROM resource_text WHERE resource_text MATCH ")
                .bind(format!("\"{}\"", text.replace('"', "\"\"")))
                .push(")");
        } else {
            position(sql, "search", text, dialect);
        }
    }
}

/// The text, if it may be the whole ARN of a point rather than part of a resource's name or ARN.
pub(super) fn arn_of_point(filter: &PointFilter) -> Option<&str> {
    let text = filter.text.as_deref()?.trim();
    let parts = ["recovery-point:", "snapshot", ":image/", "/backup/"];
    (text.starts_with("arn:") && parts.iter().any(|part| text.contains(part))).then_some(text)
}

/// The tag as the column's JSON has it: `"key":"value"` or `"key":`.
fn tag_text(tag: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text.trim()).to_string();
    match tag.split_once('=') {
        Some((key, value)) => format!("{}:{}", quoted(key), quoted(value)),
        None => format!("{}:", quoted(tag)),
    }
}

/// Whether the column holds the text, taken literally.
fn position(sql: &mut Sql, column: &str, text: String, dialect: Dialect) {
    match dialect {
        Dialect::Sqlite => sql
            .push(&format!("instr({column}, "))
            .bind(text)
            .push(") > 0"),
        Dialect::Postgres => sql
            .push(&format!("strpos({column}, "))
            .bind(text)
            .push(") > 0"),
    };
}
