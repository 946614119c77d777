use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::timeline::{Band, BandKind};
use tidemark_services::error::StoreError;

use super::{super::rows::window, ResourceRow};
use crate::{
    convert::{optional_time, parsed, time},
    db::{Db, Sql},
};

/// How far back a continuous recovery point reaches at most (AWS Backup, continuous backups).
const CONTINUOUS: SignedDuration = SignedDuration::from_hours(24 * 35);

#[derive(sqlx::FromRow)]
struct ContinuousRow {
    id: i64,
    resource_id: i64,
    arn: String,
    vault: Option<String>,
    status: String,
    created_at: i64,
    completed_at: Option<i64>,
}

/// The bands of each resource by id.
pub(super) async fn bands(
    db: &Db,
    resources: &[ResourceRow],
    now: Timestamp,
) -> Result<HashMap<i64, Vec<Band>>, StoreError> {
    let mut bands: HashMap<i64, Vec<Band>> = HashMap::new();
    for resource in resources {
        // AWS does not tell since when versions are kept: none is older than the bucket.
        let made = optional_time(resource.created_at)?.filter(|made| *made < now);
        if let (true, Some(from)) = (resource.versioned != 0, made) {
            bands.entry(resource.id).or_default().push(Band {
                kind: BandKind::Versions,
                from,
                until: now,
                point: None,
                capture: None,
            });
        }
        if let Some(window) = window(resource.pitr_earliest, resource.pitr_latest)? {
            bands.entry(resource.id).or_default().push(Band {
                kind: BandKind::PointInTime,
                from: window.earliest,
                until: window.latest,
                point: None,
                capture: None,
            });
        }
    }
    if resources.is_empty() {
        return Ok(bands);
    }
    let mut sql = Sql::new(
        "SELECT id, resource_id, arn, vault, status, created_at, completed_at FROM points \
         WHERE source = 'continuous' AND resource_id IN ",
    );
    sql.list(resources.iter().map(|resource| resource.id));
    // Put in order here: asked for it, SQLite would walk all points of the resource instead.
    let mut rows: Vec<ContinuousRow> = db.fetch_all(sql).await?;
    rows.sort_unstable_by_key(|row| (row.created_at, row.id));
    for row in rows {
        let resource = row.resource_id;
        if let Some(band) = row.read(now)? {
            bands.entry(resource).or_default().push(band);
        }
    }
    Ok(bands)
}

impl ContinuousRow {
    /// None when nothing of it can be restored any more.
    fn read(self, now: Timestamp) -> Result<Option<Band>, StoreError> {
        let made = time(self.created_at)?;
        let until = match self.status.as_str() {
            "AVAILABLE" | "COMPLETED" => now,
            _ => optional_time(self.completed_at)?.unwrap_or(made),
        };
        let from = now.checked_sub(CONTINUOUS).map_or(made, |at| at.max(made));
        if from >= until {
            return Ok(None);
        }
        Ok(Some(Band {
            kind: BandKind::Continuous,
            from,
            until,
            point: Some((parsed(self.arn)?, self.vault.unwrap_or_default())),
            capture: None,
        }))
    }
}
