//! Who reads which scope: each is read by one process at a time, when it is due or asked for.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tidemark_domain::{AccountId, Region, Scope};
use tidemark_services::{error::StoreError, ports::SyncTurn};

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
        let sql = "INSERT INTO scopes (account, region, wanted_at) \
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

pub(super) async fn due(db: &Db, turn: &SyncTurn) -> Result<Vec<Scope>, StoreError> {
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
    let mut sql = Sql::new(
        "SELECT account, region, CAST(CASE WHEN (reading_until IS NULL OR reading_until <= ",
    );
    sql.bind(millis(turn.at)).push(")");
    push_turn(&mut sql, turn);
    sql.push(" THEN 1 ELSE 0 END AS BIGINT) FROM scopes");
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

/// The condition that it is the scope's turn.
fn push_turn(sql: &mut Sql, turn: &SyncTurn) {
    if let Some(before) = turn.tried_before {
        sql.push(" AND (scopes.wanted_at IS NOT NULL OR scopes.last_attempt IS NULL OR scopes.last_attempt <= ")
            .bind(millis(before))
            .push(")");
    }
}

pub(super) async fn claim(db: &Db, scope: &Scope, turn: &SyncTurn) -> Result<bool, StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO scopes (account, region, reader, reading_until, last_attempt, syncing) \
         VALUES ($1, $2, $3, $4, $5, 1) ON CONFLICT (account, region) DO UPDATE \
         SET reader = excluded.reader, reading_until = excluded.reading_until, \
         last_attempt = excluded.last_attempt, syncing = 1, wanted_at = NULL \
         WHERE (scopes.reading_until IS NULL OR scopes.reading_until <= $5)",
    )
    .arg(scope.account.as_str())
    .arg(scope.region.as_str())
    .arg(turn.reader.as_str())
    .arg(millis(turn.until))
    .arg(millis(turn.at));
    push_turn(&mut sql, turn);
    Ok(db.execute(sql).await? > 0)
}

pub(super) async fn keep(
    db: &Db,
    scope: &Scope,
    reader: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE scopes SET reading_until = $4 \
               WHERE account = $1 AND region = $2 AND reader = $3 AND reading_until IS NOT NULL";
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str())
        .arg(reader)
        .arg(millis(until));
    db.execute(sql).await.map(drop)
}
