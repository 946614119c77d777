use std::collections::{BTreeMap, BTreeSet};

/// What the totals of a dense resource's timeline count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Axis {
    /// Points, when they were made.
    Made = 0,
    /// Points, when they go cold.
    Cold = 1,
    /// Points, when they are deleted.
    Gone = 2,
    /// Events.
    Events = 3,
}

impl Axis {
    pub(in super::super) const ALL: [Self; 4] = [Self::Made, Self::Cold, Self::Gone, Self::Events];
}

/// The longest stretch for which totals are kept, in milliseconds; they are worked out anew by it.
pub(in super::super) const WEEK: i64 = 7 * 24 * 3_600_000;

/// Which stretches of which timelines changed.
#[derive(Default)]
pub(in super::super) struct Moved(BTreeMap<i64, Stretches>);

/// The changed stretches of one resource's timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stretches {
    /// All of them.
    pub(super) all: bool,
    weeks: [BTreeSet<i64>; 4],
}

impl Moved {
    /// A point was there before or is there now: when it was made, goes cold, is deleted.
    pub(super) fn point(&mut self, resource: i64, times: (i64, Option<i64>, Option<i64>)) {
        let weeks = &mut self.0.entry(resource).or_default().weeks;
        let (made, cold, gone) = times;
        for (axis, at) in [
            (Axis::Made, Some(made)),
            (Axis::Cold, cold),
            (Axis::Gone, gone),
        ] {
            weeks[axis as usize].extend(at.map(|at| at.div_euclid(WEEK)));
        }
    }

    /// An event was there before or is there now.
    pub(super) fn event(&mut self, resource: i64, at: i64) {
        let weeks = &mut self.0.entry(resource).or_default().weeks;
        weeks[Axis::Events as usize].insert(at.div_euclid(WEEK));
    }

    /// Everything of the resource may have changed.
    pub(in super::super) fn all(&mut self, resource: i64) {
        self.0.entry(resource).or_default().all = true;
    }

    pub(super) fn resources(&self) -> impl Iterator<Item = i64> {
        self.0.keys().copied()
    }

    pub(super) fn take(&mut self, resource: i64) -> Stretches {
        self.0.remove(&resource).unwrap_or_default()
    }
}

impl Stretches {
    /// The changed time of an axis as beginnings and ends in milliseconds, weeks that follow one
    /// another as one.
    pub(super) fn of(&self, axis: Axis) -> Vec<(i64, i64)> {
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for week in &self.weeks[axis as usize] {
            let (from, until) = (week * WEEK, (week + 1) * WEEK);
            match runs.last_mut() {
                Some(last) if last.1 == from => last.1 = until,
                _ => runs.push((from, until)),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_that_follow_one_another_are_one_stretch() {
        let mut moved = Moved::default();
        moved.point(7, (0, None, Some(10 * WEEK)));
        moved.point(7, (WEEK, None, None));
        moved.point(7, (5 * WEEK + 3, Some(-1), None));
        let stretches = moved.take(7);
        assert_eq!(
            stretches.of(Axis::Made),
            [(0, 2 * WEEK), (5 * WEEK, 6 * WEEK)]
        );
        assert_eq!(stretches.of(Axis::Cold), [(-WEEK, 0)]);
        assert_eq!(stretches.of(Axis::Gone), [(10 * WEEK, 11 * WEEK)]);
        assert!(stretches.of(Axis::Events).is_empty());
    }
}
