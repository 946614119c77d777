use tidemark_domain::{AccountId, Region};
use tidemark_services::error::StoreError;

use super::{
    LOCK,
    apply::{Moved, Totals, keep_totals, refresh},
};
use crate::db::{Db, Sql, Tx};

/// Forgets the account. Its resources stay as long as other accounts hold copies of them.
pub(super) async fn forget(db: &Db, account: &AccountId) -> Result<(), StoreError> {
    let mut tx = db.begin_in_line().await?;
    tx.lock(LOCK).await?;
    tx.take_time().await?;
    forget_scopes(&mut tx, account, &[]).await?;
    tx.commit().await
}

/// Forgets every Region of the account but these.
pub(crate) async fn forget_other_regions(
    tx: &mut Tx,
    account: &AccountId,
    keep: &[Region],
) -> Result<(), StoreError> {
    tx.lock(LOCK).await?;
    tx.take_time().await?;
    forget_scopes(tx, account, keep).await
}

async fn forget_scopes(
    tx: &mut Tx,
    account: &AccountId,
    keep: &[Region],
) -> Result<(), StoreError> {
    let kept = |sql: &mut Sql| {
        if !keep.is_empty() {
            sql.push(" AND region NOT IN ")
                .list(keep.iter().map(Region::as_str));
        }
    };
    let mut scopes = Sql::new("SELECT id FROM scopes WHERE account = $1").arg(account.as_str());
    kept(&mut scopes);
    let scopes: Vec<(i64,)> = tx.fetch_all(scopes).await?;
    let mut resources =
        Sql::new("SELECT id FROM resources WHERE account = $1").arg(account.as_str());
    kept(&mut resources);
    let mut touched: Vec<(i64,)> = tx.fetch_all(resources).await?;
    for &(scope,) in &scopes {
        let of_scope = "SELECT DISTINCT resource_id FROM points WHERE scope_id = $1 \
                        UNION SELECT id FROM resources WHERE listed_by = $1 \
                        UNION SELECT r.id FROM jobs j JOIN resources r ON r.arn = j.resource_arn \
                        WHERE j.scope_id = $1 \
                        UNION SELECT resource_id FROM events WHERE scope_id = $1";
        touched.extend(
            tx.fetch_all::<(i64,)>(Sql::new(of_scope).arg(scope))
                .await?,
        );
        let unlist = "UPDATE resources SET listed_by = NULL, fingerprint = 0, \
                      pitr_earliest = NULL, pitr_latest = NULL WHERE listed_by = $1";
        tx.execute(Sql::new(unlist).arg(scope)).await?;
        for table in [
            "points",
            "point_facets",
            "legal_holds",
            "jobs",
            "vaults",
            "events",
            "plans",
            "plan_versions",
        ] {
            let delete = format!("DELETE FROM {table} WHERE scope_id = $1");
            tx.execute(Sql::new(delete).arg(scope)).await?;
        }
        tx.execute(Sql::new("DELETE FROM scopes WHERE id = $1").arg(scope))
            .await?;
    }
    let mut totals = Totals::of(account);
    let mut moved = Moved::default();
    for &(id,) in &touched {
        moved.all(id);
    }
    refresh(tx, touched.into_iter().map(|(id,)| id), &mut totals).await?;
    keep_totals(tx, moved).await?;
    totals.write(tx).await
}
