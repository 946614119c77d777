use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use jiff::{SignedDuration, Timestamp};
use tidemark_sandbox_backup::{
    BackupEngine, Captured, CreatePlan, CreateVault, ProviderError, ResourceProvider, SimResource,
    StartBackupJob,
    model::{
        BackupJob, JobTiming, Lifecycle, PageRequest, Plan, RecoveryPoint, Scope,
        SelectionDocument, Settings,
    },
};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const ROLE: &str =
    "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole";

pub(crate) fn home() -> Scope {
    Scope::new(ACCOUNT, REGION)
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub(crate) fn start() -> Timestamp {
    at("2026-01-01T00:00:00Z")
}

type Place = (String, String, String);

/// Tables that hold one text each, with every change remembered.
#[derive(Default)]
pub(crate) struct Tables {
    resource_type: &'static str,
    cold: bool,
    continuous: bool,
    data: Mutex<BTreeMap<Place, Vec<(Timestamp, String)>>>,
    tags: Mutex<BTreeMap<String, BTreeMap<String, String>>>,
    pub captures: Mutex<u32>,
}

impl Tables {
    pub(crate) fn new(resource_type: &'static str, cold: bool, continuous: bool) -> Arc<Self> {
        Arc::new(Self {
            resource_type,
            cold,
            continuous,
            ..Self::default()
        })
    }

    pub(crate) fn put(&self, scope: &Scope, arn: &str, now: Timestamp, text: &str) {
        self.data
            .lock()
            .unwrap()
            .entry((scope.account.clone(), scope.region.clone(), arn.to_owned()))
            .or_default()
            .push((now, text.to_owned()));
    }

    pub(crate) fn remove(&self, scope: &Scope, arn: &str) {
        let place = (scope.account.clone(), scope.region.clone(), arn.to_owned());
        self.data.lock().unwrap().remove(&place);
    }

    pub(crate) fn tag(&self, arn: &str, key: &str, value: &str) {
        self.tags
            .lock()
            .unwrap()
            .entry(arn.to_owned())
            .or_default()
            .insert(key.to_owned(), value.to_owned());
    }

    pub(crate) fn read(&self, scope: &Scope, arn: &str) -> Option<String> {
        let place = (scope.account.clone(), scope.region.clone(), arn.to_owned());
        let data = self.data.lock().unwrap();
        data.get(&place)?.last().map(|(_, text)| text.clone())
    }
}

impl ResourceProvider for Tables {
    fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        let tags = self.tags.lock().unwrap();
        self.data
            .lock()
            .unwrap()
            .keys()
            .filter(|(a, r, _)| a == account && r == region)
            .map(|(_, _, arn)| SimResource {
                arn: arn.clone(),
                name: arn.rsplit(['/', ':']).next().unwrap().to_owned(),
                tags: tags.get(arn).cloned().unwrap_or_default(),
                size_bytes: 1,
            })
            .collect()
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        at: Timestamp,
    ) -> Result<Captured, ProviderError> {
        *self.captures.lock().unwrap() += 1;
        let data = self.data.lock().unwrap();
        let text = data
            .get(&(account.to_owned(), region.to_owned(), arn.to_owned()))
            .and_then(|history| history.iter().rev().find(|(when, _)| *when <= at))
            .map(|(_, text)| text.clone())
            .ok_or_else(|| ProviderError {
                code: "ResourceNotFoundException".to_owned(),
                message: format!("Requested resource not found: {arn}"),
            })?;
        Ok(Captured {
            size_bytes: text.len() as u64,
            restore_metadata: BTreeMap::from([("targetTableName".to_owned(), arn.to_owned())]),
            data: Arc::new(text),
        })
    }

    fn restore(
        &self,
        account: &str,
        region: &str,
        captured: &Captured,
        metadata: &BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<String, ProviderError> {
        let name = &metadata["targetTableName"];
        let arn = format!("arn:aws:dynamodb:{region}:{account}:table/{name}");
        let scope = Scope::new(account, region);
        if self.read(&scope, &arn).is_some() {
            return Err(ProviderError {
                code: "TableAlreadyExistsException".to_owned(),
                message: format!("Table already exists: {name}"),
            });
        }
        let text = captured.data.downcast_ref::<String>().unwrap();
        self.put(&scope, &arn, at, text);
        Ok(arn)
    }

    fn supports_cold_storage(&self) -> bool {
        self.cold
    }

    fn supports_continuous(&self) -> bool {
        self.continuous
    }
}

pub(crate) struct World {
    pub engine: BackupEngine,
    pub tables: Arc<Tables>,
    pub databases: Arc<Tables>,
}

pub(crate) fn table(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

pub(crate) fn database(name: &str) -> String {
    format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}")
}

/// An account with a vault `main` and a table `orders`; jobs take no time.
pub(crate) fn world() -> World {
    world_with(JobTiming::instant())
}

pub(crate) fn world_with(timing: JobTiming) -> World {
    let engine = BackupEngine::new(Settings {
        timing,
        ..Settings::default()
    });
    let tables = Tables::new("DynamoDB", true, false);
    let databases = Tables::new("RDS", false, true);
    engine.register_provider(tables.clone());
    engine.register_provider(databases.clone());
    engine.tick(start());
    tables.put(&home(), &table("orders"), start(), "first");
    vault(&engine, &home(), "main");
    World {
        engine,
        tables,
        databases,
    }
}

pub(crate) fn vault(engine: &BackupEngine, scope: &Scope, name: &str) {
    engine
        .create_vault(
            scope,
            CreateVault {
                name: name.to_owned(),
                encryption_key_arn: Some(format!(
                    "arn:aws:kms:{}:{}:key/shared",
                    scope.region, scope.account
                )),
                ..CreateVault::default()
            },
            start(),
        )
        .unwrap();
}

pub(crate) fn request() -> StartBackupJob {
    StartBackupJob {
        vault: "main".to_owned(),
        resource_arn: table("orders"),
        iam_role_arn: ROLE.to_owned(),
        ..StartBackupJob::default()
    }
}

impl World {
    /// Backs up `orders` at `now` and answers the finished point.
    pub(crate) fn backed_up(&self, lifecycle: Lifecycle, now: Timestamp) -> RecoveryPoint {
        let job = self
            .engine
            .start_backup_job(
                &home(),
                StartBackupJob {
                    lifecycle,
                    ..request()
                },
                now,
            )
            .unwrap();
        self.engine.tick(now);
        let job = self.job(&job);
        let arn = job.point_arn.unwrap_or_else(|| panic!("{:?}", job.message));
        self.engine.describe_point(&home(), "main", &arn).unwrap()
    }

    pub(crate) fn job(&self, job: &BackupJob) -> BackupJob {
        self.engine
            .describe_backup_job(&job.scope, &job.id)
            .unwrap()
    }

    pub(crate) fn jobs(&self) -> Vec<BackupJob> {
        self.engine
            .list_backup_jobs(
                &home(),
                &tidemark_sandbox_backup::BackupJobFilter::default(),
                &PageRequest::default(),
            )
            .items
    }

    pub(crate) fn points(&self, vault: &str) -> Vec<RecoveryPoint> {
        self.engine
            .list_points_by_vault(
                &home(),
                vault,
                &tidemark_sandbox_backup::PointFilter::default(),
                &PageRequest::default(),
            )
            .unwrap()
            .items
    }

    /// A plan with these rules (as JSON) and a selection that takes everything.
    pub(crate) fn plan(&self, rules: serde_json::Value, now: Timestamp) -> Plan {
        let plan = self
            .engine
            .create_plan(&home(), plan_request("daily", rules), now)
            .unwrap();
        let everything = SelectionDocument {
            resources: vec!["*".to_owned()],
            ..SelectionDocument::default()
        };
        self.select(&plan, everything, now);
        plan
    }

    pub(crate) fn select(&self, plan: &Plan, document: SelectionDocument, now: Timestamp) {
        self.engine
            .create_selection(
                &home(),
                &plan.id,
                SelectionDocument {
                    selection_name: "all".to_owned(),
                    iam_role_arn: ROLE.to_owned(),
                    ..document
                },
                None,
                now,
            )
            .unwrap();
    }
}

pub(crate) fn plan_request(name: &str, rules: serde_json::Value) -> CreatePlan {
    CreatePlan {
        document: serde_json::from_value(serde_json::json!({
            "BackupPlanName": name,
            "Rules": rules,
        }))
        .unwrap(),
        tags: BTreeMap::new(),
        creator_request_id: None,
    }
}
