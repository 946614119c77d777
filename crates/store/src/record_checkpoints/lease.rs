use jiff::Timestamp;
use tidemark_records::ports::{ShardLease, Watermark};
use tidemark_services::error::StoreError;

use crate::{
    convert::{json, millis, unsigned},
    db::{Db, Sql},
};

/// Takes or keeps a shard in one statement, so that of two workers one gets it.
pub(super) async fn lease(
    db: &Db,
    capture: &str,
    shard: &str,
    worker: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<ShardLease>, StoreError> {
    let sql = "INSERT INTO record_checkpoints (capture, shard, worker, epoch, until_at, watermark) \
               VALUES ($1, $2, $3, 1, $4, $5) \
               ON CONFLICT (capture, shard) DO UPDATE SET \
               epoch = record_checkpoints.epoch + CASE \
               WHEN record_checkpoints.worker = $3 AND record_checkpoints.until_at > $6 THEN 0 \
               ELSE 1 END, \
               worker = excluded.worker, until_at = excluded.until_at \
               WHERE record_checkpoints.worker IS NULL OR record_checkpoints.worker = $3 \
               OR record_checkpoints.until_at <= $6 \
               RETURNING epoch";
    let sql = Sql::new(sql)
        .arg(capture)
        .arg(shard)
        .arg(worker)
        .arg(millis(until))
        .arg(json(&Watermark::default())?)
        .arg(millis(now));
    let mut tx = db.begin().await?;
    let taken: Option<(i64,)> = tx.fetch_optional(sql).await?;
    tx.commit().await?;
    Ok(taken.map(|(epoch,)| ShardLease {
        capture: capture.to_owned(),
        shard: shard.to_owned(),
        worker: worker.to_owned(),
        epoch: unsigned(epoch),
    }))
}
