use tidemark_domain::Page;
use tidemark_services::{audit::AuditRecord, error::StoreError, ports::AuditFilter};

use super::row::{AuditRow, COLUMNS};
use crate::{
    cursor,
    db::{Db, Sql},
};

pub(super) async fn list(db: &Db, filter: &AuditFilter) -> Result<Page<AuditRecord>, StoreError> {
    let limit = cursor::limit(filter.limit, 200)?;
    let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM audit WHERE number > 0"));
    if let Some(actor) = &filter.actor {
        sql.push(" AND actor = ").bind(actor.as_str());
    }
    if let Some(action) = &filter.action {
        sql.push(" AND action = ").bind(action.as_str());
    }
    if let Some(cursor) = &filter.cursor {
        let before: i64 = cursor::unpack("audit", cursor)?;
        sql.push(" AND number < ").bind(before);
    }
    sql.push(&format!(" ORDER BY number DESC LIMIT {}", limit + 1));
    let mut rows: Vec<AuditRow> = db.fetch_all(sql).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let items = rows
        .into_iter()
        .map(AuditRow::read)
        .collect::<Result<Vec<_>, _>>()?;
    let next = match items.last() {
        Some(last) if more => Some(cursor::pack("audit", &last.number)?),
        _ => None,
    };
    Ok(Page {
        items,
        next,
        total: None,
    })
}
