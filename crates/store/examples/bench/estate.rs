//! A made-up estate: 200 accounts in two Regions, about twenty points per resource, and one resource
//! with a tenth of all points.

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Account, AccountConnection, Arn, ExternalId, Features, Invalid, Job, JobKind, PitrWindow,
    PointSource, RecoveryPoint, Region, Resource, ResourceType, RoleArn, Scope, Tier, Vault,
    VaultKind,
};
use tidemark_services::ports::ScopeSnapshot;

const ACCOUNTS: usize = 200;
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];
const POINTS_PER_RESOURCE: usize = 20;
const TYPES: [(&str, &str, &str); 5] = [
    ("DynamoDB", "dynamodb", "table/"),
    ("RDS", "rds", "db:"),
    ("EBS", "ec2", "volume/"),
    ("EFS", "elasticfilesystem", "file-system/"),
    ("EC2", "ec2", "instance/"),
];
const WORDS: [&str; 12] = [
    "orders",
    "users",
    "ledger",
    "sessions",
    "billing",
    "catalogue",
    "events",
    "audit",
    "devices",
    "telemetry",
    "invoices",
    "search",
];

/// An estate with so many points.
pub(crate) struct Estate {
    points: usize,
    pub(crate) now: Timestamp,
}

impl Estate {
    pub(crate) fn of(points: usize) -> Self {
        Self {
            points,
            now: Timestamp::constant(1_800_000_000, 0),
        }
    }

    /// Points of the one resource that has the most.
    fn points_of_hottest(&self) -> usize {
        self.points / 10
    }

    pub(crate) fn resources_per_scope(&self) -> usize {
        let points = self.points - self.points_of_hottest();
        (points / POINTS_PER_RESOURCE / self.scopes()).max(1)
    }

    fn scopes(&self) -> usize {
        ACCOUNTS * REGIONS.len()
    }

    pub(crate) fn resources(&self) -> usize {
        self.resources_per_scope() * self.scopes()
    }

    pub(crate) fn accounts(&self) -> Result<Vec<Account>, Invalid> {
        (0..ACCOUNTS)
            .map(|number| {
                let id = account_id(number);
                Ok(Account {
                    connection: AccountConnection {
                        account: id.parse()?,
                        role: RoleArn::parse(format!("arn:aws:iam::{id}:role/Tidemark"))?,
                        external_id: ExternalId::parse(format!("external-{id}"))?,
                    },
                    alias: format!("team-{number:03}"),
                    regions: REGIONS
                        .iter()
                        .map(Region::parse)
                        .collect::<Result<_, _>>()?,
                    added_at: self.now,
                    features: Features::all(),
                    pending: None,
                })
            })
            .collect()
    }

    pub(crate) fn scope(&self, number: usize) -> Result<Scope, Invalid> {
        Ok(Scope {
            account: account_id(number / REGIONS.len()).parse()?,
            region: REGIONS[number % REGIONS.len()].parse()?,
        })
    }

    pub(crate) fn all_scopes(&self) -> std::ops::Range<usize> {
        0..self.scopes()
    }

    /// ARN of the resource with that number, spread over all scopes.
    pub(crate) fn resource_arn(&self, number: usize) -> Result<Arn, Invalid> {
        let per_scope = self.resources_per_scope();
        let scope = self.scope(number / per_scope % self.scopes())?;
        arn(&scope, number / per_scope, number % per_scope)
    }

    /// What a sync of a scope reads.
    pub(crate) fn snapshot(&self, number: usize) -> Result<ScopeSnapshot, Invalid> {
        let scope = self.scope(number)?;
        let mut snapshot = ScopeSnapshot {
            vaults: vec![vault(&scope)?],
            ..ScopeSnapshot::default()
        };
        for index in 0..self.resources_per_scope() {
            let resource = self.resource(&scope, number, index)?;
            let points = if number == 0 && index == 0 {
                self.points_of_hottest()
            } else {
                POINTS_PER_RESOURCE
            };
            for point in 0..points {
                let age = SignedDuration::from_mins(
                    i64::try_from(400 * 24 * 60 * (points - point) / points).unwrap_or(0),
                );
                snapshot
                    .points
                    .push(self.point(&scope, &resource, number, index, point, age)?);
            }
            snapshot
                .jobs
                .push(self.job(&scope, &resource, number, index)?);
            snapshot.resources.push(resource);
        }
        Ok(snapshot)
    }

    fn resource(&self, scope: &Scope, number: usize, index: usize) -> Result<Resource, Invalid> {
        let spread = spread(number, index);
        let mut tags = std::collections::BTreeMap::new();
        if spread.is_multiple_of(3) {
            tags.insert("owner".to_owned(), format!("owner-{:03}", spread % 300));
        }
        Ok(Resource {
            arn: arn(scope, number, index)?,
            resource_type: ResourceType::from(TYPES[index % TYPES.len()].0),
            account: scope.account.clone(),
            region: scope.region.clone(),
            name: name(number, index),
            tags,
            size_bytes: Some(spread * 1_048_576),
            created_at: Some(self.now - SignedDuration::from_hours(24 * 500)),
            pitr: index.is_multiple_of(TYPES.len()).then(|| PitrWindow {
                earliest: self.now - SignedDuration::from_hours(24 * 35),
                latest: self.now,
            }),
            deleted: false,
        })
    }

    fn point(
        &self,
        scope: &Scope,
        resource: &Resource,
        number: usize,
        index: usize,
        point: usize,
        age: SignedDuration,
    ) -> Result<RecoveryPoint, Invalid> {
        let created_at = self.now - age
            + SignedDuration::from_millis(
                i64::try_from(spread(number, index) % 60_000).unwrap_or(0),
            );
        let id = spread(number * 1_000 + index, point);
        Ok(RecoveryPoint {
            arn: Arn::parse(format!(
                "arn:aws:backup:{}:{}:recovery-point:{id:016x}-{number:03}-{index:05}-{point:06}",
                scope.region, scope.account
            ))?,
            resource_arn: resource.arn.clone(),
            resource_type: resource.resource_type.clone(),
            account: scope.account.clone(),
            region: scope.region.clone(),
            vault: Some(["daily", "weekly", "archive"][index % 3].to_owned()),
            source: PointSource::AwsBackup,
            status: if id.is_multiple_of(500) {
                "EXPIRED"
            } else {
                "COMPLETED"
            }
            .to_owned(),
            status_message: None,
            created_at,
            completed_at: Some(created_at + SignedDuration::from_mins(7)),
            size_bytes: Some(id % 10_000_000_000),
            tier: if point.is_multiple_of(4) {
                Tier::Cold
            } else {
                Tier::Warm
            },
            cold_at: Some(created_at + SignedDuration::from_hours(24 * 30)),
            delete_at: Some(created_at + SignedDuration::from_hours(24 * 420)),
            locked: false,
            held: id.is_multiple_of(1_000),
            copied_from: None,
            copied_from_vault: None,
            parent: None,
            plan_id: Some(format!("2f1d0e3c-plan-{}", number % 7 * 4 + index % 4)),
            rule_id: Some("rule-1".to_owned()),
        })
    }

    fn job(
        &self,
        scope: &Scope,
        resource: &Resource,
        number: usize,
        index: usize,
    ) -> Result<Job, Invalid> {
        let failed = spread(number, index).is_multiple_of(50);
        let created_at = self.now - SignedDuration::from_hours(5);
        Ok(Job {
            id: format!("job-{number:03}-{index:05}"),
            kind: JobKind::Backup,
            account: scope.account.clone(),
            region: scope.region.clone(),
            resource_arn: Some(resource.arn.clone()),
            point_arn: None,
            status: if failed { "FAILED" } else { "COMPLETED" }.to_owned(),
            message: None,
            percent: Some(100.0),
            created_at,
            completed_at: Some(created_at + SignedDuration::from_mins(7)),
            vault: Some("daily".to_owned()),
            plan_id: Some("plan-1".to_owned()),
            rule_id: Some("rule-1".to_owned()),
            start_by: None,
        })
    }
}

fn account_id(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number * 7_919)
}

pub(crate) fn name(number: usize, index: usize) -> String {
    let word = WORDS[usize::try_from(spread(number, index)).unwrap_or(0) % WORDS.len()];
    format!("{word}-{number:03}-{index:05}")
}

fn arn(scope: &Scope, number: usize, index: usize) -> Result<Arn, Invalid> {
    let (_, service, prefix) = TYPES[index % TYPES.len()];
    Arn::parse(format!(
        "arn:aws:{service}:{}:{}:{prefix}{}",
        scope.region,
        scope.account,
        name(number, index)
    ))
}

fn vault(scope: &Scope) -> Result<Vault, Invalid> {
    Ok(Vault {
        name: "daily".to_owned(),
        arn: Arn::parse(format!(
            "arn:aws:backup:{}:{}:backup-vault:daily",
            scope.region, scope.account
        ))?,
        account: scope.account.clone(),
        region: scope.region.clone(),
        points: 0,
        locked: false,
        lock_date: None,
        min_retention_days: None,
        max_retention_days: None,
        kind: VaultKind::Standard,
        created_at: None,
        encryption_key: None,
        access_policy: None,
    })
}

/// Looks random, is always the same (`SplitMix64`).
pub(crate) fn spread(a: usize, b: usize) -> u64 {
    let seed = (a as u64) << 32 | b as u64;
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) >> 20
}
