use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Simulation;
use crate::{Arn, plan::spans::days};

/// From a moment on, how far back one can go by snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeStep {
    /// From when.
    pub at: Timestamp,
    /// The moment that the newest point holds; none while there is no point.
    pub nearest: Option<Timestamp>,
    /// The moment that the oldest point holds.
    pub furthest: Option<Timestamp>,
    /// How many points there are.
    pub points: u32,
}

/// A continuous window: every second between `furthest` and `nearest` can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// When recording began.
    pub since: Timestamp,
    /// When recording ends; none while it goes on.
    pub until: Option<Timestamp>,
    /// How many days back it reaches.
    pub days: i64,
    /// When the window is gone.
    pub gone_at: Option<Timestamp>,
}

impl Band {
    /// The first and the last second that can be restored at a moment; none when there is none.
    pub fn reach(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        if at < self.since || self.gone_at.is_some_and(|gone| at >= gone) {
            return None;
        }
        let nearest = self.until.map_or(at, |until| until.min(at));
        let back = at.checked_sub(days(self.days)).unwrap_or(self.since);
        Some((self.since.max(back).min(nearest), nearest))
    }
}

pub(super) fn ages(simulation: &Simulation, resource: &Arn) -> Vec<AgeStep> {
    // Moment → what each point adds to or takes from the number of points that hold a moment.
    let mut changes: BTreeMap<Timestamp, Vec<(Timestamp, i32)>> = BTreeMap::new();
    let snapshots = simulation
        .points
        .iter()
        .filter(|point| point.resource == *resource && point.continuous.is_none());
    for point in snapshots {
        let begins = point.exists_from.max(simulation.from);
        if begins > simulation.until {
            continue;
        }
        changes
            .entry(begins)
            .or_default()
            .push((point.created_at, 1));
        if let Some(gone) = point.gone_at().filter(|gone| *gone <= simulation.until) {
            changes
                .entry(gone)
                .or_default()
                .push((point.created_at, -1));
        }
    }
    let mut held: BTreeMap<Timestamp, i32> = BTreeMap::new();
    let mut points = 0_i32;
    let mut steps: Vec<AgeStep> = vec![AgeStep {
        at: simulation.from,
        nearest: None,
        furthest: None,
        points: 0,
    }];
    for (at, changes) in changes {
        for (moment, by) in changes {
            points += by;
            let count = held.entry(moment).or_default();
            *count += by;
            if *count <= 0 {
                held.remove(&moment);
            }
        }
        let step = AgeStep {
            at,
            nearest: held.last_key_value().map(|(moment, _)| *moment),
            furthest: held.first_key_value().map(|(moment, _)| *moment),
            points: u32::try_from(points).unwrap_or_default(),
        };
        match steps.last_mut() {
            Some(last) if last.at == at => *last = step,
            _ => steps.push(step),
        }
    }
    steps
}

pub(super) fn bands(simulation: &Simulation, resource: &Arn) -> Vec<Band> {
    simulation
        .points
        .iter()
        .filter(|point| point.resource == *resource)
        .filter_map(|point| {
            let window = point.continuous?;
            Some(Band {
                since: point.created_at,
                until: window.until,
                days: window.days,
                gone_at: point.gone_at(),
            })
        })
        .collect()
}
