use awsim_core::{AwsError, RequestContext};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Dynamo, errors, restore::Overrides, seconds, table_key::TableKey};

impl Dynamo {
    /// `RestoreTableToPointInTime`: the table as it was at that second.
    pub(super) async fn restore_table_to_point_in_time(
        &self,
        input: &Value,
        ctx: &RequestContext,
    ) -> Result<Value, AwsError> {
        let member = if input.get("SourceTableName").is_some_and(Value::is_string) {
            "SourceTableName"
        } else {
            "SourceTableArn"
        };
        let source = self.existing(input, member, ctx).await?;
        let target = TableKey::of(input, "TargetTableName", ctx)?;
        let recovery = self
            .registry
            .lock()
            .recovery
            .get(&source)
            .copied()
            .ok_or_else(|| {
                AwsError::bad_request(
                    "PointInTimeRecoveryUnavailableException",
                    format!(
                        "Point in time recovery is not enabled for table '{}'",
                        source.name
                    ),
                )
            })?;
        let window = recovery.window(self.clock.now(), self.restorable_lag);
        let latest = input["UseLatestRestorableTime"].as_bool() == Some(true);
        let at = match (latest, input.get("RestoreDateTime").and_then(Value::as_f64)) {
            (true, Some(_)) => {
                return Err(errors::validation(
                    "UseLatestRestorableTime and RestoreDateTime cannot both be given",
                ));
            }
            (true, None) => window.latest,
            (false, Some(at)) => moment(at)?,
            (false, None) => {
                return Err(errors::validation(
                    "Either UseLatestRestorableTime or RestoreDateTime must be given",
                ));
            }
        };
        // Precision is a second: within it, the end of the window still counts.
        if at.as_second() < window.earliest.as_second()
            || at.as_second() > window.latest.as_second()
        {
            return Err(AwsError::bad_request(
                "InvalidRestoreTimeException",
                format!(
                    "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime {} and LatestRestorableDateTime {}",
                    window.earliest, window.latest
                ),
            ));
        }
        let at_ms = at.as_millisecond();
        let table = source.clone();
        let position = self
            .blocking(move |journal| journal.position_at(&table, at_ms))
            .await?;
        let description = self.description(&source, ctx).await?;
        let summary = json!({
            "SourceTableArn": source.arn(),
            "RestoreDateTime": seconds(at),
        });
        let restored = self
            .restore(
                &position,
                &description,
                &target,
                Overrides::of(input),
                summary,
                ctx,
            )
            .await?;
        Ok(json!({ "TableDescription": restored }))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked by the timestamp's own range"
)]
fn moment(seconds: f64) -> Result<Timestamp, AwsError> {
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64)
        .map_err(|_| errors::validation("RestoreDateTime is not a time"))
}
