use tidemark_domain::{Scope, Vault};
use tidemark_services::error::StoreError;

use super::rows::{VAULT, VaultRow};
use crate::db::{Db, Sql};

pub(super) async fn vaults(db: &Db, scope: &Scope) -> Result<Vec<Vault>, StoreError> {
    let sql = format!(
        "SELECT {VAULT} FROM vaults v JOIN scopes s ON s.id = v.scope_id \
         WHERE s.account = $1 AND s.region = $2 ORDER BY v.name"
    );
    let sql = Sql::new(sql)
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let rows: Vec<VaultRow> = db.fetch_all(sql).await?;
    rows.into_iter().map(VaultRow::read).collect()
}
