use std::collections::HashMap;

use tidemark_domain::{AccountId, AccountOverview, ScopeState};
use tidemark_services::error::StoreError;

use super::scopes::scopes;
use crate::{
    convert::{optional_time, parsed, unsigned},
    db::{Db, Sql},
};

#[derive(sqlx::FromRow)]
struct Totals {
    account: String,
    alias: String,
    protected: i64,
    unprotected: i64,
    failing: i64,
    oldest_newest: Option<i64>,
}

/// Every registered account, by alias. Each resource that exists counts once.
pub(super) async fn overview(db: &Db) -> Result<Vec<AccountOverview>, StoreError> {
    let mut by_account: HashMap<AccountId, Vec<ScopeState>> = HashMap::new();
    for state in scopes(db, None).await? {
        by_account
            .entry(state.scope.account.clone())
            .or_default()
            .push(state);
    }
    let sql = "SELECT a.account, a.alias, COALESCE(t.protected, 0) AS protected, \
               COALESCE(t.unprotected, 0) AS unprotected, COALESCE(t.failing, 0) AS failing, \
               t.oldest_newest FROM accounts a LEFT JOIN account_totals t ON t.account = a.account \
               ORDER BY a.alias_key, a.account";
    let rows: Vec<Totals> = db.fetch_all(Sql::new(sql)).await?;
    rows.into_iter()
        .map(|row| {
            let account = parsed(row.account)?;
            Ok(AccountOverview {
                scopes: by_account.remove(&account).unwrap_or_default(),
                account,
                alias: row.alias,
                protected: unsigned(row.protected),
                unprotected: unsigned(row.unprotected),
                failing: unsigned(row.failing),
                oldest_newest_point: optional_time(row.oldest_newest)?,
            })
        })
        .collect()
}
