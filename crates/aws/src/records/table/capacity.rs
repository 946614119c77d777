use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Capacity in thousandths of a unit. DynamoDB tells units with at most one decimal.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of units: positive, and far below where floating point has gaps"
)]
pub(super) fn milli(consumed: Option<&ConsumedCapacity>) -> u64 {
    let units = consumed.and_then(ConsumedCapacity::capacity_units);
    (units.unwrap_or_default().max(0.0) * 1_000.0).round() as u64
}
