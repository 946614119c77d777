//! The console's simulator against the simulated AWS Backup: the demo's plans run for 400 days, and what
//! then exists is what was foretold.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tidemark_domain::{
    AccountId, Arn, Region, ResourceType, Tier,
    plan::VaultLimits,
    selection::{BackupSelection, Candidate},
    simulate::{
        PlanVersion, Scene, SimFailureKind, SimPlan, SimResource as Taken, Simulation, Timing,
    },
};
use tidemark_sandbox_backup::{
    BackupEngine, Captured, CreatePlan, ProviderError, ResourceProvider, SimResource,
    model::{JobTiming, PageRequest, Plan, PointStatus, Scope, Settings},
};

use super::{
    accounts::{BACKUP_ROLE, DENYING, DemoAccount, FRANKFURT, IRELAND, MEDIA, ORDERS, RECOVERY},
    plans,
    vaults::{self, vault_arn},
};

/// Resources like those of the demo: account, type, resource part of the ARN, tag `backup`, bytes.
const RESOURCES: &[(DemoAccount, &str, &str, &str, u64)] = &[
    (ORDERS, "DynamoDB", "dynamodb:table/orders", "daily", 900),
    (ORDERS, "DynamoDB", "dynamodb:table/products", "daily", 400),
    (ORDERS, "DynamoDB", "dynamodb:table/carts", "hourly", 30),
    (ORDERS, "EBS", "ec2:volume/vol-1", "daily", 5_000),
    (
        MEDIA,
        "EFS",
        "elasticfilesystem:file-system/fs-1",
        "nightly",
        8_000,
    ),
    (MEDIA, "RDS", "rds:db:rights-db", "nightly", 700),
    (MEDIA, "DynamoDB", "dynamodb:table/assets", "nightly", 60),
    (DENYING, "RDS", "rds:db:erp", "daily", 10),
];
const TYPES: &[(&str, bool, bool)] = &[
    ("DynamoDB", true, false),
    ("EBS", true, false),
    ("EFS", true, false),
    ("RDS", false, true),
];

fn arn(account: &DemoAccount, path: &str) -> String {
    let (service, resource) = path.split_once(':').unwrap();
    format!(
        "arn:aws:{service}:{IRELAND}:{}:{resource}",
        account.account_id
    )
}

/// Lists the resources of a type and captures nothing but their size.
struct Provider(&'static str, bool, bool);

impl ResourceProvider for Provider {
    fn resource_type(&self) -> &'static str {
        self.0
    }

    fn list(&self, account: &str, region: &str) -> Vec<SimResource> {
        RESOURCES
            .iter()
            .filter(|(owner, kind, ..)| {
                owner.account_id == account && *kind == self.0 && region == IRELAND
            })
            .map(|(owner, _, path, tag, size)| SimResource {
                arn: arn(owner, path),
                name: (*path).to_owned(),
                tags: [("backup".to_owned(), (*tag).to_owned())].into(),
                size_bytes: *size,
            })
            .collect()
    }

    fn capture(
        &self,
        account: &str,
        region: &str,
        arn: &str,
        _: Timestamp,
    ) -> Result<Captured, ProviderError> {
        let size_bytes = self
            .list(account, region)
            .iter()
            .find(|resource| resource.arn == arn)
            .unwrap()
            .size_bytes;
        Ok(Captured {
            size_bytes,
            restore_metadata: BTreeMap::new(),
            data: Arc::new(()),
        })
    }

    fn restore(
        &self,
        _: &str,
        _: &str,
        _: &Captured,
        _: &BTreeMap<String, String>,
        _: Timestamp,
    ) -> Result<String, ProviderError> {
        Err(ProviderError {
            code: "InvalidRequestException".to_owned(),
            message: "nothing is restored here".to_owned(),
        })
    }

    fn supports_cold_storage(&self) -> bool {
        self.1
    }

    fn supports_continuous(&self) -> bool {
        self.2
    }
}

fn start() -> Timestamp {
    // Both changes of daylight saving time of Berlin, Dublin and New York follow within 400 days.
    "2026-01-15T00:00:00Z".parse().unwrap()
}

fn day(number: i64) -> Timestamp {
    start() + SignedDuration::from_hours(24 * number)
}

fn engine(timing: JobTiming) -> BackupEngine {
    let engine = BackupEngine::new(Settings {
        timing,
        ..Settings::default()
    });
    for (name, cold, continuous) in TYPES {
        engine.register_provider(Arc::new(Provider(name, *cold, *continuous)));
    }
    engine
}

/// Everything that people do in the 400 days. `reach` is called with the moment before each thing.
fn script(engine: &BackupEngine, reach: impl Fn(Timestamp)) {
    reach(start());
    vaults::make(engine, start()).unwrap();
    plans::make_first(engine, start()).unwrap();
    reach(day(20));
    // Two rules and two plans that fire at the same moments, so that jobs wait for one another.
    crowd(engine, day(20));
    reach(day(60));
    plans::make_failing_copies(engine, day(60)).unwrap();
    reach(day(100));
    plans::make_last(engine, day(100)).unwrap();
    // Retention, tier, zone and hour of the daily rule change; its points keep what they had.
    change(engine, &ORDERS, "orders-daily", day(150), &reach, |rules| {
        rules[0]["ScheduleExpressionTimezone"] = json!("America/New_York");
        rules[0]["ScheduleExpression"] = json!("cron(30 1 ? * * *)");
        rules[0]["Lifecycle"] = json!({"DeleteAfterDays": 90});
    });
    // The continuous rule becomes one with snapshots, so that its window closes.
    change(
        engine,
        &MEDIA,
        "media-continuous",
        day(300),
        &reach,
        |rules| {
            rules[0]["EnableContinuousBackup"] = json!(false);
        },
    );
}

fn crowd(engine: &BackupEngine, now: Timestamp) {
    let scope = vaults::scope(&ORDERS, IRELAND);
    for (name, cron) in [
        ("crowd-a", "cron(0 4 ? * SUN *)"),
        ("crowd-b", "cron(0 4 ? * * *)"),
    ] {
        let document = serde_json::from_value(json!({"BackupPlanName": name, "Rules": [
            {
                "RuleName": "first", "TargetBackupVaultName": "orders-main", "StartWindowMinutes": 60,
                "ScheduleExpression": cron, "Lifecycle": {"DeleteAfterDays": 3},
            },
            {
                "RuleName": "second", "TargetBackupVaultName": "orders-hourly", "StartWindowMinutes": 60,
                "ScheduleExpression": cron, "Lifecycle": {"DeleteAfterDays": 5},
                "CopyActions": [{
                    "DestinationBackupVaultArn": vault_arn(&ORDERS, FRANKFURT, "orders-copies"),
                    "Lifecycle": {"DeleteAfterDays": -1},
                }],
            },
        ]}))
        .unwrap();
        let plan = engine
            .create_plan(
                &scope,
                CreatePlan {
                    document,
                    tags: BTreeMap::new(),
                    creator_request_id: None,
                },
                now,
            )
            .unwrap();
        let selection = serde_json::from_value(json!({
            "SelectionName": "orders",
            "IamRoleArn": format!("arn:aws:iam::{}:role/service-role/{BACKUP_ROLE}", ORDERS.account_id),
            "Resources": [arn(&ORDERS, "dynamodb:table/orders"), arn(&ORDERS, "ec2:volume/*")],
        }))
        .unwrap();
        engine
            .create_selection(&scope, &plan.id, selection, None, now)
            .unwrap();
    }
}

fn change(
    engine: &BackupEngine,
    account: &DemoAccount,
    name: &str,
    now: Timestamp,
    reach: &impl Fn(Timestamp),
    edit: impl Fn(&mut Value),
) {
    reach(now);
    let scope = vaults::scope(account, IRELAND);
    let plan = all_plans(engine, &scope)
        .into_iter()
        .find(|plan| plan.current().unwrap().document.backup_plan_name == name)
        .unwrap();
    let mut document = serde_json::to_value(&plan.current().unwrap().document).unwrap();
    edit(&mut document["Rules"]);
    engine
        .update_plan(
            &scope,
            &plan.id,
            serde_json::from_value(document).unwrap(),
            now,
        )
        .unwrap();
}

fn all_plans(engine: &BackupEngine, scope: &Scope) -> Vec<Plan> {
    let mut plans = engine
        .list_plans(scope, true, &PageRequest::default())
        .items;
    plans.reverse();
    plans
}

/// What the simulator is given: the plans as the API tells them, and what their selections take.
fn scene(engine: &BackupEngine, timing: JobTiming) -> Scene {
    let mut plans: Vec<(u64, SimPlan)> = Vec::new();
    for account in [ORDERS, MEDIA, DENYING] {
        let scope = vaults::scope(&account, IRELAND);
        for plan in all_plans(engine, &scope) {
            plans.push((plan.seq, sim_plan(&account, &plan)));
        }
    }
    plans.sort_by_key(|(seq, _)| *seq);
    Scene {
        plans: plans.into_iter().map(|(_, plan)| plan).collect(),
        locks: [(
            vault_arn(&RECOVERY, FRANKFURT, "dr-locked"),
            VaultLimits {
                min_days: Some(30),
                max_days: Some(400),
            },
        )]
        .into(),
        closed: [vault_arn(&RECOVERY, FRANKFURT, "dr-unshared")].into(),
        timing: Timing {
            pending: timing.pending,
            backup: timing.backup,
            copy: timing.copy,
            retry: timing.retry,
        },
        ..Scene::default()
    }
}

fn sim_plan(account: &DemoAccount, plan: &Plan) -> SimPlan {
    let selections: Vec<BackupSelection> = plan
        .selections
        .iter()
        .map(|stored| {
            serde_json::from_value(serde_json::to_value(&stored.document).unwrap()).unwrap()
        })
        .collect();
    let resources = RESOURCES
        .iter()
        .filter(|(owner, ..)| owner == account)
        .filter(|(_, _, path, tag, _)| {
            let arn = arn(account, path);
            let tags = [("backup".to_owned(), (*tag).to_owned())].into();
            selections.iter().any(|selection| {
                selection
                    .take(Candidate {
                        arn: &arn,
                        tags: &tags,
                        opted_in: true,
                    })
                    .takes()
            })
        })
        .map(|(_, kind, path, _, size)| {
            let (_, cold, continuous) = TYPES.iter().find(|(name, ..)| name == kind).unwrap();
            Taken {
                arn: Arn::parse(arn(account, path)).unwrap(),
                resource_type: ResourceType::from(*kind),
                size_bytes: Some(*size),
                cold: *cold && *kind != "EBS",
                cold_by_opt_in: *kind == "EBS",
                continuous: *continuous,
            }
        })
        .collect();
    SimPlan {
        id: plan.id.clone(),
        account: AccountId::parse(account.account_id).unwrap(),
        region: Region::parse(IRELAND).unwrap(),
        versions: plan
            .versions
            .iter()
            .map(|version| PlanVersion {
                id: version.version_id.clone(),
                plan: serde_json::from_value(serde_json::to_value(&version.document).unwrap())
                    .unwrap(),
                valid_from: version.created,
                valid_until: version.deleted,
            })
            .collect(),
        resources,
    }
}

/// A point as both sides can tell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    resource: String,
    account: String,
    region: String,
    vault: String,
    created: Timestamp,
    completed: Timestamp,
    tier: &'static str,
    cold_at: Option<Timestamp>,
    delete_at: Option<Timestamp>,
    continuous: bool,
    bytes: u64,
}

fn existing(engine: &BackupEngine) -> Vec<Told> {
    let mut told = Vec::new();
    engine.for_each_point(|point| {
        if point.status != PointStatus::Creating {
            let dates = point.calculated_lifecycle();
            told.push(Told {
                resource: point.resource_arn.clone(),
                account: point.scope.account.clone(),
                region: point.scope.region.clone(),
                vault: point.vault.clone(),
                created: point.created,
                completed: point.completed.unwrap(),
                tier: if point.storage_class() == "COLD" {
                    "cold"
                } else {
                    "warm"
                },
                cold_at: dates.move_to_cold_storage_at,
                delete_at: dates.delete_at,
                continuous: point.continuous.is_some(),
                bytes: point.size_bytes,
            });
        }
        ControlFlow::Continue(())
    });
    told.sort();
    told
}

fn foretold(simulation: &Simulation, moment: Timestamp) -> Vec<Told> {
    let mut told: Vec<Told> = simulation
        .at(moment)
        .map(|point| Told {
            resource: point.resource.to_string(),
            account: point.account.to_string(),
            region: point.region.to_string(),
            vault: point.vault.clone().unwrap(),
            created: point.created_at,
            completed: point.exists_from,
            tier: if point.tier_at(moment) == Tier::Cold {
                "cold"
            } else {
                "warm"
            },
            cold_at: point.cold_at,
            // A window that will close later has no end yet.
            delete_at: point.delete_at.filter(|_| {
                point
                    .continuous
                    .and_then(|window| window.until)
                    .is_none_or(|until| until < moment)
            }),
            continuous: point.continuous.is_some(),
            bytes: point.size_bytes.unwrap(),
        })
        .collect();
    told.sort();
    told
}

fn agree_for_400_days(timing: JobTiming) {
    // What people will do is known to the simulator beforehand, as versions of the plans.
    let plans_only = engine(timing);
    script(&plans_only, |_| {});
    let simulation = Simulation::run(&scene(&plans_only, timing), start(), day(400));

    let engine = engine(timing);
    let mut seen = BTreeSet::new();
    let compare = |moment: Timestamp, seen: &mut BTreeSet<(&'static str, bool)>| {
        let (real, expected) = (existing(&engine), foretold(&simulation, moment));
        let missing: Vec<&Told> = expected
            .iter()
            .filter(|p| !real.contains(p))
            .take(3)
            .collect();
        let surplus: Vec<&Told> = real
            .iter()
            .filter(|p| !expected.contains(p))
            .take(3)
            .collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "on {moment}:\nforetold but not there: {missing:#?}\nthere but not foretold: {surplus:#?}"
        );
        assert_eq!(real.len(), expected.len(), "on {moment}");
        seen.extend(real.iter().map(|point| (point.tier, point.continuous)));
    };
    // On the way, too: what is pruned by the end cannot be compared there.
    let seen_on_the_way = std::cell::RefCell::new(BTreeSet::new());
    script(&engine, |moment| {
        engine.tick(moment);
        compare(moment, &mut seen_on_the_way.borrow_mut());
    });
    for number in [310, 336, 365, 399] {
        let moment = day(number) + SignedDuration::from_mins(7 * number);
        if moment <= day(400) {
            engine.tick(moment);
            compare(moment, &mut seen_on_the_way.borrow_mut());
        }
    }
    engine.tick(day(400));
    compare(day(400), &mut seen);
    assert!(existing(&engine).len() > 1_000);
    seen.extend(seen_on_the_way.into_inner());
    assert_eq!(
        seen,
        [("warm", false), ("cold", false), ("warm", true)].into()
    );
    assert!(
        simulation
            .failures
            .iter()
            .any(|failure| failure.kind == SimFailureKind::CopyFailed),
        "the closed vault refuses copies"
    );
}

#[test]
fn what_plans_make_in_400_days_is_what_was_simulated_when_jobs_take_no_time() {
    agree_for_400_days(JobTiming::instant());
}

#[test]
fn what_plans_make_in_400_days_is_what_was_simulated_when_jobs_wait_for_one_another() {
    agree_for_400_days(JobTiming {
        spread_percent: 0,
        ..JobTiming::lifelike()
    });
}
