use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};
use tracing::warn;

use super::BackupEngine;
use crate::clock::SimClock;

impl BackupEngine {
    /// Drives the simulation as `clock` goes, looking every `interval`, until the task is aborted.
    ///
    /// Providers run on the blocking pool, so a slow capture or restore holds up nothing but its job.
    /// Needs a Tokio runtime.
    pub fn spawn(&self, clock: SimClock, interval: Duration) -> JoinHandle<()> {
        let engine = self.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(interval);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let mut calls = JoinSet::new();
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    Some(finished) = calls.join_next() => {
                        if let Err(error) = finished {
                            warn!(%error, "A resource provider panicked; its job will not finish.");
                        }
                        continue;
                    }
                }
                let work = engine.world().advance(clock.now(), false);
                for item in work {
                    let engine = engine.clone();
                    calls.spawn_blocking(move || {
                        let outcome = item.run(&engine.providers());
                        engine.world().record(outcome);
                    });
                }
            }
        })
    }
}
