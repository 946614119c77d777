use std::time::Duration;

use jiff::SignedDuration;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tracing::warn;

use super::BackupEngine;
use crate::clock::SimClock;

/// Further behind than this, the clock was moved: what was skipped happens in order, each thing waiting
/// for the answers to those before it. Otherwise hours of jobs would find their resource busy.
const MOVED: SignedDuration = SignedDuration::from_secs(60);

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
                let now = clock.now();
                let behind = engine.world().behind(now);
                if behind > MOVED {
                    let engine = engine.clone();
                    if let Err(error) = spawn_blocking(move || engine.tick(now)).await {
                        warn!(%error, "The simulation could not catch up with its clock.");
                    }
                    continue;
                }
                let work = match engine.try_pass() {
                    Some(_alone) => engine.world().advance(now, false),
                    None => continue,
                };
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
