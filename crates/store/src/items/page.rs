use tidemark_domain::{
    Page,
    change::{ItemFilter, RunItem},
};
use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::row::{ITEM, ItemRow};
use crate::{
    cursor,
    db::{Db, Sql},
};

const LIST: &str = "run items";

pub(super) async fn page(
    db: &Db,
    list: Uuid,
    filter: &ItemFilter,
) -> Result<Page<RunItem>, StoreError> {
    let limit = cursor::limit(filter.limit, 1000)?;
    let mut sql = Sql::new(format!("SELECT {ITEM} FROM run_items WHERE list = "));
    sql.bind(list.to_string());
    if let Some(state) = filter.state {
        sql.push(" AND state = ").bind(state.as_str());
    }
    if let Some(cursor) = &filter.cursor {
        let after: i64 = cursor::unpack(LIST, cursor)?;
        sql.push(" AND number > ").bind(after);
    }
    sql.push(&format!(" ORDER BY number LIMIT {}", limit + 1));
    let mut rows: Vec<ItemRow> = db.fetch_all(sql).await?;
    let has_next = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(end) if has_next => Some(cursor::pack(LIST, &end.number)?),
        _ => None,
    };
    Ok(Page {
        items: rows
            .into_iter()
            .map(ItemRow::read)
            .collect::<Result<_, _>>()?,
        next,
        total: None,
    })
}
