use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{Check, PitrWindow, RecoveryPoint, RestoreRequest, RestoreSource, Tier};

use super::super::{source::Source, words::moment};
use crate::Services;

const NAME: &str = "The source stays long enough";

pub(super) fn check(
    services: &Services,
    request: &RestoreRequest,
    source: &Source,
    own_window: Option<PitrWindow>,
) -> Check {
    let now = services.clock.now();
    match (&request.source, &source.point) {
        (RestoreSource::PointInTime { at }, _) => window(*at, own_window.map(|w| w.earliest)),
        (RestoreSource::Records { .. }, _) => Check::pass(
            NAME,
            "The bucket keeps every version until someone deletes it.",
        ),
        (_, Some(point)) => of_point(point, now),
        (_, None) => Check::unknown(NAME, "Nothing is known of the source.", ""),
    }
}

fn window(at: Timestamp, earliest: Option<Timestamp>) -> Check {
    match earliest {
        Some(earliest) if at.duration_since(earliest) < SignedDuration::from_hours(1) => {
            Check::warn(
                NAME,
                format!(
                    "This second leaves the point-in-time window soon; the window begins at {}.",
                    moment(earliest)
                ),
                "Start the restore now.",
            )
        }
        Some(earliest) => Check::pass(
            NAME,
            format!("The point-in-time window begins at {}.", moment(earliest)),
        ),
        None => Check::fail(
            NAME,
            "Point-in-time recovery is off.",
            "Restore from a recovery point instead.",
        ),
    }
}

fn of_point(point: &RecoveryPoint, now: Timestamp) -> Check {
    match point.delete_at {
        Some(at) if at <= now => Check::warn(
            NAME,
            format!(
                "The point was to be deleted at {}; it may go at any moment.",
                moment(at)
            ),
            "Start the restore now, or choose a newer point.",
        ),
        Some(at) if at.duration_since(now) < SignedDuration::from_hours(24) => Check::warn(
            NAME,
            format!("The point is deleted at {}.", moment(at)),
            "Start the restore well before, or choose a newer point.",
        ),
        _ if point.tier == Tier::Cold => Check::warn(
            NAME,
            "The point lies in cold storage: reading it takes hours and is charged.",
            "Choose a point in warm storage if one is recent enough.",
        ),
        Some(at) => Check::pass(NAME, format!("The point is kept until {}.", moment(at))),
        None => Check::pass(NAME, "The point is kept until someone deletes it."),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tidemark_domain::Verdict;

    use super::*;

    #[test]
    fn a_second_at_the_edge_of_the_window_warns() {
        let at: Timestamp = "2026-01-01T00:30:00Z".parse().unwrap();
        let edge: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(window(at, Some(edge)).verdict, Verdict::Warn);
        assert_eq!(
            window(at + SignedDuration::from_hours(9), Some(edge)).verdict,
            Verdict::Pass
        );
        assert_eq!(window(at, None).verdict, Verdict::Fail);
    }
}
