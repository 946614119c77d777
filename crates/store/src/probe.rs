use std::time::Duration;

use tidemark_services::error::{Outage, StoreError};
use tokio::time::timeout;

use crate::db::{Db, Dialect, Sql, Tx};

/// So much is written: more than what finds place where little else does.
const BYTES: usize = 32 * 1024;
/// How long the probe stands in line behind other writers.
const IN_LINE: Duration = Duration::from_millis(700);
/// So long ago something else was written, at most, for a busy database to be a working one.
const LATELY: Duration = Duration::from_secs(10);

/// Writes, to see whether that can be done. In a file there is one writer: where others write, it looks at how they fare.
pub(crate) async fn probe(db: &Db) -> Result<(), StoreError> {
    match db.dialect() {
        Dialect::Postgres => write(db.begin_within(IN_LINE).await?).await?,
        Dialect::Sqlite => match timeout(IN_LINE, async { write(db.begin().await?).await }).await {
            Err(_) if db.health.wrote_within(LATELY) => {}
            Err(_) => {
                return Err(StoreError::Unavailable {
                    outage: Outage::Busy,
                    source: "the probe's turn to write has not come".into(),
                });
            }
            Ok(written) => written?,
        },
    }
    // There may be place for the probe and for nothing else.
    match db.health.trouble() {
        Some(outage) => Err(StoreError::Unavailable {
            outage,
            source: "a write failed a moment ago".into(),
        }),
        None => Ok(()),
    }
}

async fn write(mut tx: Tx) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE probe SET turn = turn + 1");
    if tx.dialect() == Dialect::Sqlite {
        // Its file system is ours.
        sql.push(", bytes = ").bind("0".repeat(BYTES));
    }
    sql.push(" WHERE id = 1");
    tx.execute(sql).await?;
    tx.commit().await
}
