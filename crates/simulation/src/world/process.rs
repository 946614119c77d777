use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::{FutureExt, future::BoxFuture};
use jiff::SignedDuration;
use tidemark_runs::{Clock, Engine, EngineConfig, RunKinds, RunStore};
use tidemark_services::{
    Guard, Services,
    backup::BackupRun,
    plans::{DeletePlanRun, RolloutRun, RuleRunRun, SavePlanRun},
    points::{change::ChangeRun, copy::CopyPointsRun},
    ports::{AccountStore, Cloud, RecordsCloud, RunItems},
    records::{compare::Comparisons, setup::SetupRun},
    restore::RestoreRun,
    sync::{self, SyncQueue},
};
use tidemark_testkit::{
    FakeBuckets, FakeInsight, FakePermissions, FakePolicyCloud, FakeUserStore, FaultyCloud,
};
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::World;
use crate::{
    dice::Dice,
    oracle::Rule,
    records::WiredRecords,
    store::{Line, LinedAudit, LinedItems, LinedRuns, LinedStarts},
    time::{ProcessClock, wait},
    wire::Wire,
};

/// How often a process reads all scopes.
const SYNC_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// The place of a process: a machine, with a clock. The process in it comes and goes.
#[derive(Clone)]
pub(crate) struct Slot {
    name: Arc<str>,
    clock: ProcessClock,
    running: Arc<Mutex<Option<Process>>>,
}

/// A process that runs.
struct Process {
    services: Arc<Services>,
    shutdown: CancellationToken,
    tasks: Vec<AbortHandle>,
}

/// Why a process does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gone {
    /// It went away, or was not there.
    Away,
    /// The request panicked.
    Panicked,
}

impl Slot {
    /// A machine whose process runs.
    pub(crate) fn start(world: &World, name: &str) -> Self {
        let slot = Self {
            name: name.into(),
            clock: world.time.process_clock(),
            running: Arc::default(),
        };
        slot.revive(world);
        slot
    }

    /// The machine's clock.
    pub(crate) fn clock(&self) -> &ProcessClock {
        &self.clock
    }

    fn lock(&self) -> MutexGuard<'_, Option<Process>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the process where it does not run.
    pub(crate) fn revive(&self, world: &World) {
        let mut running = self.lock();
        if running.is_none() {
            world.trace.say(world.time.elapsed(), || {
                format!("process {} starts", self.name)
            });
            *running = Some(Process::start(world, &self.name, &self.clock));
        }
    }

    /// Kills the process: whatever it does ends where it waits.
    pub(crate) fn kill(&self, world: &World) {
        if let Some(process) = self.lock().take() {
            world.trace.say(world.time.elapsed(), || {
                format!("process {} is killed", self.name)
            });
            for task in process.tasks {
                task.abort();
            }
        }
    }

    /// Asks the process to end in an orderly way, and kills it after a while.
    pub(crate) async fn stop(&self, world: &World) {
        let shutdown = self.lock().as_ref().map(|one| one.shutdown.clone());
        if let Some(shutdown) = shutdown {
            shutdown.cancel();
            wait(SignedDuration::from_secs(25)).await;
            self.kill(world);
        }
    }

    /// Has the process do something for a person. When it goes away, so does the answer.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(Arc<Services>) -> BoxFuture<'static, T>,
    ) -> Result<T, Gone> {
        let task = {
            let mut running = self.lock();
            let process = running.as_mut().ok_or(Gone::Away)?;
            let task = tokio::spawn(work(Arc::clone(&process.services)));
            process.tasks.retain(|task| !task.is_finished());
            process.tasks.push(task.abort_handle());
            task
        };
        // A person who goes away takes the request along.
        let guard = AbortOnDrop(task.abort_handle());
        let answer = task.await.map_err(|error| {
            if error.is_panic() {
                Gone::Panicked
            } else {
                Gone::Away
            }
        });
        drop(guard);
        answer
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Process {
    fn start(world: &World, name: &str, clock: &ProcessClock) -> Self {
        let services = Arc::new(services(world, name, clock));
        let shutdown = CancellationToken::new();
        let worker = services.runs.worker().run(shutdown.clone());
        let worker = watched(world, worker);
        let sync = watched(world, read_scopes(world.clone(), Arc::clone(&services)));
        Self {
            services,
            shutdown,
            tasks: vec![
                tokio::spawn(worker).abort_handle(),
                tokio::spawn(sync).abort_handle(),
            ],
        }
    }
}

/// What panics in the background is a defect.
fn watched(
    world: &World,
    work: impl Future<Output = ()> + Send + 'static,
) -> impl Future<Output = ()> + Send + 'static {
    let oracle = world.oracle.clone();
    async move {
        let safe = std::panic::AssertUnwindSafe(work);
        if safe.catch_unwind().await.is_err() {
            oracle.report(Rule::NoPanic, "a task panicked".to_owned());
        }
    }
}

/// Reads every scope now and then, and those that somebody asks for at once.
async fn read_scopes(world: World, services: Arc<Services>) {
    loop {
        let mut scopes = services.sync.take();
        if scopes.is_empty() {
            scopes.clone_from(&world.estate.scopes);
        }
        for scope in scopes {
            let Some(account) = world.estate.account(&scope) else {
                continue;
            };
            // What goes wrong is the scope's state, or the store's own matter.
            let _ = sync::sync_scope(&services, account, &scope.region).await;
        }
        tokio::select! {
            biased;
            () = services.sync.requested() => {}
            () = wait(SYNC_EVERY) => {}
        }
    }
}

fn services(world: &World, name: &str, clock: &ProcessClock) -> Services {
    let line = Line {
        process: name.to_owned(),
        profile: world.profile.clone(),
        weather: world.weather.clone(),
        dice: Dice::new(world.seed, &format!("line {name}")),
        time: world.time.clone(),
        trace: world.trace.clone(),
        oracle: world.oracle.clone(),
    };
    let wire = Wire {
        process: name.to_owned(),
        profile: world.profile.clone(),
        weather: world.weather.clone(),
        dice: Dice::new(world.seed, &format!("wire {name}")),
        time: world.time.clone(),
        trace: world.trace.clone(),
        oracle: world.oracle.clone(),
    };
    let wire = Arc::new(wire);
    let records: Arc<dyn RecordsCloud> =
        Arc::new(WiredRecords::new(Arc::clone(&wire), world.records.clone()));
    let cloud: Arc<dyn Cloud> = Arc::new(FaultyCloud::new(world.aws.clone()).with_between(wire));
    let accounts: Arc<dyn AccountStore> = Arc::new(world.accounts.clone());
    let items: Arc<dyn RunItems> = Arc::new(LinedItems::new(line.clone(), world.items.clone()));
    let sync = SyncQueue::new();
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let kinds = kinds(world, &accounts, &cloud, &records, &items, &sync);
    let store: Arc<dyn RunStore> = Arc::new(LinedRuns::new(line.clone(), Arc::clone(&world.store)));
    let engine = Engine::new(store, kinds, Arc::clone(&clock), config(world, name));
    Services {
        permissions: Arc::new(FakePermissions::new(world.accounts.clone())),
        accounts,
        catalogue: Arc::new(world.catalogue.clone()),
        insight: Arc::new(FakeInsight::new(world.catalogue.clone())),
        prices: Arc::clone(&world.prices),
        users: Arc::new(FakeUserStore::new(Arc::new(world.audit.clone()))),
        audit: Arc::new(LinedAudit::new(line.clone(), world.audit.clone())),
        starts: Arc::new(LinedStarts::new(line, Arc::clone(&world.starts))),
        // Nobody in these worlds has to do with buckets.
        buckets: Arc::new(FakeBuckets::default()),
        policies: Arc::new(FakePolicyCloud::default()),
        vaults: Arc::new(world.aws.clone()),
        captures: Arc::new(world.captures.clone()),
        comparisons: Comparisons::default(),
        records,
        checkpoints: world.checkpoints.clone(),
        cloud,
        runs: Arc::new(engine),
        items,
        sets: Arc::new(tidemark_testkit::FakeSets::default()),
        hook_reach: tidemark_domain::sets::HookReach::default(),
        guard: Guard::default(),
        clock,
        sync,
    }
}

fn config(world: &World, name: &str) -> EngineConfig {
    EngineConfig {
        worker_name: name.to_owned(),
        lease: world.profile.lease,
        poll_interval: world.profile.poll,
        ..EngineConfig::default()
    }
}

fn kinds(
    world: &World,
    accounts: &Arc<dyn AccountStore>,
    cloud: &Arc<dyn Cloud>,
    records: &Arc<dyn RecordsCloud>,
    items: &Arc<dyn RunItems>,
    sync: &SyncQueue,
) -> RunKinds {
    let (accounts, cloud) = (|| Arc::clone(accounts), || Arc::clone(cloud));
    let (items, sync) = (|| Arc::clone(items), || sync.clone());
    RunKinds::new()
        .with(RestoreRun::new(
            accounts(),
            cloud(),
            Arc::clone(records),
            Arc::new(world.captures.clone()),
            sync(),
        ))
        .with(SetupRun::new(
            accounts(),
            Arc::clone(records),
            Arc::new(world.captures.clone()),
            world.checkpoints.clone(),
            sync(),
        ))
        .with(BackupRun::new(accounts(), cloud(), sync()))
        .with(SavePlanRun::new(accounts(), cloud(), sync()))
        .with(DeletePlanRun::new(accounts(), cloud(), sync()))
        .with(RuleRunRun::new(accounts(), cloud(), sync()))
        .with(RolloutRun::new(accounts(), cloud(), sync()))
        .with(ChangeRun::deletion(accounts(), cloud(), items(), sync()))
        .with(ChangeRun::lifecycle(accounts(), cloud(), items(), sync()))
        .with(CopyPointsRun::new(accounts(), cloud(), items(), sync()))
}
