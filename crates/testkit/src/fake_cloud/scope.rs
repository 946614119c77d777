use tidemark_domain::{LegalHold, RecoveryPoint, Resource, ResourceType, ScopeCause, ScopeError};
use tidemark_services::ports::{CloudError, PartialFailure, ScopeSnapshot, Target};

use super::{
    FakeCloud,
    enter::{allowed, scope_of},
    model::ScopeModel,
    tables::window,
};

/// What one read asks for: the part of the catalogue and the action that lists it.
const PARTS: [(&str, &str); 12] = [
    ("vaults", "backup:ListBackupVaults"),
    ("legal-holds", "backup:ListLegalHolds"),
    ("jobs", "backup:ListBackupJobs"),
    ("plans", "backup:ListBackupPlans"),
    ("settings", "backup:DescribeRegionSettings"),
    ("DynamoDB", "dynamodb:ListTables"),
    ("S3", "s3:ListAllMyBuckets"),
    ("EBS", "ec2:DescribeVolumes"),
    ("EC2", "ec2:DescribeInstances"),
    ("RDS", "rds:DescribeDBInstances"),
    ("EFS", "elasticfilesystem:DescribeFileSystems"),
    ("MemoryDB", "memorydb:DescribeClusters"),
];

pub(crate) fn read(cloud: &FakeCloud, target: &Target) -> Result<ScopeSnapshot, CloudError> {
    let scope = scope_of(target);
    let now = cloud.clock.now();
    drop(cloud.enter_only(target)?);
    let mut state = cloud.lock();
    let mut refused: Vec<(String, CloudError)> = Vec::new();
    for (part, action) in PARTS {
        if let Err(error) = allowed(&mut state, target, action, "*") {
            refused.push((part.to_owned(), error));
        }
    }
    if refused.len() == PARTS.len() {
        return Err(refused.swap_remove(0).1);
    }
    let lag = state.lag;
    let model = state.scope(&scope);
    let open = |part: &str| !refused.iter().any(|(p, _)| p == part);
    let mut snapshot = ScopeSnapshot::default();
    if open("vaults") {
        snapshot.vaults = model.vaults.values().cloned().collect();
    }
    if open("legal-holds") {
        snapshot.holds = model
            .holds
            .values()
            .map(|hold| counted(hold, model))
            .collect();
    }
    if open("jobs") {
        snapshot.jobs = model.jobs.values().map(|j| j.job.clone()).collect();
    }
    if open("DynamoDB") {
        snapshot
            .resources
            .extend(model.tables.iter().map(|(name, t)| Resource {
                arn: t.arn.clone(),
                resource_type: ResourceType::DynamoDb,
                account: scope.account.clone(),
                region: scope.region.clone(),
                name: name.clone(),
                tags: t.settings.tags.clone(),
                size_bytes: u64::try_from(t.items() * 100).ok(),
                created_at: Some(t.created_at),
                pitr: window(t, now, lag),
                deleted: false,
            }));
    }
    snapshot.resources.extend(
        model
            .resources
            .values()
            .filter(|r| open(r.resource_type.as_str()))
            .cloned(),
    );
    snapshot.points = model
        .points
        .values()
        .map(|p| RecoveryPoint {
            held: open("legal-holds") && model.holds(&p.shown),
            ..p.shown.clone()
        })
        .filter(|p| {
            open(if p.vault.is_some() {
                "vaults"
            } else {
                p.resource_type.as_str()
            })
        })
        .collect();
    if open("settings") {
        snapshot.settings = Some(model.settings.clone());
    }
    if open("plans") {
        super::plans::read(&mut state, &scope, &mut snapshot);
    }
    snapshot.partial = refused
        .into_iter()
        .map(|(part, error)| PartialFailure {
            part,
            error: scope_error(&error),
        })
        .collect();
    Ok(snapshot)
}

/// The hold with the number of points that it holds.
fn counted(hold: &LegalHold, model: &ScopeModel) -> LegalHold {
    let points = model.points.values().filter(|p| hold.covers(&p.shown));
    LegalHold {
        points: u64::try_from(points.count()).unwrap_or(u64::MAX),
        ..hold.clone()
    }
}

fn scope_error(error: &CloudError) -> ScopeError {
    ScopeError {
        cause: ScopeCause::Permission,
        message: error.message.clone(),
        fix: format!("Allow the role {}.", error.operation),
        code: error.code.clone(),
        request_id: error.request_id.clone(),
    }
}
