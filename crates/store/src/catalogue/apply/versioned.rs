use std::collections::BTreeSet;

use tidemark_domain::Arn;
use tidemark_services::error::StoreError;

use super::{diff::by_ids, kept::Kept};
use crate::db::{Sql, Tx};

/// Writes which of the resources that a scope lists keep versions.
pub(super) async fn apply(
    tx: &mut Tx,
    scope_id: i64,
    versioned: &[Arn],
    kept: &Kept<'_>,
) -> Result<(), StoreError> {
    // What could not be read is as it was.
    let changes: &[i64] = if kept.resources("S3") { &[1] } else { &[0, 1] };
    let named: BTreeSet<&str> = versioned.iter().map(AsRef::as_ref).collect();
    let sql = "SELECT id, arn, versioned FROM resources \
               WHERE listed_by = $1 AND resource_type = 'S3'";
    let buckets: Vec<(i64, String, i64)> = tx.fetch_all(Sql::new(sql).arg(scope_id)).await?;
    for value in changes {
        let turned = buckets.iter().filter(|(_, arn, before)| {
            i64::from(named.contains(arn.as_str())) == *value && before != value
        });
        let ids: Vec<i64> = turned.map(|bucket| bucket.0).collect();
        let update = format!("UPDATE resources SET versioned = {value} WHERE id IN ");
        for sql in by_ids(&update, ids) {
            tx.execute(sql).await?;
        }
    }
    Ok(())
}
