use std::collections::BTreeMap;

use tidemark_domain::{AccountId, Region, Scope, ScopeState};
use tidemark_services::error::StoreError;

use super::rows::{SCOPE, ScopeRow};
use crate::{
    convert::{from_json, parsed},
    db::{Db, Sql},
};

/// Scopes that were read or tried, and the registered ones that never were; by account and Region.
pub(super) async fn scopes(
    db: &Db,
    account: Option<&AccountId>,
) -> Result<Vec<ScopeState>, StoreError> {
    let mut seen = Sql::new(format!("SELECT {SCOPE} FROM scopes s"));
    let mut registered = Sql::new("SELECT account, regions FROM accounts");
    if let Some(account) = account {
        seen.push(" WHERE account = ").bind(account.as_str());
        registered.push(" WHERE account = ").bind(account.as_str());
    }
    let mut states = BTreeMap::new();
    let registered: Vec<(String, String)> = db.fetch_all(registered).await?;
    for (account, regions) in registered {
        let account: AccountId = parsed(account)?;
        for region in from_json::<Vec<Region>>(&regions)? {
            let scope = Scope {
                account: account.clone(),
                region,
            };
            states.insert(scope.clone(), ScopeState::never(scope));
        }
    }
    let seen: Vec<ScopeRow> = db.fetch_all(seen).await?;
    for row in seen {
        let state = row.read()?;
        states.insert(state.scope.clone(), state);
    }
    Ok(states.into_values().collect())
}
