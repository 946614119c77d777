use tidemark_domain::{
    Page,
    vaults::{HoldFilter, HoldRow},
};
use tidemark_services::error::StoreError;

use super::{
    rows::{HOLD, HoldRow as Row},
    text::pattern,
};
use crate::{
    cursor,
    db::{Db, Sql},
};

const LIST: &str = "legal holds";

#[derive(sqlx::FromRow)]
struct Listed {
    id: i64,
    made_at: i64,
    alias: Option<String>,
    #[sqlx(flatten)]
    hold: Row,
}

/// Legal holds of every account, newest first.
pub(super) async fn hold_rows(db: &Db, filter: &HoldFilter) -> Result<Page<HoldRow>, StoreError> {
    let limit = cursor::limit(filter.limit, 200)?;
    let mut sql = Sql::new(format!(
        "SELECT h.id, h.created_at AS made_at, a.alias, {HOLD} FROM legal_holds h \
         JOIN scopes s ON s.id = h.scope_id LEFT JOIN accounts a ON a.account = s.account \
         WHERE h.id > 0"
    ));
    if let Some(account) = &filter.account {
        sql.push(" AND s.account = ").bind(account.as_str());
    }
    if let Some(region) = &filter.region {
        sql.push(" AND s.region = ").bind(region.as_str());
    }
    if let Some(active) = filter.active {
        let not = if active { "" } else { "NOT " };
        sql.push(&format!(
            " AND h.status {not}IN ('CREATING', 'ACTIVE', 'CANCELING')"
        ));
    }
    let text = filter.text.as_deref().map(str::trim);
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        // Holds are few.
        let pattern = pattern(&text.to_lowercase());
        sql.push(" AND (LOWER(h.title) LIKE ")
            .bind(pattern.clone())
            .push(" ESCAPE '\\' OR LOWER(h.description) LIKE ")
            .bind(pattern)
            .push(" ESCAPE '\\')");
    }
    if let Some(cursor) = &filter.cursor {
        let (at, id): (i64, i64) = cursor::unpack(LIST, cursor)?;
        sql.push(" AND (h.created_at, h.id) < ")
            .rows([[at.into(), id.into()]]);
    }
    sql.push(&format!(
        " ORDER BY h.created_at DESC, h.id DESC LIMIT {}",
        limit + 1
    ));
    let mut rows: Vec<Listed> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => Some(cursor::pack(LIST, &(last.made_at, last.id))?),
        _ => None,
    };
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(HoldRow {
                hold: row.hold.read()?,
                alias: row.alias.unwrap_or_default(),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Page {
        items,
        next,
        total: None,
    })
}
