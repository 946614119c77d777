//! Who asks about which scope: each is asked about by one process at a time, when it is due or asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{AccountId, Region, Scope};
use tidemark_services::{error::StoreError, ports::PermissionTurn};

use crate::{
    convert::{from_json, millis, parsed},
    db::{Db, Sql},
};

pub(super) async fn want(db: &Db, scopes: &[Scope], at: Timestamp) -> Result<(), StoreError> {
    if scopes.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    for scope in scopes {
        let sql = "INSERT INTO permission_reports (account, region, wanted_at) \
                   SELECT account, $2, $3 FROM accounts WHERE account = $1 \
                   ON CONFLICT (account, region) DO UPDATE SET wanted_at = excluded.wanted_at";
        let sql = Sql::new(sql)
            .arg(scope.account.as_str())
            .arg(scope.region.as_str())
            .arg(millis(at));
        tx.execute(sql).await?;
    }
    tx.commit().await
}

pub(super) async fn due(db: &Db, turn: &PermissionTurn) -> Result<Vec<Scope>, StoreError> {
    let accounts: Vec<(String, String)> = db
        .fetch_all(Sql::new("SELECT account, regions FROM accounts"))
        .await?;
    let mut due = BTreeMap::new();
    for (account, regions) in accounts {
        let account: AccountId = parsed(account)?;
        for region in from_json::<Vec<Region>>(&regions)? {
            let account = account.clone();
            due.insert(Scope { account, region }, true);
        }
    }
    let mut sql = Sql::new("SELECT account, region, CAST(CASE WHEN ");
    push_turn(&mut sql, turn);
    sql.push(" THEN 1 ELSE 0 END AS BIGINT) FROM permission_reports");
    let known: Vec<(String, String, i64)> = db.fetch_all(sql).await?;
    for (account, region, is_due) in known {
        let scope = Scope {
            account: parsed(account)?,
            region: parsed(region)?,
        };
        if let Some(due) = due.get_mut(&scope) {
            *due = is_due != 0;
        }
    }
    let due = due.into_iter().filter(|(_, is_due)| *is_due);
    Ok(due.map(|(scope, _)| scope).collect())
}

/// The condition that nobody has the scope and that it is its turn.
fn push_turn(sql: &mut Sql, turn: &PermissionTurn) {
    sql.push("(permission_reports.reading_until IS NULL OR permission_reports.reading_until <= ")
        .bind(millis(turn.at))
        .push(
            ") AND (permission_reports.wanted_at IS NOT NULL OR permission_reports.tried_at IS NULL \
             OR permission_reports.tried_at <= ",
        )
        .bind(millis(turn.tried_before))
        .push(" OR (permission_reports.broken = 1 AND permission_reports.tried_at <= ")
        .bind(millis(turn.broken_before))
        .push("))");
}

pub(super) async fn claim(
    db: &Db,
    scope: &Scope,
    turn: &PermissionTurn,
) -> Result<bool, StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO permission_reports (account, region, reader, reading_until, tried_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, region) DO UPDATE \
         SET reader = excluded.reader, reading_until = excluded.reading_until, \
         tried_at = excluded.tried_at, wanted_at = NULL WHERE ",
    )
    .arg(scope.account.as_str())
    .arg(scope.region.as_str())
    .arg(turn.reader.as_str())
    .arg(millis(turn.until))
    .arg(millis(turn.at));
    push_turn(&mut sql, turn);
    Ok(db.execute(sql).await? > 0)
}
