use tidemark_domain::{Arn, cost::StoredBytes};
use tidemark_services::{error::StoreError, ports::StoredPart};

use crate::{
    convert::{from_word, parsed, unsigned},
    db::{Db, Sql},
    sum,
};

const GROUPS: &str = " GROUP BY s.account, s.region, p.resource_type, p.tier, p.plan_id \
                      ORDER BY s.account, s.region, p.resource_type, p.tier, p.plan_id";

#[derive(sqlx::FromRow)]
struct Row {
    account: String,
    region: String,
    resource_type: String,
    tier: String,
    plan_id: Option<String>,
    bytes: i64,
    points: i64,
}

pub(super) async fn stored(db: &Db, owner: Option<&str>) -> Result<Vec<StoredPart>, StoreError> {
    let mut sql = sums();
    if let Some(owner) = owner {
        sql.push(" JOIN resources r ON r.id = p.resource_id WHERE r.owner_key = ")
            .bind(owner.to_ascii_lowercase());
    }
    read(db, sql).await
}

pub(super) async fn stored_of(db: &Db, resource: &Arn) -> Result<Vec<StoredPart>, StoreError> {
    let mut sql = sums();
    sql.push(" WHERE p.resource_id = (SELECT id FROM resources WHERE arn = ")
        .bind(resource.as_str())
        .push(")");
    read(db, sql).await
}

fn sums() -> Sql {
    let bytes = sum::bytes("p.size_bytes");
    Sql::new(format!(
        "SELECT s.account, s.region, p.resource_type, p.tier, p.plan_id, {bytes} AS bytes, \
         COUNT(*) AS points FROM points p JOIN scopes s ON s.id = p.scope_id"
    ))
}

async fn read(db: &Db, mut sql: Sql) -> Result<Vec<StoredPart>, StoreError> {
    sql.push(GROUPS);
    let rows: Vec<Row> = db.fetch_all(sql).await?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredPart {
                account: parsed(row.account)?,
                plan_id: row.plan_id,
                stored: StoredBytes {
                    resource_type: row.resource_type.into(),
                    region: parsed(row.region)?,
                    tier: from_word(row.tier)?,
                    bytes: unsigned(row.bytes),
                    points: unsigned(row.points),
                },
            })
        })
        .collect()
}
