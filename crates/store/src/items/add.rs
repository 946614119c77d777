use tidemark_domain::change::RunItem;
use tidemark_services::error::StoreError;
use uuid::Uuid;

use super::CHUNK;
use crate::{
    convert::{millis, signed},
    db::{Arg, Db, Sql},
};

const INSERT: &str = "INSERT INTO run_items (list, number, account, region, vault, point, resource, \
                      created_at, size_bytes, cold_after, delete_after, state, message, request_id, \
                      at) VALUES ";

pub(super) async fn add(db: &Db, list: Uuid, items: &[RunItem]) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let there = "SELECT number FROM run_items WHERE list = $1 LIMIT 1";
    let there: Option<(i64,)> = tx
        .fetch_optional(Sql::new(there).arg(list.to_string()))
        .await?;
    if there.is_none() {
        for chunk in items.chunks(CHUNK) {
            let mut sql = Sql::new(INSERT);
            sql.rows(chunk.iter().map(|item| row(list, item)))
                .push(" ON CONFLICT (list, number) DO NOTHING");
            tx.execute(sql.once()).await?;
        }
    }
    tx.commit().await
}

fn row(list: Uuid, item: &RunItem) -> [Arg; 15] {
    [
        list.to_string().into(),
        i64::from(item.number).into(),
        item.account.as_str().into(),
        item.region.as_str().into(),
        item.vault.as_str().into(),
        item.point.as_str().into(),
        item.resource.as_str().into(),
        millis(item.created_at).into(),
        item.size_bytes.map(signed).into(),
        item.lifecycle.cold_after_days.into(),
        item.lifecycle.delete_after_days.into(),
        item.state.as_str().into(),
        item.message.as_deref().into(),
        item.request_id.as_deref().into(),
        item.at.map(millis).into(),
    ]
}
