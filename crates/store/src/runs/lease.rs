use jiff::Timestamp;
use tidemark_runs::{LeaseKey, Renewal, StoreError};

use super::{
    failed, micros,
    row::{from_json, number},
};
use crate::db::{Db, Sql};

pub(super) async fn renew(
    db: &Db,
    leases: &[LeaseKey],
    until: Timestamp,
) -> Result<Vec<Renewal>, StoreError> {
    let mut answers = Vec::with_capacity(leases.len());
    let mut tx = db.begin().await.map_err(failed)?;
    for key in leases {
        let sql = "UPDATE runs SET lease_expires = $4 WHERE id = $1 AND lease_owner = $2 \
                   AND lease_epoch = $3 RETURNING cancel, cancel_seen";
        let sql = Sql::new(sql)
            .arg(key.run.to_string())
            .arg(key.owner.as_str())
            .arg(number(key.epoch)?)
            .arg(micros(until));
        let row: Option<(Option<String>, i64)> = tx.fetch_optional(sql).await.map_err(failed)?;
        answers.push(match row {
            None => Renewal::Lost,
            Some((Some(cancel), 0)) => Renewal::Renewed {
                cancel: Some(from_json(&cancel)?),
            },
            Some(_) => Renewal::Renewed { cancel: None },
        });
    }
    tx.commit().await.map_err(failed)?;
    Ok(answers)
}

pub(super) async fn release(db: &Db, key: &LeaseKey) -> Result<(), StoreError> {
    let sql = "UPDATE runs SET lease_owner = NULL, lease_expires = NULL \
               WHERE id = $1 AND lease_owner = $2 AND lease_epoch = $3";
    let sql = Sql::new(sql)
        .arg(key.run.to_string())
        .arg(key.owner.as_str())
        .arg(number(key.epoch)?);
    db.execute(sql).await.map_err(failed)?;
    Ok(())
}
