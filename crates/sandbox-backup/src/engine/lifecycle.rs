use jiff::Timestamp;

use super::state::World;
use crate::model::{PointStatus, Scope};

impl World {
    pub(crate) fn point_cools(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        if let Some(point) = self.scope(scope).points.get_mut(&seq)
            && point.cold_since.is_none()
            && point
                .calculated_lifecycle()
                .move_to_cold_storage_at
                .is_some_and(|due| due <= at)
        {
            point.cold_since = Some(at);
        }
    }

    /// Deletes a point whose time is over; a legal hold keeps it, as `EXPIRED`.
    pub(crate) fn point_expires(&mut self, at: Timestamp, scope: &Scope, seq: u64) {
        let state = self.scope(scope);
        let Some(point) = state.points.get(&seq) else {
            return;
        };
        if point
            .calculated_lifecycle()
            .delete_at
            .is_none_or(|due| due > at)
        {
            return;
        }
        if !state.held(point) {
            state.remove_point(seq);
            return;
        }
        if let Some(point) = state.points.get_mut(&seq) {
            point.status = PointStatus::Expired;
            point.status_message = Some(
                "The recovery point has reached its expiry but could not be deleted: it is under a legal hold."
                    .to_owned(),
            );
        }
    }

    /// Stops feeding a continuous point; it is kept until its window has passed.
    pub(crate) fn stop_continuous(&mut self, scope: &Scope, seq: u64, now: Timestamp, why: &str) {
        let Some(point) = self.scope(scope).points.get_mut(&seq) else {
            return;
        };
        let Some(window) = &mut point.continuous else {
            return;
        };
        if window.until.is_some() {
            return;
        }
        window.until = Some(now);
        point.status = PointStatus::Stopped;
        point.status_message = Some(why.to_owned());
        let point = point.clone();
        self.schedule_lifecycle(&point, now);
    }
}
