//! An estate of one account with tables, over fakes, with an engine that a test drives by hand.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, RestoreRequest, RestoreSource, Role, Scope,
    runs::{RunId, RunView},
    sets::HookReach,
};
use tidemark_runs::{Clock, Engine, EngineConfig, MemoryRunStore, RunKinds, RunStore};
use tidemark_services::{
    Caller, Services,
    backup::BackupRun,
    buckets::{CopyRun, SetBucketRun},
    holds::HoldRun,
    plans::{DeletePlanRun, RolloutRun, RuleRunRun, SavePlanRun},
    points::{change::ChangeRun, copy::CopyPointsRun},
    policies::SetBucketPolicyRun,
    records::{compare::Comparisons, prove::ProofRun, setup::SetupRun, undo::UndoRun},
    restore::RestoreRun,
    sets::{BackUpSetRun, RestoreSetRun},
    sync,
    sync::SyncQueue,
    vaults::VaultRun,
};
use tidemark_testkit::{
    FakeAccountStore, FakeAuditLog, FakeBuckets, FakeCaptures, FakeCatalogue, FakeCloud, FakeHooks,
    FakeInsight, FakePermissions, FakePolicyCloud, FakeRecordsCloud, FakeRunItems, FakeRunStarts,
    FakeSets, FakeTable, FakeUserStore, FaultyCloud, MemoryCheckpoints, TestClock, build,
};

pub(crate) const ACCOUNT: &str = "111122223333";

/// The testkit's clock, which is AWS's, as the engine wants it: it never really waits, and may be wrong.
#[derive(Clone)]
struct EngineClock(TestClock, Arc<Mutex<SignedDuration>>);

impl EngineClock {
    fn ahead(&self) -> SignedDuration {
        *self.1.lock().unwrap()
    }
}

#[async_trait]
impl Clock for EngineClock {
    fn now(&self) -> Timestamp {
        self.0.now() + self.ahead()
    }

    async fn sleep_until(&self, until: Timestamp) {
        if until > self.now() {
            std::future::pending::<()>().await;
        }
    }
}

pub(crate) struct World {
    pub(crate) services: Arc<Services>,
    pub(crate) aws: FakeCloud,
    pub(crate) cloud: FaultyCloud,
    pub(crate) clock: TestClock,
    pub(crate) audit: FakeAuditLog,
    pub(crate) accounts: FakeAccountStore,
    pub(crate) items: FakeRunItems,
    pub(crate) captures: FakeCaptures,
    pub(crate) records: FakeRecordsCloud,
    pub(crate) buckets: FakeBuckets,
    pub(crate) hooks: FakeHooks,
    pub(crate) policies: FakePolicyCloud,
    pub(crate) scope: Scope,
    ahead: Arc<Mutex<SignedDuration>>,
}

impl World {
    /// Account 111122223333 with table `orders` (100 items, point-in-time recovery on, tagged
    /// owner=olga), already synced; the clock stands two hours after the table was made.
    #[expect(clippy::too_many_lines, reason = "every port and every run kind")]
    pub(crate) async fn new() -> Self {
        let clock = TestClock::default();
        let scope = build::scope(ACCOUNT, "eu-west-1");
        let aws = FakeCloud::new(clock.clone())
            .with_account(&build::connection(ACCOUNT), &["eu-west-1"])
            .with_table(
                &scope,
                FakeTable::new("orders")
                    .items(100)
                    .pitr(clock.now(), 35)
                    .tag("owner", "olga")
                    .stream("NEW_IMAGE")
                    .time_to_live("expires"),
            );
        clock.advance(SignedDuration::from_hours(2));
        let cloud = FaultyCloud::new(aws.clone());
        let accounts = FakeAccountStore::with([build::account(ACCOUNT)]);
        let queue = SyncQueue::new();
        let ports = (Arc::new(accounts.clone()), Arc::new(cloud.clone()));
        let items = FakeRunItems::default();
        let captures = FakeCaptures::default();
        let records = FakeRecordsCloud::default();
        let buckets = FakeBuckets::new(clock.clone());
        let hooks = FakeHooks::default();
        let policies = FakePolicyCloud::default();
        let kinds = RunKinds::new()
            .with(RestoreRun::new(
                ports.0.clone(),
                ports.1.clone(),
                Arc::new(records.clone()),
                Arc::new(captures.clone()),
                queue.clone(),
            ))
            .with(BackupRun::new(
                ports.0.clone(),
                ports.1.clone(),
                queue.clone(),
            ))
            .with(SavePlanRun::new(
                ports.0.clone(),
                ports.1.clone(),
                queue.clone(),
            ))
            .with(DeletePlanRun::new(
                ports.0.clone(),
                ports.1.clone(),
                queue.clone(),
            ))
            .with(RuleRunRun::new(
                ports.0.clone(),
                ports.1.clone(),
                queue.clone(),
            ))
            .with(RolloutRun::new(
                ports.0.clone(),
                ports.1.clone(),
                queue.clone(),
            ))
            .with(ChangeRun::deletion(
                ports.0.clone(),
                ports.1.clone(),
                Arc::new(items.clone()),
                queue.clone(),
            ))
            .with(ChangeRun::lifecycle(
                ports.0.clone(),
                ports.1.clone(),
                Arc::new(items.clone()),
                queue.clone(),
            ))
            .with(CopyPointsRun::new(
                ports.0.clone(),
                ports.1.clone(),
                Arc::new(items.clone()),
                queue.clone(),
            ));
        let kinds = kinds.with(SetBucketRun::new(
            ports.0.clone(),
            Arc::new(buckets.clone()),
            queue.clone(),
        ));
        let kinds = kinds.with(CopyRun::new(
            ports.0.clone(),
            Arc::new(buckets.clone()),
            queue.clone(),
        ));
        let checkpoints = Arc::new(MemoryCheckpoints::default());
        let kinds = kinds
            .with(SetupRun::new(
                ports.0.clone(),
                Arc::new(records.clone()),
                Arc::new(captures.clone()),
                checkpoints.clone(),
                queue.clone(),
            ))
            .with(ProofRun::new(
                ports.0.clone(),
                Arc::new(records.clone()),
                Arc::new(captures.clone()),
            ))
            .with(UndoRun::new(ports.0.clone(), Arc::new(records.clone())))
            .with(BackUpSetRun::new(
                ports.0.clone(),
                ports.1.clone(),
                Arc::new(hooks.clone()),
                queue.clone(),
            ))
            .with(RestoreSetRun::new(
                ports.0.clone(),
                ports.1.clone(),
                Arc::new(records.clone()),
                Arc::new(captures.clone()),
                Arc::new(hooks.clone()),
                queue.clone(),
            ))
            .with(SetBucketPolicyRun::new(
                ports.0.clone(),
                Arc::new(policies.clone()),
            ));
        let vaults = Arc::new(aws.clone());
        let kinds = kinds
            .with(VaultRun::change(
                ports.0.clone(),
                vaults.clone(),
                queue.clone(),
            ))
            .with(VaultRun::protection(
                ports.0.clone(),
                vaults.clone(),
                queue.clone(),
            ))
            .with(HoldRun::new(ports.0.clone(), vaults.clone(), queue.clone()));
        let ahead: Arc<Mutex<SignedDuration>> = Arc::default();
        let engine_clock: Arc<dyn Clock> = Arc::new(EngineClock(clock.clone(), Arc::clone(&ahead)));
        let runs: Arc<dyn RunStore> = Arc::new(MemoryRunStore::new());
        let engine = Engine::new(
            Arc::clone(&runs),
            kinds,
            engine_clock.clone(),
            EngineConfig::default(),
        );
        let audit = FakeAuditLog::default();
        let catalogue = FakeCatalogue::new(accounts.clone());
        let services = Arc::new(Services {
            accounts: Arc::new(accounts.clone()),
            permissions: Arc::new(FakePermissions::new(accounts.clone())),
            catalogue: Arc::new(catalogue.clone()),
            insight: Arc::new(FakeInsight::new(catalogue)),
            prices: Arc::new(tidemark_services::cost::list_prices().unwrap()),
            users: Arc::new(FakeUserStore::new(Arc::new(audit.clone()))),
            audit: Arc::new(audit.clone()),
            buckets: Arc::new(buckets.clone()),
            vaults,
            captures: Arc::new(captures.clone()),
            comparisons: Comparisons::default(),
            records: Arc::new(records.clone()),
            policies: Arc::new(policies.clone()),
            checkpoints,
            cloud: Arc::new(cloud.clone()),
            sets: Arc::new(FakeSets::default()),
            hook_reach: HookReach::default(),
            runs: Arc::new(engine),
            starts: Arc::new(FakeRunStarts::new(runs, Arc::new(audit.clone()))),
            items: Arc::new(items.clone()),
            clock: engine_clock,
            sync: queue,
            guard: tidemark_services::Guard::default(),
        });
        let world = Self {
            services,
            aws,
            cloud,
            clock,
            audit,
            accounts,
            items,
            captures,
            records,
            buckets,
            hooks,
            policies,
            scope,
            ahead,
        };
        world.sync().await;
        world
    }

    /// Reads the account's only scope into the catalogue.
    pub(crate) async fn sync(&self) {
        let account = build::account(ACCOUNT);
        sync::sync_scope(&self.services, &account, &self.scope.region)
            .await
            .unwrap();
    }

    /// Registers another account, empty but for vault `Default`, and reads it into the catalogue.
    pub(crate) async fn add_account(&self, id: &str) -> Scope {
        let account = build::account(id);
        let region = self.scope.region.clone();
        let _ = self
            .aws
            .clone()
            .with_account(&account.connection, &[region.as_str()]);
        self.services.accounts.add(&account).await.unwrap();
        sync::sync_scope(&self.services, &account, &region)
            .await
            .unwrap();
        Scope {
            account: account.connection.account,
            region,
        }
    }

    pub(crate) fn orders(&self) -> Arn {
        build::table_arn(&self.scope, "orders")
    }

    /// Sets by how much the console's clock is ahead of AWS's.
    pub(crate) fn set_console_ahead(&self, by: SignedDuration) {
        *self.ahead.lock().unwrap() = by;
    }

    /// Moves the clocks to a moment by the console's.
    pub(crate) fn wake(&self, due: Timestamp) {
        let due = due - *self.ahead.lock().unwrap();
        if due > self.clock.now() {
            self.clock.set(due);
        }
    }

    /// Drives the engine, moving the clock from wake time to wake time, until the run has ended.
    pub(crate) async fn finish(&self, id: RunId) -> RunView {
        for _ in 0..500 {
            let due = self.services.runs.run_until_idle().await.unwrap();
            let view = self.services.runs.view(id).await.unwrap();
            if view.state.is_terminal() {
                return view;
            }
            if let Some(due) = due {
                self.wake(due);
            }
        }
        panic!("the run did not end");
    }
}

pub(crate) fn caller(role: Role) -> Caller {
    let name = if role == Role::Owner {
        "olga"
    } else {
        role.as_str()
    };
    Caller {
        user_id: None,
        name: name.to_owned(),
        role,
        origin: "test".to_owned(),
    }
}

/// A restore of `orders` to a second an hour ago, into `orders-back`, nothing put back.
pub(crate) fn hour_ago(world: &World) -> RestoreRequest {
    RestoreRequest {
        resource: world.orders(),
        source: RestoreSource::PointInTime {
            at: world.clock.now() - SignedDuration::from_hours(1),
        },
        target_table: Some("orders-back".to_owned()),
        metadata: std::collections::BTreeMap::default(),
        service_role: None,
        put_back: std::collections::BTreeSet::default(),
        tags: None,
        confirmation: None,
        reason: "a bad deployment".to_owned(),
    }
}
