//! The only file that names concrete adapters: store, AWS, clock, engine.

use std::{
    fs::Permissions,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
    time::Duration,
};

use aws_config::{
    BehaviorVersion, Region, environment::EnvironmentVariableRegionProvider,
    meta::region::RegionProviderChain, profile::ProfileFileRegionProvider,
};
use jiff::SignedDuration;
use tidemark_aws::{AwsCloud, ClientFactory};
use tidemark_domain::{AccountId, cost::PriceList, sets::HookReach};
use tidemark_hooks::HttpHooks;
use tidemark_runs::{Clock, Engine, EngineConfig, RunKinds, SystemClock};
use tidemark_services::{
    Guard, Services, StoreError,
    backup::BackupRun,
    buckets::{CopyRun, SetBucketRun},
    cost,
    holds::HoldRun,
    plans::{DeletePlanRun, RolloutRun, RuleRunRun, SavePlanRun},
    points::{change::ChangeRun, copy::CopyPointsRun},
    policies::SetBucketPolicyRun,
    ports::{Buckets, Cloud, PolicyCloud, RecordsCloud, VaultCloud},
    records::{compare::Comparisons, prove::ProofRun, setup::SetupRun, undo::UndoRun},
    restore::RestoreRun,
    sets::{BackUpSetRun, RestoreSetRun},
    sync::SyncQueue,
    vaults::VaultRun,
};
use tidemark_store::Store;

use crate::{cli::CliError, config::Config, http::sessions::SessionStorage};

/// How long the console waits for STS to tell its own account.
const IDENTITY_DEADLINE: Duration = Duration::from_secs(5);

/// Where the console's own AWS credentials and endpoint come from.
#[derive(Clone, Debug)]
pub enum AwsAccess {
    /// The SDK's own chain: `AWS_PROFILE`, `AWS_ENDPOINT_URL`, instance roles and so on.
    FromEnvironment,
    /// A simulated AWS, where an account's id is the access key of its root.
    Sandbox {
        /// Its endpoint.
        endpoint: String,
        /// The console's own account there.
        account: AccountId,
    },
}

/// The use cases over real adapters, and what the process needs beside them.
pub struct Wired {
    /// The use cases.
    pub services: Arc<Services>,
    /// The database.
    pub store: Store,
    access: AwsAccess,
}

/// Opens the database and puts the adapters behind the ports, for a command.
pub async fn wire(config: &Config, access: &AwsAccess) -> Result<Wired, CliError> {
    wire_by(config, access, Arc::new(SystemClock), Opener::Command).await
}

/// As [`wire`], for a process that serves or works until it is told to stop.
pub async fn wire_server(config: &Config, access: &AwsAccess) -> Result<Wired, CliError> {
    wire_by(config, access, Arc::new(SystemClock), Opener::Server).await
}

/// As [`wire`], by another clock than the machine's perhaps.
pub async fn wire_by(
    config: &Config,
    access: &AwsAccess,
    clock: Arc<dyn Clock>,
    opener: Opener,
) -> Result<Wired, CliError> {
    let store = open_store(config, opener).await?;
    let aws = AwsCloud::new(factory(access, Arc::clone(&clock)).await);
    let records: Arc<dyn RecordsCloud> = Arc::new(aws.clone());
    let policies: Arc<dyn PolicyCloud> = Arc::new(aws.clone());
    let buckets: Arc<dyn Buckets> = Arc::new(aws.clone());
    let vaults: Arc<dyn VaultCloud> = Arc::new(aws.clone());
    let cloud: Arc<dyn Cloud> = Arc::new(aws);
    let sync = SyncQueue::new();
    let hook_reach = HookReach::parse(&config.hook_hosts);
    let hooks = Arc::new(HttpHooks::new(hook_reach.clone(), hook_secrets()));
    let kinds = kinds(&store, &cloud, &records, &buckets, &sync)
        .with(BackUpSetRun::new(
            store.accounts(),
            Arc::clone(&cloud),
            hooks.clone(),
            sync.clone(),
        ))
        .with(RestoreSetRun::new(
            store.accounts(),
            Arc::clone(&cloud),
            Arc::clone(&records),
            store.captures(),
            hooks,
            sync.clone(),
        ))
        .with(SetBucketPolicyRun::new(
            store.accounts(),
            Arc::clone(&policies),
        ));
    let kinds = of_vaults(kinds, &store, &vaults, &sync);
    let runs = Engine::new(
        store.runs(),
        kinds,
        Arc::clone(&clock),
        engine_config(config),
    );
    let services = Services {
        accounts: store.accounts(),
        permissions: store.permissions(),
        catalogue: store.catalogue(),
        insight: store.insight(),
        prices: Arc::new(prices(config)?),
        users: store.users(),
        audit: store.audit(),
        buckets,
        vaults,
        policies,
        captures: store.captures(),
        comparisons: Comparisons::default(),
        records,
        checkpoints: store.record_checkpoints(),
        cloud,
        runs: Arc::new(runs),
        starts: store.run_starts(),
        items: store.items(),
        sets: store.sets(),
        hook_reach,
        clock,
        sync,
        guard: Guard {
            runs_per_person: config.limits.unfinished_runs_per_person,
            runs_per_account: config.limits.unfinished_runs_per_account,
            ..Guard::default()
        },
    };
    Ok(Wired {
        services: Arc::new(services),
        store,
        access: access.clone(),
    })
}

/// Every kind of run.
fn kinds(
    store: &Store,
    cloud: &Arc<dyn Cloud>,
    records: &Arc<dyn RecordsCloud>,
    buckets: &Arc<dyn Buckets>,
    sync: &SyncQueue,
) -> RunKinds {
    RunKinds::new()
        .with(RestoreRun::new(
            store.accounts(),
            Arc::clone(cloud),
            Arc::clone(records),
            store.captures(),
            sync.clone(),
        ))
        .with(BackupRun::new(
            store.accounts(),
            Arc::clone(cloud),
            sync.clone(),
        ))
        .with(SavePlanRun::new(
            store.accounts(),
            Arc::clone(cloud),
            sync.clone(),
        ))
        .with(DeletePlanRun::new(
            store.accounts(),
            Arc::clone(cloud),
            sync.clone(),
        ))
        .with(RuleRunRun::new(
            store.accounts(),
            Arc::clone(cloud),
            sync.clone(),
        ))
        .with(RolloutRun::new(
            store.accounts(),
            Arc::clone(cloud),
            sync.clone(),
        ))
        .with(ChangeRun::deletion(
            store.accounts(),
            Arc::clone(cloud),
            store.items(),
            sync.clone(),
        ))
        .with(ChangeRun::lifecycle(
            store.accounts(),
            Arc::clone(cloud),
            store.items(),
            sync.clone(),
        ))
        .with(CopyPointsRun::new(
            store.accounts(),
            Arc::clone(cloud),
            store.items(),
            sync.clone(),
        ))
        .with(CopyRun::new(
            store.accounts(),
            Arc::clone(buckets),
            sync.clone(),
        ))
        .with(SetBucketRun::new(
            store.accounts(),
            Arc::clone(buckets),
            sync.clone(),
        ))
        .with(SetupRun::new(
            store.accounts(),
            Arc::clone(records),
            store.captures(),
            store.record_checkpoints(),
            sync.clone(),
        ))
        .with(ProofRun::new(
            store.accounts(),
            Arc::clone(records),
            store.captures(),
        ))
        .with(UndoRun::new(store.accounts(), Arc::clone(records)))
}

/// The kinds that change vaults and legal holds.
fn of_vaults(
    kinds: RunKinds,
    store: &Store,
    vaults: &Arc<dyn VaultCloud>,
    sync: &SyncQueue,
) -> RunKinds {
    let ports = || (store.accounts(), Arc::clone(vaults), sync.clone());
    let (change, protection, hold) = (ports(), ports(), ports());
    kinds
        .with(VaultRun::change(change.0, change.1, change.2))
        .with(VaultRun::protection(
            protection.0,
            protection.1,
            protection.2,
        ))
        .with(HoldRun::new(hold.0, hold.1, hold.2))
}

/// The keys that sign hooks of sets, from this process's environment.
fn hook_secrets() -> std::collections::HashMap<String, String> {
    HttpHooks::secrets_of(
        std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }),
    )
}

/// The prices that come with the console, after those of the file that the settings name.
fn prices(config: &Config) -> Result<PriceList, CliError> {
    if config.prices_file.is_empty() {
        return Ok(cost::list_prices()?);
    }
    let own = std::fs::read_to_string(&config.prices_file).map_err(|error| {
        CliError::machine(
            format!("the prices of {} could not be read", config.prices_file),
            error,
        )
    })?;
    Ok(cost::prices_with(&own)?)
}

/// Who opens a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// A process that serves or works until it is told to stop.
    Server,
    /// A command: it comes and goes.
    Command,
}

/// Opens the database and brings its tables up to date. Of the file of an SQLite database there is one server only.
pub async fn open_store(config: &Config, opener: Opener) -> Result<Store, CliError> {
    let url = config.database_url();
    keep_folder_private(config, &url)?;
    let failed = |error: StoreError| match error {
        StoreError::Database(source) | StoreError::Unavailable { source, .. } => {
            CliError::machine("the database could not be opened", source)
        }
        error => error.into(),
    };
    let database = match opener {
        Opener::Server => Store::open_alone(&url, &config.store()).await,
        Opener::Command => Store::open_with(&url, &config.store()).await,
    };
    let store = database.map_err(failed)?;
    store.migrate().await.map_err(failed)?;
    Ok(store)
}

/// Makes the folder of a database's file, for nobody but its owner. One that was there stays as it is, unless it is the
/// console's own by default.
fn keep_folder_private(config: &Config, url: &str) -> Result<(), CliError> {
    const PRIVATE: u32 = 0o700;
    let Some(folder) = url
        .strip_prefix("sqlite://")
        .and_then(|path| Path::new(path.split('?').next().unwrap_or(path)).parent())
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(());
    };
    let failed = |error| {
        CliError::machine(
            format!("the folder {} could not be made", folder.display()),
            error,
        )
    };
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(PRIVATE)
        .create(folder)
        .map_err(failed)?;
    let mode = folder.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & !PRIVATE == 0 {
        return Ok(());
    }
    let is_ours = !config.has_data_dir() && folder == config.data_dir();
    if is_ours && std::fs::set_permissions(folder, Permissions::from_mode(PRIVATE)).is_ok() {
        return Ok(());
    }
    tracing::warn!(
        "Other users of this machine can look into the folder {} (mode {mode:o}); chmod 700 keeps them out",
        folder.display()
    );
    Ok(())
}

/// The session store on the same database.
pub fn sessions(store: &Store) -> SessionStorage {
    SessionStorage::Database(Box::new(store.sessions()))
}

impl Wired {
    /// The console's own AWS account, as STS tells it.
    pub async fn console_account(&self) -> Result<AccountId, CliError> {
        match &self.access {
            AwsAccess::Sandbox { account, .. } => Ok(account.clone()),
            AwsAccess::FromEnvironment => {
                let failed = |source: Box<dyn std::error::Error + Send + Sync>| {
                    CliError::machine("STS does not tell the console's own account", source)
                };
                let answer = tokio::time::timeout(IDENTITY_DEADLINE, caller_identity())
                    .await
                    .map_err(|elapsed| failed(elapsed.into()))?
                    .map_err(failed)?;
                Ok(AccountId::parse(answer)?)
            }
        }
    }
}

async fn caller_identity() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    // Without the instance metadata, which makes every command wait where there is none.
    let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new())
        .or_else(Region::from_static("us-east-1"));
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(region)
        .load()
        .await;
    let identity = aws_sdk_sts::Client::new(&config)
        .get_caller_identity()
        .send()
        .await?;
    Ok(identity.account.ok_or("the answer names no account")?)
}

fn engine_config(config: &Config) -> EngineConfig {
    EngineConfig {
        worker_name: std::env::var("HOSTNAME").unwrap_or_else(|_| "worker".to_owned()),
        max_concurrent_runs: config.worker.concurrency,
        per_creator: Some(config.worker.begun_per_person.max(1)),
        per_account: Some(config.worker.begun_per_account.max(1)),
        lease: SignedDuration::from_secs(i64::from(config.worker.lease_seconds.max(1))),
        ..EngineConfig::default()
    }
}

/// The clients go by the console's clock, also where that is the demo's: how far back they read, what
/// is in cold storage by now and when credentials end is decided by it.
async fn factory(access: &AwsAccess, clock: Arc<dyn Clock>) -> ClientFactory {
    let builder = ClientFactory::builder().clock(Arc::new(move || clock.now()));
    match access {
        AwsAccess::FromEnvironment => builder,
        AwsAccess::Sandbox { endpoint, account } => builder
            .endpoint(endpoint)
            .own_credentials(account.as_str(), "sandbox"),
    }
    .build()
    .await
}
