use jiff::{SignedDuration, Timestamp};

/// When to look again at something that AWS is doing since `began`: soon at first, every 15 seconds
/// after some minutes, every five minutes after a day. Counted by time, so that a look that finds
/// nothing new leaves nothing to remember.
pub(crate) fn next_look(now: Timestamp, began: Timestamp) -> Timestamp {
    let waited = now.duration_since(began).max(SignedDuration::ZERO);
    let part = |of: i32| waited.checked_div(of).unwrap_or(SignedDuration::ZERO);
    let pause = part(4)
        .min(SignedDuration::from_secs(15))
        .max(part(288).min(SignedDuration::from_mins(5)))
        .max(SignedDuration::from_millis(500));
    now.checked_add(pause).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_apart_with_the_time_that_was_waited() {
        let began = Timestamp::UNIX_EPOCH;
        let pause = |seconds: i64| {
            let now = began + SignedDuration::from_secs(seconds);
            next_look(now, began).duration_since(now).as_millis()
        };
        assert_eq!(pause(0), 500);
        assert_eq!(pause(20), 5_000);
        assert_eq!(pause(60), 15_000);
        assert_eq!(pause(3_600), 15_000);
        assert_eq!(pause(30 * 86_400), 300_000);
        assert_eq!(pause(-5), 500);
    }
}
