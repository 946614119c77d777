//! A console with one account of the simulated AWS, registered and read, and its roles as the template makes them.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use serde_json::{Value, json};
use tidemark_aws::{AwsCloud, ClientFactory, ClientFactoryBuilder, Settings};
use tidemark_domain::{Account, AccountId, Arn, Region, Role, Scope};
use tidemark_records::ports::Clock as RecordsClock;
use tidemark_runs::{Clock, Engine, EngineConfig, RunKind, RunKinds};
use tidemark_services::{
    Caller, Guard, Services,
    accounts::{self, AddAccount, TemplateRequest},
    backup::BackupRun,
    cost,
    plans::RolloutRun,
    points::change::ChangeRun,
    ports::{Buckets, Cloud, PolicyCloud, RecordsCloud, VaultCloud},
    records::{CaptureConfig, CaptureWorker, compare::Comparisons, setup::SetupRun, undo::UndoRun},
    restore::RestoreRun,
    sync::{self, SyncQueue},
};
use tidemark_store::Store;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    sky::{BesideClock, DEADLINE, Fault, Sky, SkyClock},
    watched::Watched,
};

pub(crate) const CONSOLE: &str = "000000000042";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const VAULT: &str = "main";
pub(crate) const TABLE: &str = "orders";

pub(crate) struct Estate {
    pub(crate) sky: Arc<Sky>,
    pub(crate) services: Arc<Services>,
    /// One of its own for each life: the SDK keeps what it knows of an account for the whole process.
    pub(crate) account: String,
    /// What a worker has that reads streams beside the runs: it meets the storms too.
    beside: Arc<Services>,
    worker: Mutex<Option<(watch::Sender<bool>, JoinHandle<()>)>>,
}

/// How many accounts there are.
static ACCOUNTS: AtomicU64 = AtomicU64::new(0);

fn fresh_account() -> String {
    format!("2{:011}", ACCOUNTS.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn operator() -> Caller {
    Caller {
        user_id: None,
        name: "olga".to_owned(),
        role: Role::Admin,
        origin: "test".to_owned(),
    }
}

pub(crate) fn arn(text: impl Into<String>) -> Arn {
    Arn::parse(text.into()).unwrap()
}

pub(crate) fn scope_of(account: &str) -> Scope {
    Scope {
        account: AccountId::parse(account).unwrap(),
        region: Region::parse(REGION).unwrap(),
    }
}

/// What the console has before a run begins, and what its runs have while they live.
fn settings(fault: Option<Fault>, is_calm: bool) -> Settings {
    let patient = Duration::from_secs(30);
    let wait = if fault == Some(Fault::Latency) && !is_calm {
        DEADLINE
    } else {
        patient
    };
    Settings {
        read_timeout: wait,
        attempt_timeout: wait,
        operation_timeout: patient,
        // What the SDK does by itself takes real time; those of the run take the sandbox's.
        max_attempts: if is_calm { 4 } else { 1 },
        slow_down: false,
        ..Settings::default()
    }
}

async fn cloud(sky: &Arc<Sky>, settings: Settings, waits: Arc<dyn RecordsClock>) -> Arc<AwsCloud> {
    let builder: ClientFactoryBuilder = ClientFactory::builder()
        .endpoint(sky.sandbox.endpoint_url())
        .own_credentials(CONSOLE, "test")
        .records_clock(waits)
        .settings(settings);
    Arc::new(AwsCloud::new(builder.build().await))
}

fn kinds(store: &Store, aws: &Arc<AwsCloud>, sync: &SyncQueue) -> Vec<Box<dyn RunKind>> {
    let cloud = || Arc::clone(aws) as Arc<dyn Cloud>;
    let records = || Arc::clone(aws) as Arc<dyn RecordsCloud>;
    vec![
        Box::new(RestoreRun::new(
            store.accounts(),
            cloud(),
            records(),
            store.captures(),
            sync.clone(),
        )),
        Box::new(BackupRun::new(store.accounts(), cloud(), sync.clone())),
        Box::new(RolloutRun::new(store.accounts(), cloud(), sync.clone())),
        Box::new(ChangeRun::deletion(
            store.accounts(),
            cloud(),
            store.items(),
            sync.clone(),
        )),
        Box::new(SetupRun::new(
            store.accounts(),
            records(),
            store.captures(),
            store.record_checkpoints(),
            sync.clone(),
        )),
        Box::new(UndoRun::new(store.accounts(), records())),
    ]
}

fn services(
    store: &Store,
    aws: Arc<AwsCloud>,
    runs: Arc<Engine>,
    clock: Arc<dyn Clock>,
    sync: SyncQueue,
) -> Arc<Services> {
    Arc::new(Services {
        accounts: store.accounts(),
        permissions: store.permissions(),
        catalogue: store.catalogue(),
        insight: store.insight(),
        prices: Arc::new(cost::list_prices().unwrap()),
        users: store.users(),
        audit: store.audit(),
        buckets: Arc::clone(&aws) as Arc<dyn Buckets>,
        policies: Arc::clone(&aws) as Arc<dyn PolicyCloud>,
        vaults: Arc::clone(&aws) as Arc<dyn VaultCloud>,
        captures: store.captures(),
        comparisons: Comparisons::default(),
        records: Arc::clone(&aws) as Arc<dyn RecordsCloud>,
        checkpoints: store.record_checkpoints(),
        cloud: aws as Arc<dyn Cloud>,
        runs,
        starts: store.run_starts(),
        items: store.items(),
        sets: store.sets(),
        hook_reach: tidemark_domain::sets::HookReach::default(),
        clock,
        sync,
        guard: Guard::default(),
    })
}

impl Estate {
    /// Begins to read the streams of captured tables, as a worker does.
    pub(crate) fn read_streams(&self) {
        let config = CaptureConfig {
            // Time goes by in leaps.
            lease: Duration::from_hours(24 * 30),
            flush_after: Duration::from_millis(100),
            look_every: Duration::from_millis(50),
            grace: Duration::from_secs(2),
            ..CaptureConfig::default()
        };
        let worker = CaptureWorker::new(Arc::clone(&self.beside), config);
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(async move { worker.run(stopped).await });
        *self.worker.lock().unwrap() = Some((stop, task));
    }

    /// Whether a worker goes on beside the runs, for which time must not go by too fast.
    pub(crate) fn has_worker(&self) -> bool {
        self.worker.lock().unwrap().is_some()
    }

    /// Ends what goes on beside the runs.
    pub(crate) async fn end(self) {
        let worker = self.worker.lock().unwrap().take();
        if let Some((stop, task)) = worker {
            let _ = stop.send(true);
            task.await.unwrap();
        }
    }

    pub(crate) async fn new(sky: Arc<Sky>, store: &Store, fault: Option<Fault>) -> Self {
        let waits = || Arc::new(SkyClock(Arc::clone(&sky)));
        let calm = cloud(&sky, settings(fault, true), waits()).await;
        let stormy = cloud(&sky, settings(fault, false), waits()).await;
        let waits = Arc::new(BesideClock(Arc::clone(&sky)));
        let beside = cloud(&sky, settings(fault, false), waits).await;
        let sync = SyncQueue::new();
        let mut watched = RunKinds::new();
        for kind in kinds(store, &stormy, &sync) {
            watched = watched.with(Watched {
                kind,
                sky: Arc::clone(&sky),
            });
        }
        let clock: Arc<dyn Clock> = Arc::new(SkyClock(Arc::clone(&sky)));
        let config = EngineConfig {
            // Time goes by in leaps here, and there is nobody else to take the run over.
            lease: SignedDuration::from_hours(24 * 30),
            ..EngineConfig::default()
        };
        let runs = Engine::new(store.runs(), watched, Arc::clone(&clock), config);
        let runs = Arc::new(runs);
        let services = services(
            store,
            calm,
            Arc::clone(&runs),
            Arc::clone(&clock),
            sync.clone(),
        );
        let beside = self::services(store, beside, runs, clock, sync);
        let account = fresh_account();
        let estate = Self {
            sky,
            services,
            account,
            beside,
            worker: Mutex::default(),
        };
        estate.register(&estate.account).await;
        estate
    }

    /// Another account, registered too.
    pub(crate) async fn second_account(&self) -> String {
        let account = fresh_account();
        self.register(&account).await;
        account
    }

    pub(crate) fn table_arn(&self, table: &str) -> Arn {
        let account = &self.account;
        arn(format!("arn:aws:dynamodb:{REGION}:{account}:table/{table}"))
    }

    /// A bucket that the console's role may reach.
    pub(crate) fn records_bucket(&self) -> String {
        format!("tidemark-records-{}", self.account)
    }

    /// Registers an account and makes the roles of the console's template in it.
    pub(crate) async fn register(&self, account: &str) {
        let form = AddAccount {
            account: account.to_owned(),
            alias: format!("account {account}"),
            regions: REGION.to_owned(),
            ..AddAccount::default()
        };
        let (id, console) = (
            AccountId::parse(account).unwrap(),
            AccountId::parse(CONSOLE).unwrap(),
        );
        accounts::add(&self.services, &operator(), &form)
            .await
            .unwrap();
        let template = accounts::template(
            &self.services,
            &operator(),
            &TemplateRequest::one(&id),
            &console,
        )
        .await
        .unwrap();
        let template = template
            .replace("${AWS::Partition}", "aws")
            .replace("${AWS::AccountId}", account);
        let template = resolve(serde_json::from_str(&template).unwrap());
        for resource in template["Resources"].as_object().unwrap().values() {
            let role = &resource["Properties"];
            let name = role["RoleName"].as_str().unwrap();
            let trust = &role["AssumeRolePolicyDocument"];
            self.role(
                account,
                name,
                "/",
                trust,
                &role["Policies"][0]["PolicyDocument"],
            )
            .await;
        }
        let trust = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole",
        }]});
        let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        self.role(
            account,
            "AWSBackupDefaultServiceRole",
            "/service-role/",
            &trust,
            &all,
        )
        .await;
        let vault = json!({"backupVaultName": VAULT});
        self.sky
            .call(account, "backup", "CreateBackupVault", vault)
            .await;
    }

    async fn role(&self, account: &str, name: &str, path: &str, trust: &Value, policy: &Value) {
        let role =
            json!({"RoleName": name, "Path": path, "AssumeRolePolicyDocument": trust.to_string()});
        self.sky.call(account, "iam", "CreateRole", role).await;
        let policy =
            json!({"RoleName": name, "PolicyName": "all", "PolicyDocument": policy.to_string()});
        self.sky.call(account, "iam", "PutRolePolicy", policy).await;
    }

    /// The ids of all accounts.
    pub(crate) async fn accounts(&self) -> Vec<String> {
        let accounts = self.services.accounts.list().await.unwrap();
        let mut ids: Vec<String> = accounts
            .iter()
            .map(|account| account.connection.account.to_string())
            .collect();
        ids.sort();
        ids
    }

    /// Reads the accounts into the catalogue.
    pub(crate) async fn read(&self) {
        let accounts: Vec<Account> = self.services.accounts.list().await.unwrap();
        for account in accounts {
            let region = Region::parse(REGION).unwrap();
            sync::sync_scope(&self.services, &account, &region)
                .await
                .unwrap();
        }
    }

    pub(crate) async fn call(&self, service: &str, operation: &str, input: Value) -> Value {
        self.sky
            .call(&self.account, service, operation, input)
            .await
    }

    pub(crate) async fn pass(&self, seconds: i64) {
        self.sky.pass(SignedDuration::from_secs(seconds)).await;
    }

    /// Writes `number` records that say `value`.
    pub(crate) async fn write(&self, table: &str, number: u32, value: &str) {
        for n in 0..number {
            let item = json!({"id": {"S": format!("record-{n:03}")}, "v": {"S": value}, "n": {"N": n.to_string()}});
            self.call(
                "dynamodb",
                "PutItem",
                json!({"TableName": table, "Item": item}),
            )
            .await;
        }
    }

    /// The table with everything that a restore loses, and seven records that say *good*.
    pub(crate) async fn make_table(&self) {
        let dynamodb = async |operation: &str, input: Value| {
            self.call("dynamodb", operation, input).await;
            self.pass(20).await;
        };
        dynamodb("CreateTable", json!({
            "TableName": TABLE,
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 400, "WriteCapacityUnits": 400},
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "Tags": [{"Key": "team", "Value": "checkout"}],
            "DeletionProtectionEnabled": true,
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        })).await;
        dynamodb("UpdateTimeToLive", json!({
            "TableName": TABLE, "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "expires"},
        })).await;
        dynamodb("UpdateContinuousBackups", json!({
            "TableName": TABLE,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 9},
        })).await;
        let target = json!({
            "ServiceNamespace": "dynamodb", "ResourceId": format!("table/{TABLE}"),
            "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        });
        let with = |more: Value| {
            let mut input = target.clone();
            input
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            input
        };
        let scaling = "application-autoscaling";
        self.call(
            scaling,
            "RegisterScalableTarget",
            with(json!({"MinCapacity": 10, "MaxCapacity": 800})),
        )
        .await;
        self.call(scaling, "PutScalingPolicy", with(json!({
            "PolicyName": "reads", "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 70.0,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
            },
        }))).await;
        self.write(TABLE, 7, "good").await;
        self.pass(90).await;
    }

    /// A recovery point of a resource in the vault.
    pub(crate) async fn back_up(&self, resource: &Arn) -> Arn {
        let role = format!(
            "arn:aws:iam::{}:role/service-role/AWSBackupDefaultServiceRole",
            self.account
        );
        let job = json!({"BackupVaultName": VAULT, "ResourceArn": resource, "IamRoleArn": role});
        self.call("backup", "StartBackupJob", job).await;
        for _ in 0..200 {
            self.pass(60).await;
            let list = json!({"backupVaultName": VAULT, "resourceArn": resource});
            let points = self
                .call("backup", "ListRecoveryPointsByBackupVault", list)
                .await;
            let point = &points["RecoveryPoints"][0];
            if point["Status"] == "COMPLETED" {
                return arn(point["RecoveryPointArn"].as_str().unwrap());
            }
        }
        panic!("{resource} was not backed up");
    }
}

/// Takes the text out of `Fn::Sub`, whose variables have been put in.
fn resolve(value: Value) -> Value {
    match value {
        Value::Object(mut map) => match map.remove("Fn::Sub") {
            Some(text) => text,
            None => Value::Object(map.into_iter().map(|(k, v)| (k, resolve(v))).collect()),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(resolve).collect()),
        value => value,
    }
}
