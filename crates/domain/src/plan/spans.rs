//! Spans of time as plans say them. Nobody has checked the numbers yet when these are asked: what is
//! too long is as long as there is.

use jiff::SignedDuration;

/// So many minutes.
pub(crate) const fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_secs(minutes.saturating_mul(60))
}

/// So many days of 24 hours.
pub(crate) const fn days(days: i64) -> SignedDuration {
    SignedDuration::from_secs(days.saturating_mul(24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_as_long_as_there_is() {
        assert_eq!(minutes(2), SignedDuration::from_secs(120));
        assert_eq!(days(2), SignedDuration::from_hours(48));
        for most in [i64::MAX, i64::MIN] {
            assert_eq!(minutes(most).as_secs(), most);
            assert_eq!(days(most).as_secs(), most);
        }
    }
}
