use tidemark_records::ports::{ShardLease, Watermark};
use tidemark_services::error::StoreError;

use super::renew::of;
use crate::{convert::json, db::Db};

/// Saves how far a shard is read; false when the lease is lost.
pub(super) async fn save(
    db: &Db,
    lease: &ShardLease,
    watermark: &Watermark,
) -> Result<bool, StoreError> {
    let sql = of(lease, "UPDATE record_checkpoints SET watermark = $5").arg(json(watermark)?);
    Ok(db.execute(sql).await? > 0)
}
