//! What a filter comes to: which combinations of facets, which resources, and how many points at
//! most.

use tidemark_domain::{PointFilter, PointSource, ResourceType, Tier};
use tidemark_services::error::StoreError;

use super::super::text::{pattern, phrase};
use crate::db::{Db, Dialect, Sql};

/// More resources than this are not listed one by one.
const MOST_RESOURCES: usize = 2000;

/// More combinations than this are not listed one by one.
const MOST_FACETS: i64 = 2500;

/// What a filter comes to.
pub(super) struct Matches {
    pub(super) facets: Option<Facets>,
    pub(super) resources: Option<Resources>,
    /// All points of the catalogue.
    pub(super) all: i64,
}

/// The combinations that match.
pub(super) struct Facets {
    /// None when they are too many to be listed.
    pub(super) ids: Option<Vec<i64>>,
    pub(super) points: i64,
    pub(super) oldest: i64,
    pub(super) newest: i64,
}

/// The resources that match.
pub(super) struct Resources {
    /// None when they are too many to be listed.
    pub(super) listed: Option<Listed>,
    dialect: Dialect,
}

/// Resources one by one, and the points of all of them.
pub(super) struct Listed {
    pub(super) ids: Vec<i64>,
    pub(super) points: i64,
}

#[derive(sqlx::FromRow)]
struct FacetSums {
    facets: i64,
    points: i64,
    oldest: i64,
    newest: i64,
}

impl Matches {
    /// None when nothing can match.
    pub(super) async fn plan(db: &Db, filter: &PointFilter) -> Result<Option<Self>, StoreError> {
        let all = super::all(db).await?;
        let facets = if has_facets(filter) {
            match Facets::of(db, filter, all).await? {
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
            all,
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
            (None, Some(resources)) => resources.listed.as_ref().map(|listed| listed.points),
            (Some(_), Some(_)) => None,
        }
    }
}

fn has_facets(filter: &PointFilter) -> bool {
    filter.account.is_some()
        || filter.region.is_some()
        || !facets_of(filter).is_empty()
        || !flags_of(filter).is_empty()
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
    async fn of(db: &Db, filter: &PointFilter, all: i64) -> Result<Option<Self>, StoreError> {
        if let Some(most) = Self::most_of_all(db, filter, all).await? {
            return Ok(Some(most));
        }
        let mut sql = Sql::new(
            "SELECT COUNT(*) AS facets, CAST(COALESCE(SUM(points), 0) AS BIGINT) AS points, \
             COALESCE(MIN(oldest), 0) AS oldest, COALESCE(MAX(newest), 0) AS newest \
             FROM point_facets f WHERE f.points > 0",
        );
        facet_conditions(&mut sql, filter);
        let sums: Option<FacetSums> = db.fetch_optional(sql).await?;
        let Some(sums) = sums.filter(|sums| sums.facets > 0) else {
            return Ok(None);
        };
        let ids = if sums.facets <= MOST_FACETS {
            let mut sql = Sql::new("SELECT f.id FROM point_facets f WHERE f.points > 0");
            facet_conditions(&mut sql, filter);
            let rows: Vec<(i64,)> = db.fetch_all(sql).await?;
            Some(rows.into_iter().map(|(id,)| id).collect())
        } else {
            None
        };
        Ok(Some(Self {
            ids,
            points: sums.points,
            oldest: sums.oldest,
            newest: sums.newest,
        }))
    }

    /// Whole scopes that hold a good part of everything: no combination needs to be looked at, since
    /// a walk from either end soon meets a page of them.
    async fn most_of_all(
        db: &Db,
        filter: &PointFilter,
        all: i64,
    ) -> Result<Option<Self>, StoreError> {
        if !facets_of(filter).is_empty() || !flags_of(filter).is_empty() {
            return Ok(None);
        }
        let mut sql = Sql::new(
            "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM scopes s WHERE s.id > 0",
        );
        scope_conditions(&mut sql, filter);
        let sum: Option<(i64,)> = db.fetch_optional(sql).await?;
        Ok(sum
            .map(|(points,)| points)
            .filter(|points| *points > 0 && points.saturating_mul(4) >= all)
            .map(|points| Self {
                ids: None,
                points,
                oldest: i64::MIN,
                newest: i64::MAX,
            }))
    }
}

impl Facets {
    /// Appends `IN (…)`.
    pub(super) fn push(&self, sql: &mut Sql, filter: &PointFilter, dialect: Dialect) {
        if let Some(ids) = &self.ids {
            sql.among(ids, dialect);
        } else {
            sql.push(" IN (SELECT f.id FROM point_facets f WHERE f.points > 0");
            facet_conditions(sql, filter);
            sql.push(")");
        }
    }
}

/// The conditions of a filter on combinations.
fn facets_of(filter: &PointFilter) -> Vec<(&'static str, &str)> {
    [
        ("f.vault", filter.vault.as_deref()),
        (
            "f.resource_type",
            filter.resource_type.as_ref().map(ResourceType::as_str),
        ),
        ("f.status", filter.status.as_deref()),
        ("f.tier", filter.tier.map(Tier::as_str)),
        ("f.source", filter.source.map(PointSource::word)),
        ("f.plan_id", filter.plan.as_deref()),
    ]
    .into_iter()
    .filter_map(|(column, value)| Some((column, value?)))
    .collect()
}

fn flags_of(filter: &PointFilter) -> Vec<(&'static str, bool)> {
    [("f.held", filter.held), ("f.locked", filter.locked)]
        .into_iter()
        .filter_map(|(column, value)| Some((column, value?)))
        .collect()
}

/// Appends `AND …` on the combinations `f` that match.
pub(super) fn facet_conditions(sql: &mut Sql, filter: &PointFilter) {
    for (column, value) in facets_of(filter) {
        sql.push(&format!(" AND {column} = ")).bind(value);
    }
    for (column, value) in flags_of(filter) {
        sql.push(&format!(" AND {column} = ")).bind(value);
    }
    if filter.account.is_some() || filter.region.is_some() {
        sql.push(" AND f.scope_id IN (SELECT s.id FROM scopes s WHERE s.id > 0");
        scope_conditions(sql, filter);
        sql.push(")");
    }
}

/// Appends `AND …` on the scopes `s` that match.
fn scope_conditions(sql: &mut Sql, filter: &PointFilter) {
    if let Some(account) = &filter.account {
        sql.push(" AND s.account = ").bind(account.as_str());
    }
    if let Some(region) = &filter.region {
        sql.push(" AND s.region = ").bind(region.as_str());
    }
}

impl Resources {
    async fn of(db: &Db, filter: &PointFilter) -> Result<Option<Self>, StoreError> {
        let dialect = db.dialect();
        let mut sql = Sql::new("SELECT id, points FROM resources WHERE points > 0");
        resource_conditions(&mut sql, filter, dialect, true);
        sql.push(&format!(" LIMIT {}", MOST_RESOURCES + 1));
        let rows: Vec<(i64, i64)> = db.fetch_all(sql).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let listed = (rows.len() <= MOST_RESOURCES).then(|| Listed {
            points: rows.iter().map(|(_, points)| points).sum(),
            ids: rows.into_iter().map(|(id, _)| id).collect(),
        });
        Ok(Some(Self { listed, dialect }))
    }

    /// Appends `IN (…)`.
    pub(super) fn push(&self, sql: &mut Sql, filter: &PointFilter) {
        if let Some(listed) = &self.listed {
            sql.among(&listed.ids, self.dialect);
        } else {
            sql.push(" IN (SELECT id FROM resources WHERE points > 0");
            resource_conditions(sql, filter, self.dialect, true);
            sql.push(")");
        }
    }

    /// Appends `AND …` on one resource, found already.
    pub(super) fn conditions(&self, sql: &mut Sql, filter: &PointFilter) {
        resource_conditions(sql, filter, self.dialect, false);
    }
}

/// Appends `AND …` on the resources that match; `searched` if a text is to be found by its index.
fn resource_conditions(sql: &mut Sql, filter: &PointFilter, dialect: Dialect, searched: bool) {
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
        } else if searched && dialect == Dialect::Sqlite && text.chars().count() >= 3 {
            sql.push("id IN (SELECT rowid FROM resource_text WHERE resource_text MATCH ")
                .bind(phrase(&text))
                .push(")");
        } else {
            match dialect {
                Dialect::Sqlite => sql.push("instr(search, ").bind(text).push(") > 0"),
                Dialect::Postgres => sql.push("search LIKE ").bind(pattern(&text)),
            };
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
