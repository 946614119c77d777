//! The part of a worker that reads the streams of captured tables.

mod follow;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tidemark_domain::records::{Capture, CaptureMode};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, timeout_at},
};

use crate::{Pulse, Services};

/// How captures are worked on.
#[derive(Clone, Debug)]
pub struct CaptureConfig {
    /// This worker's name; a part that is different in each process is added.
    pub worker: String,
    /// How long a shard is held without a sign of life.
    pub lease: Duration,
    /// How long a change waits before it is stored.
    pub flush_after: Duration,
    /// How often captures are looked up.
    pub look_every: Duration,
    /// How long the end may take, to store what was read and give the shards back.
    pub grace: Duration,
}

impl Default for CaptureConfig {
    fn default() -> Self {
        Self {
            worker: "worker".to_owned(),
            lease: Duration::from_secs(30),
            flush_after: Duration::from_secs(10),
            look_every: Duration::from_secs(1),
            grace: Duration::from_secs(10),
        }
    }
}

/// Keeps one task per capture that is on. Replicas share the shards of each by leases.
pub struct CaptureWorker {
    services: Arc<Services>,
    config: CaptureConfig,
    pulse: Pulse,
}

struct Task {
    capture: Capture,
    stop: watch::Sender<bool>,
    handle: JoinHandle<()>,
}

impl CaptureWorker {
    /// A worker; it does nothing until it runs.
    pub fn new(services: Arc<Services>, mut config: CaptureConfig) -> Self {
        config.worker = format!("{}-{}", config.worker, uuid::Uuid::new_v4());
        Self {
            services,
            config,
            pulse: Pulse::default(),
        }
    }

    /// Beats whenever the captures were looked up.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Works until `stop` turns true; then stores what was read and gives the shards back.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut tasks: BTreeMap<String, Task> = BTreeMap::new();
        while !*stop.borrow() {
            match self.services.captures.list().await {
                Ok(captures) => {
                    let wanted = captures.into_iter().map(|stored| stored.capture);
                    self.adjust(&mut tasks, wanted.collect()).await;
                }
                Err(error) => tracing::warn!(%error, "the captures could not be listed"),
            }
            self.pulse.beat();
            tokio::select! {
                _ = stop.changed() => break,
                () = tokio::time::sleep(self.config.look_every) => {}
            }
        }
        self.end(tasks.into_values().collect()).await;
    }

    /// Begins what is on and has no task, ends what is off, gone or changed.
    async fn adjust(&self, tasks: &mut BTreeMap<String, Task>, captures: Vec<Capture>) {
        let wanted: BTreeMap<String, Capture> = captures
            .into_iter()
            .filter(|capture| capture.mode != CaptureMode::Off)
            .map(|capture| (capture.id.clone(), capture))
            .collect();
        let over: Vec<String> = tasks
            .iter()
            .filter(|(id, task)| {
                wanted.get(*id) != Some(&task.capture) || task.handle.is_finished()
            })
            .map(|(id, _)| id.clone())
            .collect();
        let over = over.iter().filter_map(|id| tasks.remove(id)).collect();
        self.end(over).await;
        for (id, capture) in wanted {
            if tasks.contains_key(&id) {
                continue;
            }
            let (stop, stopped) = watch::channel(false);
            let (services, config) = (Arc::clone(&self.services), self.config.clone());
            let handle = tokio::spawn(follow::follow(services, config, capture.clone(), stopped));
            let task = Task {
                capture,
                stop,
                handle,
            };
            tasks.insert(id, task);
        }
    }

    /// Ends tasks, together.
    async fn end(&self, tasks: Vec<Task>) {
        for task in &tasks {
            let _ = task.stop.send(true);
        }
        let until = Instant::now() + self.config.grace;
        for mut task in tasks {
            if timeout_at(until, &mut task.handle).await.is_err() {
                // What it had read is in the stream still; its leases run out.
                task.handle.abort();
            }
        }
    }
}
