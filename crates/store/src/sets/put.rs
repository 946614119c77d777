use tidemark_domain::sets::StoredSet;
use tidemark_services::error::StoreError;

use crate::{
    convert::millis,
    db::{Db, Sql},
};

pub(super) async fn put(db: &Db, set: &StoredSet) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let sql = "SELECT COALESCE(MAX(version), 0) FROM set_versions WHERE name = $1";
    let newest: Option<(i64,)> = tx
        .fetch_optional(Sql::new(sql).arg(set.name.as_str()))
        .await?;
    let newest = newest.map_or(0, |(newest,)| newest);
    let version = i64::from(set.version);
    let sql = "INSERT INTO set_versions (name, version, manifest, written_by, written_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let sql = Sql::new(sql)
        .arg(set.name.as_str())
        .arg(version)
        .arg(set.manifest.as_str())
        .arg(set.written_by.as_str())
        .arg(millis(set.written_at));
    // Versions are never taken away: whoever writes the same one at the same time finds it there.
    if version != newest + 1 || tx.execute(sql).await? == 0 {
        return Err(StoreError::Conflict(format!(
            "the set {} was changed meanwhile: it has version {}",
            set.name,
            newest.max(version)
        )));
    }
    tx.commit().await
}
