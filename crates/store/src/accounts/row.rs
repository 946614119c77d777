use tidemark_domain::{Account, AccountConnection, Features, PendingExternalId};
use tidemark_services::error::StoreError;

use crate::convert::{from_json, parsed, time};

pub(super) const COLUMNS: &str = "account, alias, role, external_id, regions, added_at, features, \
                                  pending_external_id, pending_since";

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    account: String,
    alias: String,
    role: String,
    external_id: String,
    regions: String,
    added_at: i64,
    features: String,
    pending_external_id: Option<String>,
    pending_since: Option<i64>,
}

impl AccountRow {
    pub(super) fn read(self) -> Result<Account, StoreError> {
        let pending = match (self.pending_external_id, self.pending_since) {
            (Some(external_id), Some(since)) => Some(PendingExternalId {
                external_id: parsed(external_id)?,
                since: time(since)?,
            }),
            _ => None,
        };
        Ok(Account {
            connection: AccountConnection {
                account: parsed(self.account)?,
                role: parsed(self.role)?,
                external_id: parsed(self.external_id)?,
            },
            alias: self.alias,
            regions: from_json(&self.regions)?,
            added_at: time(self.added_at)?,
            features: if self.features.is_empty() {
                Features::all()
            } else {
                from_json(&self.features)?
            },
            pending,
        })
    }
}
