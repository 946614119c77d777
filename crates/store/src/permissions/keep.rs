use tidemark_domain::{AccountId, permissions::PermissionReport};
use tidemark_services::error::StoreError;

use crate::{
    convert::{from_json, json, millis},
    db::{Db, Sql},
};

/// Changes of one account that are kept.
const CHANGES: i64 = 1_000;

pub(super) async fn keep(
    db: &Db,
    mut report: PermissionReport,
) -> Result<Option<PermissionReport>, StoreError> {
    let (account, region) = (report.scope.account.clone(), report.scope.region.clone());
    let mut tx = db.begin().await?;
    // The row is held from here on, so that of two reports made at once the second follows the first.
    let sql = "INSERT INTO permission_reports (account, region) \
               SELECT account, $2 FROM accounts WHERE account = $1 \
               ON CONFLICT (account, region) DO UPDATE SET reading_until = NULL";
    let row = Sql::new(sql).arg(account.as_str()).arg(region.as_str());
    if tx.execute(row).await? == 0 {
        return Ok(None);
    }
    let sql = "SELECT report FROM permission_reports \
               WHERE account = $1 AND region = $2 AND report IS NOT NULL";
    let known: Vec<(String,)> = tx
        .fetch_all(Sql::new(sql).arg(account.as_str()).arg(region.as_str()))
        .await?;
    let before: Option<PermissionReport> = known
        .first()
        .map(|(report,)| from_json(report))
        .transpose()?;
    if before
        .as_ref()
        .is_some_and(|before| before.made_at > report.made_at)
    {
        tx.commit().await?;
        return Ok(None);
    }
    let changes = report.follow(before.as_ref());
    let sql = "UPDATE permission_reports SET made_at = $3, tried_at = $3, broken = $4, sums = $5, \
               report = $6, reading_until = NULL WHERE account = $1 AND region = $2";
    let sql = Sql::new(sql)
        .arg(account.as_str())
        .arg(region.as_str())
        .arg(millis(report.made_at))
        .arg(i64::from(report.broken.is_some()))
        .arg(json(&report.row(""))?)
        .arg(json(&report)?);
    tx.execute(sql).await?;
    for change in &changes {
        let sql =
            "INSERT INTO permission_changes (account, changed_at, change) VALUES ($1, $2, $3)";
        let sql = Sql::new(sql)
            .arg(account.as_str())
            .arg(millis(change.at))
            .arg(json(change)?);
        tx.execute(sql).await?;
    }
    if !changes.is_empty() {
        let sql = "DELETE FROM permission_changes WHERE account = $1 AND number <= \
                   (SELECT number FROM permission_changes WHERE account = $1 \
                    ORDER BY number DESC LIMIT 1 OFFSET $2)";
        tx.execute(Sql::new(sql).arg(account.as_str()).arg(CHANGES))
            .await?;
    }
    tx.commit().await?;
    Ok(Some(report))
}

pub(super) async fn forget(db: &Db, account: &AccountId) -> Result<(), StoreError> {
    let sql = Sql::new("DELETE FROM permission_reports WHERE account = $1").arg(account.as_str());
    db.execute(sql).await.map(drop)
}
