use jiff::{SignedDuration, Timestamp};

/// When to look again at something that AWS is doing, after having looked `looks` times: soon at
/// first, every 15 seconds in the end.
pub(crate) fn next_look(now: Timestamp, looks: u32) -> Timestamp {
    let pause = SignedDuration::from_millis(500 * i64::from(looks.min(29) + 1));
    now.checked_add(pause).unwrap_or(now)
}
