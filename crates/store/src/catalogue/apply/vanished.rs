//! Points that came and went while nobody looked: a job tells that they were made, and no vault has them.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::plan::{BackupPlan, BackupRule};
use tidemark_services::error::StoreError;

use super::{
    events::{self, NewEvent},
    moved::Moved,
};
use crate::{
    convert::{from_json, millis},
    db::{Sql, Tx},
};

/// A job that ended later than this before the reading may have made its point after the vaults were read.
const SETTLED: SignedDuration = SignedDuration::from_hours(1);

const DAY_MS: i64 = 86_400_000;

#[derive(sqlx::FromRow)]
struct Made {
    resource_id: i64,
    point_arn: String,
    vault: Option<String>,
    created_at: i64,
    plan_id: String,
    rule_id: String,
}

/// Notes the points that backup jobs of plans made and that no reading ever met. Why they are gone
/// follows from the retention of the version that was in force; without one nothing is said.
///
/// Only after a reading of the whole scope: what could not be read is unknown, not gone.
pub(super) async fn apply(
    tx: &mut Tx,
    scope_id: i64,
    (at, until): (Timestamp, Timestamp),
    touched: &mut BTreeSet<i64>,
    moved: &mut Moved,
) -> Result<(), StoreError> {
    let settled = at.checked_sub(SETTLED).unwrap_or(Timestamp::MIN);
    let sql = "SELECT r.id AS resource_id, j.point_arn, j.vault, j.created_at, j.plan_id, j.rule_id \
               FROM jobs j JOIN resources r ON r.arn = j.resource_arn \
               WHERE j.scope_id = $1 AND j.kind = 'backup' AND j.status = 'COMPLETED' \
               AND j.point_arn IS NOT NULL AND j.plan_id IS NOT NULL AND j.rule_id IS NOT NULL \
               AND j.completed_at < $2 \
               AND NOT EXISTS (SELECT 1 FROM points p WHERE p.scope_id = $1 AND p.arn = j.point_arn) \
               AND NOT EXISTS (SELECT 1 FROM events e WHERE e.scope_id = $1 AND e.reference = j.point_arn) \
               ORDER BY j.created_at, j.id";
    let made: Vec<Made> = tx
        .fetch_all(Sql::new(sql).arg(scope_id).arg(millis(settled)))
        .await?;
    let mut plans: HashMap<String, Vec<(i64, BackupPlan)>> = HashMap::new();
    // Jobs of a continuous backup share one point; the newest counts.
    let mut gone: HashMap<String, NewEvent> = HashMap::new();
    for made in made {
        if !plans.contains_key(&made.plan_id) {
            let versions = versions(tx, scope_id, &made.plan_id).await?;
            plans.insert(made.plan_id.clone(), versions);
        }
        let Some(rule) = plans
            .get(&made.plan_id)
            .and_then(|versions| rule_of(versions, &made))
        else {
            continue;
        };
        touched.insert(made.resource_id);
        let due = due(rule, &made);
        let event = NewEvent::gone(
            made.resource_id,
            made.point_arn.clone(),
            made.vault,
            (made.created_at, due),
            until,
        );
        gone.insert(made.point_arn, event);
    }
    events::write(tx, scope_id, gone.into_values().collect(), moved).await
}

/// A plan's versions, newest first, by when each began to count.
async fn versions(
    tx: &mut Tx,
    scope_id: i64,
    plan_id: &str,
) -> Result<Vec<(i64, BackupPlan)>, StoreError> {
    let sql = "SELECT created_at, plan FROM plan_versions WHERE scope_id = $1 AND plan_id = $2 \
               ORDER BY created_at DESC, id DESC";
    let rows: Vec<(i64, String)> = tx
        .fetch_all(Sql::new(sql).arg(scope_id).arg(plan_id))
        .await?;
    rows.into_iter()
        .map(|(created_at, plan)| Ok((created_at, from_json(&plan)?)))
        .collect()
}

/// The job's rule as it was when the job was made; none where no version tells.
fn rule_of<'a>(versions: &'a [(i64, BackupPlan)], made: &Made) -> Option<&'a BackupRule> {
    let (_, plan) = versions
        .iter()
        .find(|(since, _)| *since <= made.created_at)?;
    plan.rules
        .iter()
        .find(|rule| rule.rule_id() == Some(made.rule_id.as_str()))
}

/// When the rule would have its point deleted; none for never.
fn due(rule: &BackupRule, made: &Made) -> Option<i64> {
    let lifecycle = rule.lifecycle.as_ref()?;
    if lifecycle.delete_after_event.is_some() {
        return Some(made.created_at);
    }
    let days = rule.keeps_days()?;
    Some(made.created_at.saturating_add(days.saturating_mul(DAY_MS)))
}
