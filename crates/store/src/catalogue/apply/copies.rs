//! What copies were made of. A copy job is listed where its source lies, and for a while only, so what
//! it tells is kept: also before the copy itself is known, and after the job is gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tidemark_services::{error::StoreError, ports::ScopeSnapshot};

use super::diff::{by_values, upsert};
use crate::db::Tx;

/// A row with this fingerprint differs from whatever is read: the next sync of its scope writes it and
/// what follows from it anew.
const STALE: i64 = 0;

/// Keeps what the snapshot tells of copies, and tells the points that are known already, in whatever
/// scope they lie.
pub(super) async fn learn(tx: &mut Tx, snapshot: &ScopeSnapshot) -> Result<(), StoreError> {
    let of_points = snapshot
        .points
        .iter()
        .filter_map(|point| Some((point.arn.as_str(), point.copied_from.as_ref()?.as_str())));
    let of_jobs = snapshot
        .copies
        .iter()
        .map(|link| (link.copy.as_str(), link.source.as_str()));
    let mut told: BTreeMap<&str, &str> = BTreeMap::new();
    for (copy, source) in of_jobs.chain(of_points) {
        told.entry(copy).or_insert(source);
    }
    let known = sources(tx, told.keys().copied()).await?;
    told.retain(|copy, _| !known.contains_key(*copy));
    let rows = told
        .iter()
        .map(|(copy, source)| [(*copy).into(), (*source).into()])
        .collect();
    upsert::<2>(
        tx,
        "INSERT INTO copy_sources (copy, source)",
        "ON CONFLICT (copy) DO NOTHING",
        rows,
    )
    .await?;
    tell(tx, &told).await
}

/// What these points were copied from, as far as it is known.
pub(super) async fn sources<'a>(
    tx: &mut Tx,
    copies: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, String>, StoreError> {
    let mut sources = HashMap::new();
    for sql in by_values(
        "SELECT copy, source FROM copy_sources WHERE copy IN ",
        copies,
    ) {
        sources.extend(tx.fetch_all::<(String, String)>(sql).await?);
    }
    Ok(sources)
}

async fn tell(tx: &mut Tx, told: &BTreeMap<&str, &str>) -> Result<(), StoreError> {
    let find = "SELECT arn, id FROM points WHERE scope_id IN (SELECT id FROM scopes) AND arn IN ";
    let mut ids: Vec<(i64, &str)> = Vec::new();
    let mut seen = BTreeSet::new();
    for sql in by_values(find, told.keys().copied()) {
        for (arn, id) in tx.fetch_all::<(String, i64)>(sql).await? {
            if let Some(source) = told.get(arn.as_str())
                && seen.insert(id)
            {
                ids.push((id, source));
            }
        }
    }
    let rows = ids
        .into_iter()
        .map(|(id, source)| [id.into(), source.into(), STALE.into()])
        .collect();
    upsert::<3>(
        tx,
        "UPDATE points SET copied_from = v.column2, fingerprint = v.column3 FROM (",
        ") AS v WHERE points.id = v.column1",
        rows,
    )
    .await
}
