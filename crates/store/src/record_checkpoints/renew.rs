use jiff::Timestamp;
use tidemark_records::ports::ShardLease;
use tidemark_services::error::StoreError;

use crate::{
    convert::{millis, signed},
    db::{Db, Sql},
};

/// The end of every statement that needs the lease: whose epoch passed touches nothing.
pub(super) const HELD: &str = " WHERE capture = $1 AND shard = $2 AND worker = $3 AND epoch = $4";

/// A statement on the line of a lease.
pub(super) fn of(lease: &ShardLease, text: &str) -> Sql {
    Sql::new(format!("{text}{HELD}"))
        .arg(lease.capture.as_str())
        .arg(lease.shard.as_str())
        .arg(lease.worker.as_str())
        .arg(signed(lease.epoch))
}

/// Prolongs a lease; false when it is lost.
pub(super) async fn renew(
    db: &Db,
    lease: &ShardLease,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let sql = of(lease, "UPDATE record_checkpoints SET until_at = $5").arg(millis(until));
    Ok(db.execute(sql).await? > 0)
}

/// Gives a shard back.
pub(super) async fn release(db: &Db, lease: &ShardLease) -> Result<(), StoreError> {
    db.execute(of(lease, "UPDATE record_checkpoints SET worker = NULL"))
        .await?;
    Ok(())
}
