use tidemark_services::error::StoreError;

use super::{
    diff::{by_ids, delete, statements},
    totals::Totals,
};
use crate::{
    convert::ABSENT,
    db::{Arg, Tx},
};

/// What a resource's row says, and what its points and jobs say.
#[derive(sqlx::FromRow)]
struct Standing {
    id: i64,
    account: String,
    listed_by: Option<i64>,
    pitr_latest: Option<i64>,
    points: i64,
    newest_at: i64,
    failing: i64,
    protection: String,
    now_points: i64,
    now_newest: Option<i64>,
    now_failing: Option<i64>,
}

const STANDING: &str = "SELECT r.id, r.account, r.listed_by, r.pitr_latest, r.points, \
     r.newest_at, r.failing, r.protection, \
     (SELECT COUNT(*) FROM points p WHERE p.resource_id = r.id) AS now_points, \
     (SELECT p.created_at FROM points p WHERE p.resource_id = r.id AND p.usable = 1 \
      ORDER BY p.created_at DESC, p.id DESC LIMIT 1) AS now_newest, \
     (SELECT j.verdict FROM jobs j WHERE j.resource_arn = r.arn AND j.verdict IS NOT NULL \
      ORDER BY j.created_at DESC, j.job_id DESC LIMIT 1) AS now_failing \
     FROM resources r WHERE r.id IN ";

// Both databases name the columns of `VALUES` so.
const UPDATE: &str = "UPDATE resources SET points = v.column2, newest_at = v.column3, \
     failing = v.column4, protection = v.column5 FROM (";
const UPDATE_END: &str = ") AS v WHERE resources.id = v.column1";

/// Works out anew what the rows of these resources say of their points and jobs; rows that nothing
/// vouches for any more go.
pub(in super::super) async fn refresh(
    tx: &mut Tx,
    resources: impl IntoIterator<Item = i64>,
    totals: &mut Totals,
) -> Result<(), StoreError> {
    let mut gone = Vec::new();
    let mut changed: Vec<[Arg; 5]> = Vec::new();
    for sql in by_ids(STANDING, resources) {
        let standings: Vec<Standing> = tx.fetch_all(sql).await?;
        for now in standings {
            if now.listed_by.is_none() && now.now_points == 0 {
                gone.push(now.id);
            } else if let Some(row) = now.row() {
                changed.push(row);
            }
            totals.add(now.account);
        }
    }
    for sql in statements(UPDATE, UPDATE_END, changed) {
        tx.execute(sql).await?;
    }
    delete(tx, "resources", gone).await
}

impl Standing {
    /// The row to write, unless it says so already.
    fn row(&self) -> Option<[Arg; 5]> {
        let newest = self.now_newest.unwrap_or(ABSENT);
        let failing = self.now_failing.unwrap_or(0);
        let protection = if failing != 0 {
            "failing"
        } else if self.now_newest.is_some() || self.pitr_latest.is_some() {
            "protected"
        } else {
            "unprotected"
        };
        let same = self.points == self.now_points
            && self.newest_at == newest
            && self.failing == failing
            && self.protection == protection;
        (!same).then(|| {
            [
                self.id.into(),
                self.now_points.into(),
                newest.into(),
                failing.into(),
                protection.into(),
            ]
        })
    }
}
