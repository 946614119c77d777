use tidemark_domain::{Arn, Page, Scope, VaultContents, VaultDetail, VaultFilter, VaultRow};
use tidemark_services::error::StoreError;

use super::{holds::holds, text::pattern};
use crate::{
    convert::{optional, optional_time, parsed, unsigned},
    cursor,
    db::{Db, Sql},
    sum,
};

/// Where a page ended: name of the last vault, and its id.
type Key = (String, i64);

const LIST: &str = "vaults";

const ROW: &str = "v.id, v.name, v.arn, s.account, s.region, a.alias, v.points, v.locked, \
     v.lock_date, v.min_retention_days, v.max_retention_days, v.kind, v.created_at, \
     v.encryption_key";

/// The sums of what lies in the vaults `v` of the scopes `s`.
fn contents_sql() -> String {
    let bytes = sum::bytes("f.bytes");
    format!(
        "SELECT v.id, CAST(SUM(f.points) AS BIGINT), {bytes}, \
     CAST(SUM(CASE WHEN f.tier = 'cold' THEN f.points ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN f.status = 'EXPIRED' THEN f.points ELSE 0 END) AS BIGINT), \
     CAST(SUM(CASE WHEN f.held = 1 THEN f.points ELSE 0 END) AS BIGINT), \
     MIN(f.oldest), MAX(f.newest) FROM vaults v \
     JOIN point_facets f ON f.scope_id = v.scope_id AND f.vault = v.name WHERE v.id IN "
    )
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    arn: String,
    account: String,
    region: String,
    alias: Option<String>,
    points: i64,
    locked: i64,
    lock_date: Option<i64>,
    min_retention_days: Option<i64>,
    max_retention_days: Option<i64>,
    kind: String,
    created_at: Option<i64>,
    encryption_key: Option<String>,
}

type Sums = (i64, i64, i64, i64, i64, i64, i64, i64);

/// Vaults of every account, by name.
pub(super) async fn vault_rows(
    db: &Db,
    filter: &VaultFilter,
) -> Result<Page<VaultRow>, StoreError> {
    let limit = cursor::limit(filter.limit, 200)?;
    let mut sql = select();
    let after: Option<Key> = match &filter.cursor {
        Some(cursor) => Some(cursor::unpack(LIST, cursor)?),
        None => None,
    };
    sql.push(" WHERE v.id > 0");
    if let Some(account) = &filter.account {
        sql.push(" AND s.account = ").bind(account.as_str());
    }
    if let Some(region) = &filter.region {
        sql.push(" AND s.region = ").bind(region.as_str());
    }
    if let Some(locked) = filter.locked {
        sql.push(" AND v.locked = ").bind(locked);
    }
    if let Some(text) = filter.text.as_deref().map(str::trim)
        && !text.is_empty()
    {
        // Vaults are few.
        sql.push(" AND LOWER(v.name) LIKE ")
            .bind(pattern(&text.to_lowercase()));
        sql.push(" ESCAPE '\\'");
    }
    if let Some((name, id)) = after {
        sql.push(" AND (v.name, v.id) > ")
            .rows([[name.into(), id.into()]]);
    }
    sql.push(&format!(" ORDER BY v.name, v.id LIMIT {}", limit + 1));
    let mut rows: Vec<Row> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => Some(cursor::pack(LIST, &(&last.name, last.id))?),
        _ => None,
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let contents = contents(db, ids).await?;
    let items = rows
        .into_iter()
        .map(|row| row.read(&contents))
        .collect::<Result<_, _>>()?;
    Ok(Page {
        items,
        next,
        total: None,
    })
}

/// One vault with everything that its page shows.
pub(super) async fn vault(db: &Db, arn: &Arn) -> Result<Option<VaultDetail>, StoreError> {
    let mut sql = select();
    sql.push(" WHERE v.arn = ").bind(arn.as_str());
    sql.push(" ORDER BY v.id LIMIT 1");
    let Some(row) = db.fetch_optional::<Row>(sql).await? else {
        return Ok(None);
    };
    let id = row.id;
    let contents = contents(db, vec![id]).await?;
    let VaultRow {
        mut vault,
        alias,
        contents,
    } = row.read(&contents)?;
    let policy = "SELECT access_policy FROM vaults WHERE id = $1";
    let policy: Option<(Option<String>,)> = db.fetch_optional(Sql::new(policy).arg(id)).await?;
    vault.access_policy = policy.and_then(|(policy,)| policy);
    let scope = Scope {
        account: vault.account.clone(),
        region: vault.region.clone(),
    };
    let vaults = "SELECT COUNT(*) FROM vaults WHERE scope_id = \
                  (SELECT scope_id FROM vaults WHERE id = $1)";
    let vaults: Option<(i64,)> = db.fetch_optional(Sql::new(vaults).arg(id)).await?;
    let all_holds = holds(db, &scope).await?;
    let active = all_holds.iter().filter(|hold| hold.is_active()).count();
    Ok(Some(VaultDetail {
        alias,
        contents,
        vaults: vaults.map_or(0, |(number,)| unsigned(number)),
        active_holds: u64::try_from(active).unwrap_or(u64::MAX),
        holds: all_holds
            .into_iter()
            .filter(|hold| hold.reaches(&vault.name))
            .collect(),
        vault,
    }))
}

fn select() -> Sql {
    Sql::new(format!(
        "SELECT {ROW} FROM vaults v JOIN scopes s ON s.id = v.scope_id \
         LEFT JOIN accounts a ON a.account = s.account"
    ))
}

async fn contents(db: &Db, ids: Vec<i64>) -> Result<Vec<(i64, VaultContents)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(contents_sql());
    sql.list(ids).push(" GROUP BY v.id");
    let sums: Vec<Sums> = db.fetch_all(sql).await?;
    sums.into_iter()
        .map(|(id, points, bytes, cold, expired, held, oldest, newest)| {
            let contents = VaultContents {
                points: unsigned(points),
                bytes: unsigned(bytes),
                cold: unsigned(cold),
                expired: unsigned(expired),
                held: unsigned(held),
                oldest: optional_time((points > 0).then_some(oldest))?,
                newest: optional_time((points > 0).then_some(newest))?,
            };
            Ok((id, contents))
        })
        .collect()
}

impl Row {
    fn read(self, contents: &[(i64, VaultContents)]) -> Result<VaultRow, StoreError> {
        let contents = contents.iter().find(|(id, _)| *id == self.id);
        Ok(VaultRow {
            vault: tidemark_domain::Vault {
                name: self.name,
                arn: parsed(self.arn)?,
                account: parsed(self.account)?,
                region: parsed(self.region)?,
                points: unsigned(self.points),
                locked: self.locked != 0,
                lock_date: optional_time(self.lock_date)?,
                min_retention_days: self.min_retention_days,
                max_retention_days: self.max_retention_days,
                kind: self.kind.into(),
                created_at: optional_time(self.created_at)?,
                encryption_key: optional(self.encryption_key)?,
                access_policy: None,
            },
            alias: self.alias.unwrap_or_default(),
            contents: contents.map(|(_, contents)| *contents).unwrap_or_default(),
        })
    }
}
