use tidemark_domain::{Account, AccountConnection};
use tidemark_services::error::StoreError;

use crate::convert::{from_json, parsed, time};

pub(super) const COLUMNS: &str = "account, alias, role, external_id, regions, added_at";

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    account: String,
    alias: String,
    role: String,
    external_id: String,
    regions: String,
    added_at: i64,
}

impl AccountRow {
    pub(super) fn read(self) -> Result<Account, StoreError> {
        Ok(Account {
            connection: AccountConnection {
                account: parsed(self.account)?,
                role: parsed(self.role)?,
                external_id: parsed(self.external_id)?,
            },
            alias: self.alias,
            regions: from_json(&self.regions)?,
            added_at: time(self.added_at)?,
        })
    }
}
