use jiff::Timestamp;
use tidemark_domain::Arn;
use tidemark_services::{error::StoreError, ports::ItemOutcome};
use uuid::Uuid;

use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn record(
    db: &Db,
    list: Uuid,
    outcomes: &[ItemOutcome],
    at: Timestamp,
) -> Result<(), StoreError> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    for outcome in outcomes {
        let sql = "UPDATE run_items SET state = $1, message = $2, request_id = $3, at = $4, \
                   job = COALESCE($5, job), made = $6 \
                   WHERE list = $7 AND number = $8 AND state <> 'done'";
        let sql = Sql::new(sql)
            .arg(outcome.state.as_str())
            .arg(outcome.message.as_deref())
            .arg(outcome.request_id.as_deref())
            .arg(millis(at))
            .arg(outcome.job.as_deref())
            .arg(outcome.made.as_ref().map(Arn::as_str))
            .arg(list.to_string())
            .arg(i64::from(outcome.number));
        tx.execute(sql).await?;
    }
    tx.commit().await
}

pub(super) async fn reopen(db: &Db, list: Uuid) -> Result<u64, StoreError> {
    let sql = "UPDATE run_items SET state = 'pending', message = NULL, request_id = NULL, job = NULL, \
               attempt = attempt + 1 \
               WHERE list = $1 AND state = 'failed'";
    db.execute(Sql::new(sql).arg(list.to_string())).await
}
