use std::sync::Arc;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{Role, Scope};
use tidemark_runs::{Engine, EngineConfig, ManualClock, MemoryRunStore, RunKinds, RunStore};
use tidemark_server::{
    config::{Config, Overrides},
    http::{Settings, Web, router, sessions::SessionStorage},
};
use tidemark_services::{
    Services,
    audit::AuditRecord,
    backup::BackupRun,
    buckets::{CopyRun, SetBucketRun},
    holds::HoldRun,
    plans::SavePlanRun,
    points::change::ChangeRun,
    policies::SetBucketPolicyRun,
    ports::{Cloud, NewUser, VaultCloud},
    records::compare::Comparisons,
    restore::RestoreRun,
    session::hash_password,
    sync::{SyncConfig, SyncQueue, SyncWorker},
    vaults::VaultRun,
};
use tidemark_testkit::{
    FakeAccountStore, FakeAuditLog, FakeBuckets, FakeCaptures, FakeCatalogue, FakeCloud,
    FakeInsight, FakePermissions, FakePolicyCloud, FakeRecordsCloud, FakeRole, FakeRunItems,
    FakeRunStarts, FakeTable, FakeUserStore, MemoryCheckpoints, TestClock, build,
};
use tokio::sync::OnceCell;
use tower_sessions::MemoryStore;

use super::Client;

/// The password of every user.
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const ACCOUNT: &str = "111122223333";
/// A table that the user `owner` owns.
pub(crate) const ORDERS: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
/// A table that somebody else owns.
pub(crate) const CARTS: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/carts";

/// A bucket without versions, and another.
const BUCKET: &str = "backups-orders";
const BUCKET_BESIDE: &str = "backups-copies";

/// The kinds that have to do with buckets.
fn of_buckets(
    kinds: RunKinds,
    accounts: &Arc<FakeAccountStore>,
    buckets: &Arc<FakeBuckets>,
    policies: &FakePolicyCloud,
    sync: &SyncQueue,
) -> RunKinds {
    kinds
        .with(SetBucketPolicyRun::new(
            accounts.clone(),
            Arc::new(policies.clone()),
        ))
        .with(CopyRun::new(
            accounts.clone(),
            buckets.clone(),
            sync.clone(),
        ))
        .with(SetBucketRun::new(
            accounts.clone(),
            buckets.clone(),
            sync.clone(),
        ))
}

/// The kinds that change vaults and legal holds.
fn of_vaults(
    kinds: RunKinds,
    accounts: &Arc<FakeAccountStore>,
    vaults: &Arc<dyn VaultCloud>,
    sync: &SyncQueue,
) -> RunKinds {
    kinds
        .with(VaultRun::change(
            accounts.clone(),
            vaults.clone(),
            sync.clone(),
        ))
        .with(VaultRun::protection(
            accounts.clone(),
            vaults.clone(),
            sync.clone(),
        ))
        .with(HoldRun::new(accounts.clone(), vaults.clone(), sync.clone()))
}

/// Two buckets of backups, a bucket without a policy, and a role that may use it.
fn shared_buckets() -> (Arc<FakeBuckets>, FakePolicyCloud) {
    let buckets = Arc::new(FakeBuckets::default());
    for bucket in [BUCKET, BUCKET_BESIDE] {
        buckets.add(bucket, &build::scope(ACCOUNT, "eu-west-1").region);
    }
    let policies = FakePolicyCloud::default();
    policies.add_bucket(ACCOUNT, SHARED_BUCKET, None);
    policies.add_role(
        EXPORTER,
        FakeRole::allowing(&["s3:GetObject", "s3:PutObject"]),
    );
    (buckets, policies)
}

/// A bucket of the account, without a policy.
pub(crate) const SHARED_BUCKET: &str = "volumes-111122223333";
/// A role of the account that may read and write objects.
pub(crate) const EXPORTER: &str = "arn:aws:iam::111122223333:role/Exporter";

/// The console over fakes: one account with two tables, and a user for each role, named like it.
pub(crate) struct TestConsole {
    pub(crate) web: Web,
    pub(crate) services: Arc<Services>,
    pub(crate) clock: ManualClock,
    audit: FakeAuditLog,
    cloud_clock: TestClock,
    pub(crate) policies: FakePolicyCloud,
}

fn web_of(services: &Arc<Services>, config: &Config) -> Web {
    Web::new(
        services.clone(),
        Settings::new(config).unwrap(),
        &config.limits,
        leptos::config::LeptosOptions::builder()
            .output_name("tidemark")
            .site_root("nowhere")
            .build(),
        SessionStorage::Memory(MemoryStore::default()),
        build::account_id("999999999999"),
    )
}

impl TestConsole {
    pub(crate) async fn new() -> Self {
        Self::with(&Overrides::default(), |_| {}).await
    }

    pub(crate) async fn with(overrides: &Overrides, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::with(overrides).unwrap();
        change(&mut config);
        // The session store looks at the real time, so the test's clock begins there.
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
        let clock = ManualClock::new(now);
        let cloud_clock = TestClock::at(now);
        let accounts = Arc::new(FakeAccountStore::with([build::account(ACCOUNT)]));
        let audit = FakeAuditLog::default();
        let sync = SyncQueue::new();
        let aws = cloud(&cloud_clock);
        let vaults: Arc<dyn VaultCloud> = Arc::new(aws.clone());
        let port: Arc<dyn Cloud> = Arc::new(aws);
        let items = Arc::new(FakeRunItems::default());
        let captures = Arc::new(FakeCaptures::default());
        let records = Arc::new(FakeRecordsCloud::default());
        let (buckets, policies) = shared_buckets();
        let kinds = RunKinds::new()
            .with(RestoreRun::new(
                accounts.clone(),
                port.clone(),
                records.clone(),
                captures.clone(),
                sync.clone(),
            ))
            .with(BackupRun::new(accounts.clone(), port.clone(), sync.clone()))
            .with(SavePlanRun::new(
                accounts.clone(),
                port.clone(),
                sync.clone(),
            ))
            .with(ChangeRun::deletion(
                accounts.clone(),
                port.clone(),
                items.clone(),
                sync.clone(),
            ))
            .with(ChangeRun::lifecycle(
                accounts.clone(),
                port.clone(),
                items.clone(),
                sync.clone(),
            ));
        let kinds = of_buckets(kinds, &accounts, &buckets, &policies, &sync);
        let kinds = of_vaults(kinds, &accounts, &vaults, &sync);
        let runs: Arc<dyn RunStore> = Arc::new(MemoryRunStore::default());
        let engine = Engine::new(
            Arc::clone(&runs),
            kinds,
            Arc::new(clock.clone()),
            EngineConfig::default(),
        );
        let catalogue = FakeCatalogue::new((*accounts).clone());
        let services = Arc::new(Services {
            insight: Arc::new(FakeInsight::new(catalogue.clone())),
            permissions: Arc::new(FakePermissions::new((*accounts).clone())),
            catalogue: Arc::new(catalogue),
            prices: Arc::new(tidemark_services::cost::list_prices().unwrap()),
            accounts,
            users: Arc::new(FakeUserStore::new(Arc::new(audit.clone()))),
            audit: Arc::new(audit.clone()),
            buckets,
            policies: Arc::new(policies.clone()),
            vaults,
            captures,
            comparisons: Comparisons::default(),
            records,
            checkpoints: Arc::new(MemoryCheckpoints::default()),
            cloud: port,
            runs: Arc::new(engine),
            starts: Arc::new(FakeRunStarts::new(runs, Arc::new(audit.clone()))),
            items,
            sets: Arc::new(tidemark_testkit::FakeSets::default()),
            hook_reach: tidemark_domain::sets::HookReach::default(),
            clock: Arc::new(clock.clone()),
            sync,
            guard: tidemark_services::Guard::default(),
        });
        for role in Role::ALL {
            add_user(&services, role.as_str(), role, false).await;
        }
        SyncWorker::new(services.clone(), SyncConfig::default())
            .round(None)
            .await;
        Self {
            web: web_of(&services, &config),
            services,
            clock,
            audit,
            cloud_clock,
            policies,
        }
    }

    /// Somebody who is not signed in.
    pub(crate) fn client(&self) -> Client {
        Client::new(router(self.web.clone()))
    }

    /// The user of that role, signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Client {
        self.signed_in_as(role.as_str()).await
    }

    pub(crate) async fn signed_in_as(&self, name: &str) -> Client {
        let mut client = self.client();
        let answer = client
            .form(
                "/api/session/sign_in",
                &[("name", name), ("password", PASSWORD)],
            )
            .await;
        assert!(
            answer.status == StatusCode::OK || answer.status.is_redirection(),
            "{answer:?}"
        );
        assert!(!client.cookies().is_empty(), "{answer:?}");
        client
    }

    pub(crate) async fn add_user(&self, name: &str, role: Role, must_change_password: bool) {
        add_user(&self.services, name, role, must_change_password).await;
    }

    /// Moves every clock.
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.cloud_clock.advance(by);
    }

    pub(crate) fn audit(&self) -> Vec<AuditRecord> {
        self.audit.records()
    }
}

async fn add_user(services: &Services, name: &str, role: Role, must_change_password: bool) {
    // One hash for all: it is slow on purpose.
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH
        .get_or_init(|| async { hash_password(PASSWORD).await.unwrap() })
        .await;
    let user = NewUser {
        name: name.to_owned(),
        role,
        password_hash: hash.clone(),
        must_change_password,
    };
    services
        .users
        .create(&user, services.clock.now(), None)
        .await
        .unwrap();
}

fn cloud(clock: &TestClock) -> FakeCloud {
    let scope: Scope = build::scope(ACCOUNT, "eu-west-1");
    let yesterday = clock.now() - SignedDuration::from_hours(24);
    let table = |name: &str, owner: &str| {
        FakeTable::new(name)
            .created_at(yesterday)
            .items(100)
            .pitr(yesterday, 35)
            .stream("NEW_AND_OLD_IMAGES")
            .time_to_live("expires_at")
            .tag("owner", owner)
    };
    FakeCloud::new(clock.clone())
        .with_account(&build::connection(ACCOUNT), &["eu-west-1"])
        .with_table(&scope, table("orders", "owner"))
        .with_table(&scope, table("carts", "somebody"))
}
