use tidemark_services::{
    audit::{AuditEntry, AuditRecord},
    error::StoreError,
};

use crate::{
    convert::json,
    db::{Db, Sql, Tx},
};

pub(super) async fn append(db: &Db, entry: &AuditEntry) -> Result<AuditRecord, StoreError> {
    let mut tx = db.begin().await?;
    let record = append_within(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(record)
}

/// The same in a transaction that writes something else besides.
pub(crate) async fn append_within(
    tx: &mut Tx,
    entry: &AuditEntry,
) -> Result<AuditRecord, StoreError> {
    tx.lock("audit").await?;
    let last = "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1";
    let last: Option<(i64, String)> = tx.fetch_optional(Sql::new(last)).await?;
    let (number, previous) = last.unwrap_or_else(|| (0, AuditRecord::GENESIS.to_owned()));
    let record = AuditRecord::chain(number + 1, &previous, entry.clone());
    let sql = "INSERT INTO audit (number, actor, action, entry, previous, hash) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let sql = Sql::new(sql)
        .arg(record.number)
        .arg(record.entry.actor.as_str())
        .arg(record.entry.action.as_str())
        .arg(json(&record.entry)?)
        .arg(record.previous.as_str())
        .arg(record.hash.as_str());
    tx.execute(sql).await?;
    Ok(record)
}
