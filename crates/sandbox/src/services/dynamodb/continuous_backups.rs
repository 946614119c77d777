use awsim_core::{AwsError, RequestContext, ServiceHandler as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Dynamo, errors, registry::Recovery, table_key::TableKey};

/// Days of history that DynamoDB keeps at most, and unless told otherwise.
const LONGEST_PERIOD: u8 = 35;

/// The times to which a table can be restored, both ends included, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) earliest: Timestamp,
    pub(super) latest: Timestamp,
}

impl Recovery {
    /// The window at a moment; while the lag has not passed, it is the moment of enabling alone.
    pub(super) fn window(self, now: Timestamp, lag: SignedDuration) -> Window {
        let period = SignedDuration::from_hours(24 * i64::from(self.period_days));
        let earliest = round_up(self.enabled_at.max(now - period));
        let latest = round_down(now - lag).max(earliest);
        Window { earliest, latest }
    }
}

fn round_down(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn round_up(time: Timestamp) -> Timestamp {
    if time.subsec_nanosecond() == 0 {
        time
    } else {
        round_down(time) + SignedDuration::from_secs(1)
    }
}

impl Dynamo {
    /// `DescribeContinuousBackups`.
    pub(super) async fn describe_continuous_backups(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = self.existing(input, "TableName", ctx).await?;
        Ok(self.continuous_backups(&table))
    }

    /// `UpdateContinuousBackups`: the history begins when recovery is switched on, and is lost
    /// when it is switched off.
    pub(super) async fn update_continuous_backups(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let table = self.existing(input, "TableName", ctx).await?;
        let specification = &input["PointInTimeRecoverySpecification"];
        let enable = specification["PointInTimeRecoveryEnabled"]
            .as_bool()
            .ok_or_else(|| {
                errors::validation(
                    "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled is required",
                )
            })?;
        let days = match specification.get("RecoveryPeriodInDays") {
            None | Some(Value::Null) => None,
            Some(value) => Some(
                value
                    .as_u64()
                    .and_then(|days| u8::try_from(days).ok())
                    .filter(|days| (1..=LONGEST_PERIOD).contains(days))
                    .ok_or_else(|| {
                        errors::validation(format!(
                            "1 validation error detected: Value '{value}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must be between 1 and {LONGEST_PERIOD}"
                        ))
                    })?,
            ),
        };
        if enable {
            self.journal.follow_clock()?;
            self.journal.track(&table, true)?;
            let now = self.clock.now();
            let mut known = self.registry.lock();
            let recovery = known.recovery.entry(table.clone()).or_insert(Recovery {
                enabled_at: now,
                period_days: LONGEST_PERIOD,
            });
            if let Some(days) = days {
                recovery.period_days = days;
            }
        } else {
            self.registry.lock().recovery.remove(&table);
        }
        Ok(self.continuous_backups(&table))
    }

    fn continuous_backups(&self, table: &TableKey) -> Value {
        let recovery = self.registry.lock().recovery.get(table).copied();
        let point_in_time = match recovery {
            None => json!({"PointInTimeRecoveryStatus": "DISABLED"}),
            Some(recovery) => {
                let window = recovery.window(self.clock.now(), self.restorable_lag);
                json!({
                    "PointInTimeRecoveryStatus": "ENABLED",
                    "RecoveryPeriodInDays": recovery.period_days,
                    "EarliestRestorableDateTime": window.earliest.as_second(),
                    "LatestRestorableDateTime": window.latest.as_second(),
                })
            }
        };
        json!({
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": point_in_time,
            }
        })
    }

    /// The table that a request names, which must exist.
    pub(super) async fn existing(
        &self,
        input: &Value,
        member: &str,
        ctx: &RequestContext,
    ) -> Result<TableKey, AwsError> {
        let table = TableKey::of(input, member, ctx)?;
        if self.exists(&table, ctx).await {
            Ok(table)
        } else {
            Err(errors::table_not_found(&table))
        }
    }

    pub(super) async fn exists(&self, table: &TableKey, ctx: &RequestContext) -> bool {
        self.stock
            .handle("DescribeTimeToLive", json!({"TableName": table.name}), ctx)
            .await
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const LAG: SignedDuration = SignedDuration::from_secs(300);

    #[test]
    fn the_window_runs_from_enabling_to_the_lag() {
        let recovery = Recovery {
            enabled_at: at("2026-01-01T00:00:00.4Z"),
            period_days: 35,
        };
        assert_eq!(
            recovery.window(at("2026-01-02T00:00:00.9Z"), LAG),
            Window {
                earliest: at("2026-01-01T00:00:01Z"),
                latest: at("2026-01-01T23:55:00Z"),
            }
        );
    }

    #[test]
    fn the_window_is_never_longer_than_the_period() {
        let recovery = Recovery {
            enabled_at: at("2026-01-01T00:00:00Z"),
            period_days: 2,
        };
        assert_eq!(
            recovery.window(at("2026-01-11T00:00:00Z"), LAG).earliest,
            at("2026-01-09T00:00:00Z")
        );
    }

    #[test]
    fn the_window_is_one_moment_until_the_lag_has_passed() {
        let recovery = Recovery {
            enabled_at: at("2026-01-01T00:00:00Z"),
            period_days: 35,
        };
        let window = recovery.window(at("2026-01-01T00:00:10Z"), LAG);
        assert_eq!(window.earliest, window.latest);
    }
}
