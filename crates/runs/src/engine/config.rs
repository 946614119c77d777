//! How an engine works.

use jiff::SignedDuration;

/// How an engine works. The default suits production.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The beginning of the name under which leases are held, such as the host's name.
    pub worker_name: String,
    /// How many runs a worker carries out at once. Sleeping runs do not count.
    pub max_concurrent_runs: u32,
    /// How many runs of one creator may be in progress; further ones wait in the queue.
    pub per_creator: Option<u32>,
    /// How many runs in one account may be in progress; further ones wait in the queue.
    pub per_account: Option<u32>,
    /// How long a worker that is not heard of keeps a run.
    pub lease: SignedDuration,
    /// How often a worker looks for runs that other processes have written.
    pub poll_interval: SignedDuration,
    /// How often the progress that steps report is written.
    pub progress_interval: SignedDuration,
    /// The shortest sleep of a run, whatever its step asks for.
    pub shortest_wait: SignedDuration,
    /// How often in a row a step may be begun by workers that then are not heard of again, before
    /// it counts as failed: a step that brings its process down must not do so for ever.
    pub max_interruptions: u32,
    /// How often a write is tried while the store is not available.
    pub store_attempts: u32,
    /// How long a worker that is asked to stop waits for steps that are being carried out.
    pub shutdown_grace: SignedDuration,
    /// How many notices a slow subscriber may be behind.
    pub notice_capacity: usize,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            worker_name: "worker".to_owned(),
            max_concurrent_runs: 128,
            per_creator: Some(50),
            per_account: Some(50),
            lease: SignedDuration::from_secs(30),
            poll_interval: SignedDuration::from_secs(1),
            progress_interval: SignedDuration::from_millis(500),
            shortest_wait: SignedDuration::from_millis(100),
            max_interruptions: 20,
            store_attempts: 8,
            shutdown_grace: SignedDuration::from_secs(20),
            notice_capacity: 4096,
        }
    }
}
