//! Between the SDK's values and the domain's.

use aws_smithy_types::DateTime;
use jiff::Timestamp;
use tidemark_domain::Arn;

/// The SDK's moment as the domain's; none outside the years that can be told.
pub(crate) fn timestamp(at: &DateTime) -> Option<Timestamp> {
    let nanos = i32::try_from(at.subsec_nanos()).ok()?;
    Timestamp::new(at.secs(), nanos).ok()
}

/// An optional moment.
pub(crate) fn moment(at: Option<&DateTime>) -> Option<Timestamp> {
    at.and_then(timestamp)
}

/// The domain's moment as the SDK's, in whole seconds.
pub(crate) fn seconds(at: Timestamp) -> DateTime {
    DateTime::from_secs(at.as_second())
}

/// An optional ARN; what is no ARN counts as none.
pub(crate) fn arn(text: Option<&str>) -> Option<Arn> {
    text.and_then(|t| Arn::parse(t).ok())
}

/// A size that cannot be negative.
pub(crate) fn bytes(size: Option<i64>) -> Option<u64> {
    size.and_then(|s| u64::try_from(s).ok())
}

/// A size that AWS tells in GiB.
pub(crate) fn gibibytes(size: Option<i32>) -> Option<u64> {
    size.and_then(|s| u64::try_from(s).ok()).map(|s| s << 30)
}

/// `PercentDone`, which AWS words as `42.00%` or `42`.
pub(crate) fn percent(text: Option<&str>) -> Option<f64> {
    let value: f64 = text?.trim().trim_end_matches('%').trim().parse().ok()?;
    value.is_finite().then(|| value.clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_with_and_without_their_sign() {
        assert_eq!(percent(Some("42.00%")), Some(42.0));
        assert_eq!(percent(Some(" 7 ")), Some(7.0));
        assert_eq!(percent(Some("NaN")), None);
        assert_eq!(percent(Some("")), None);
        assert_eq!(percent(None), None);
    }

    #[test]
    fn moments_keep_their_fractions_and_lose_nothing_before_1970() {
        let at = DateTime::from_secs_and_nanos(-1, 500_000_000);
        assert_eq!(timestamp(&at).map(Timestamp::as_millisecond), Some(-500));
    }
}
