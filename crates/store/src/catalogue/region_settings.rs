use tidemark_domain::{Scope, plan::RegionSettings};
use tidemark_services::error::StoreError;

use crate::{
    convert::from_json,
    db::{Db, Sql},
};

/// What the Region lets AWS Backup do; none while it was never read.
pub(super) async fn region_settings(
    db: &Db,
    scope: &Scope,
) -> Result<Option<RegionSettings>, StoreError> {
    let sql = Sql::new("SELECT settings FROM scopes WHERE account = $1 AND region = $2")
        .arg(scope.account.as_str())
        .arg(scope.region.as_str());
    let row: Option<(Option<String>,)> = db.fetch_optional(sql).await?;
    row.and_then(|(settings,)| settings)
        .as_deref()
        .map(from_json)
        .transpose()
}
