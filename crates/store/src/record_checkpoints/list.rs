use tidemark_records::ports::ShardCheckpoint;
use tidemark_services::error::StoreError;

use crate::{
    convert::{from_json, time, unsigned},
    db::{Db, Sql},
};

type Row = (String, Option<String>, i64, i64, String);

/// All shards of a capture.
pub(super) async fn list(db: &Db, capture: &str) -> Result<Vec<ShardCheckpoint>, StoreError> {
    let sql = "SELECT shard, worker, epoch, until_at, watermark FROM record_checkpoints \
               WHERE capture = $1 ORDER BY shard";
    let rows: Vec<Row> = db.fetch_all(Sql::new(sql).arg(capture)).await?;
    rows.into_iter()
        .map(|(shard, worker, epoch, until, watermark)| {
            Ok(ShardCheckpoint {
                shard,
                worker,
                epoch: unsigned(epoch),
                until: time(until)?,
                watermark: from_json(&watermark)?,
            })
        })
        .collect()
}
