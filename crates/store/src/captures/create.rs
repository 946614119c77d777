use tidemark_domain::records::{Capture, CaptureStatus};
use tidemark_services::error::StoreError;

use crate::{
    convert::{json, millis},
    db::{Db, Sql},
};

pub(super) async fn create(db: &Db, capture: &Capture) -> Result<(), StoreError> {
    let sql = "INSERT INTO captures (id, account, region, source, bucket, prefix, layout, mode, \
               created_at, created_by, status) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let sql = Sql::new(sql)
        .arg(capture.id.as_str())
        .arg(capture.account.as_str())
        .arg(capture.region.as_str())
        .arg(capture.table.as_str())
        .arg(capture.bucket.as_str())
        .arg(capture.prefix.as_str())
        .arg(capture.layout.as_str())
        .arg(capture.mode.as_str())
        .arg(millis(capture.created_at))
        .arg(capture.created_by.as_str())
        .arg(json(&CaptureStatus::default())?);
    if db.execute(sql).await? == 0 {
        return Err(StoreError::Conflict(format!(
            "the table {} is backed up into the bucket {} at this prefix already",
            capture.table_name(),
            capture.bucket
        )));
    }
    Ok(())
}
