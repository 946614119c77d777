use std::collections::HashSet;

use futures::{StreamExt as _, stream};
use tidemark_domain::{Arn, RecoveryPoint, Resource, Vault, plan::RegionSettings};
use tidemark_services::ports::{CloudError, PROTECTED, PartialFailure, ScopeSnapshot};

use crate::{
    access::Access, backup, dynamodb, ec2, efs, memorydb, rds, s3, scope_error::scope_error,
};

/// Details that are asked for at once; the caps of the factory hold besides.
pub(crate) const AT_ONCE: usize = 5;

/// What was read of a part, and what of it could not be read.
pub(crate) struct Part<T> {
    pub(crate) items: Vec<T>,
    pub(crate) error: Option<CloudError>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            error: None,
        }
    }
}

impl<T> Part<T> {
    /// Nothing could be read.
    pub(crate) fn failed(error: CloudError) -> Self {
        Self {
            items: Vec::new(),
            error: Some(error),
        }
    }
}

impl<T> From<Result<Vec<T>, CloudError>> for Part<T> {
    fn from(read: Result<Vec<T>, CloudError>) -> Self {
        match read {
            Ok(items) => Self { items, error: None },
            Err(error) => Self::failed(error),
        }
    }
}

/// The parts of a scope as they come in.
#[derive(Default)]
struct Reading {
    snapshot: ScopeSnapshot,
    /// Parts that were read at least in part.
    succeeded: bool,
    first: Option<CloudError>,
}

impl Reading {
    /// Notes how a part went and hands its items on.
    fn take<T>(&mut self, part: &str, read: Part<T>) -> Vec<T> {
        match read.error {
            None => self.succeeded = true,
            Some(error) => {
                self.succeeded |= !read.items.is_empty();
                // Two lists may belong to one part: it is named once.
                if !self.snapshot.partial.iter().any(|p| p.part == part) {
                    self.snapshot.partial.push(PartialFailure {
                        part: part.to_owned(),
                        error: scope_error(&error),
                    });
                }
                self.first.get_or_insert(error);
            }
        }
        read.items
    }

    fn resources(&mut self, part: &str, read: Part<Resource>) {
        let resources = self.take(part, read);
        self.snapshot.resources.extend(resources);
    }

    fn points(&mut self, part: &str, read: Part<RecoveryPoint>) {
        let points = self.take(part, read);
        self.snapshot.points.extend(points);
    }

    fn plans(&mut self, read: Result<backup::Plans, CloudError>) {
        let (plans, versions, error) = match read {
            Ok(read) => (read.plans, read.versions, None),
            Err(error) => (Vec::new(), Vec::new(), Some(error)),
        };
        let items = plans;
        self.snapshot.plans = self.take("plans", Part { items, error });
        self.snapshot.plan_versions = versions;
    }

    fn settings(&mut self, read: Result<RegionSettings, CloudError>) {
        let settings = self.take("settings", Part::from(read.map(|settings| vec![settings])));
        self.snapshot.settings = settings.into_iter().next();
    }

    /// Snapshots as their own service lists them: those that a vault holds are known already.
    fn other_points(&mut self, part: &str, read: Part<RecoveryPoint>) {
        let points = self.take(part, read);
        let known: HashSet<Arn> = self.snapshot.points.iter().map(|p| p.arn.clone()).collect();
        let others = points.into_iter().filter(|p| !known.contains(&p.arn));
        self.snapshot.points.extend(others);
    }

    fn end(self) -> Result<ScopeSnapshot, CloudError> {
        match self.first {
            Some(error) if !self.succeeded => Err(error),
            _ => Ok(self.snapshot),
        }
    }
}

/// Reads everything that the catalogue keeps of a scope, its parts side by side within the caps. A
/// part that cannot be read does not hide the others; when none can, that is an error.
pub(crate) async fn read_scope(access: &Access) -> Result<ScopeSnapshot, CloudError> {
    let vaults_and_points = async {
        let mut vaults = Part::from(backup::list_vaults(access).await);
        let (points, policies) = futures::join!(
            points(access, &vaults.items),
            policies(access, &vaults.items)
        );
        let refused = add_policies(&mut vaults.items, policies);
        (vaults, refused, points)
    };
    let (
        (vaults, refused_policies, points),
        holds,
        (jobs, protected),
        (plans, settings),
        (tables, table_backups),
        (buckets, versioned),
        (volumes, volume_snapshots, instances),
        (databases, clusters, database_snapshots, cluster_snapshots),
        file_systems,
        (caches, snapshots),
    ) = futures::join!(
        vaults_and_points,
        backup::legal_holds(access),
        async { futures::join!(backup::list_jobs(access), backup::list_protected(access)) },
        async { futures::join!(backup::read_plans(access), backup::region_settings(access)) },
        async {
            futures::join!(
                dynamodb::list_tables(access),
                dynamodb::list_backups(access)
            )
        },
        s3::list_buckets(access),
        async {
            futures::join!(
                ec2::list_volumes(access),
                ec2::list_snapshots(access),
                ec2::list_instances(access)
            )
        },
        async {
            futures::join!(
                rds::list_instances(access),
                rds::list_clusters(access),
                rds::list_snapshots(access),
                rds::list_cluster_snapshots(access)
            )
        },
        efs::list_file_systems(access),
        async {
            futures::join!(
                memorydb::list_clusters(access),
                memorydb::list_snapshots(access)
            )
        },
    );
    let mut reading = Reading::default();
    reading.snapshot.vaults = reading.take("vaults", vaults);
    for (vault, error) in refused_policies {
        reading.take::<()>(&format!("policy:{vault}"), Part::failed(error));
    }
    for (vault, read) in points {
        reading.points(&format!("points:{vault}"), read);
    }
    let holds = reading.take("legal-holds", Part::from(holds));
    mark_held(&mut reading.snapshot.points, &holds);
    reading.snapshot.holds = holds.into_iter().map(|held| held.hold).collect();
    let jobs = match jobs {
        Ok(jobs) => {
            reading.snapshot.copies = jobs.copies;
            Part::from(Ok(jobs.jobs))
        }
        Err(error) => Part::failed(error),
    };
    reading.snapshot.jobs = reading.take("jobs", jobs);
    reading.plans(plans);
    reading.settings(settings);
    reading.resources("DynamoDB", tables);
    reading.points("DynamoDB", table_backups.into());
    reading.resources("S3", buckets);
    reading.snapshot.versioned = versioned;
    reading.resources("EBS", volumes.into());
    reading.other_points("EBS", volume_snapshots.into());
    reading.resources("EC2", instances.into());
    reading.resources("RDS", databases);
    reading.other_points("RDS", database_snapshots.into());
    reading.resources("Aurora", clusters.into());
    reading.other_points("Aurora", cluster_snapshots.into());
    reading.resources("EFS", file_systems.into());
    reading.resources("MemoryDB", caches.into());
    reading.points("MemoryDB", snapshots);
    reading.resources(PROTECTED, protected.into());
    reading.end()
}

/// The points of each vault.
async fn points(access: &Access, vaults: &[Vault]) -> Vec<(String, Part<RecoveryPoint>)> {
    stream::iter(vaults.to_vec())
        .map(|vault| async move {
            let points = backup::list_points(access, &vault).await;
            (vault.name, Part::from(points))
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// The access policy of each vault.
async fn policies(
    access: &Access,
    vaults: &[Vault],
) -> Vec<(String, Result<Option<String>, CloudError>)> {
    stream::iter(vaults.to_vec())
        .map(|vault| async move {
            let policy = backup::access_policy(access, &vault.name).await;
            (vault.name, policy)
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// Gives the vaults their policies; answers those that could not be read.
fn add_policies(
    vaults: &mut [Vault],
    policies: Vec<(String, Result<Option<String>, CloudError>)>,
) -> Vec<(String, CloudError)> {
    let mut refused = Vec::new();
    for (vault, (name, policy)) in vaults.iter_mut().zip(policies) {
        match policy {
            Ok(policy) => vault.access_policy = policy,
            Err(error) => refused.push((name, error)),
        }
    }
    refused
}

/// Tells points that a legal hold keeps them.
fn mark_held(points: &mut [RecoveryPoint], holds: &[backup::Held]) {
    let held: HashSet<&Arn> = holds.iter().flat_map(|hold| &hold.points).collect();
    for point in points {
        point.held = held.contains(&point.arn);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use tidemark_services::ports::CloudErrorKind;

    use super::*;

    fn refused(operation: &str) -> CloudError {
        CloudError::local(CloudErrorKind::Denied, operation, "no")
    }

    #[test]
    fn one_refused_part_does_not_hide_the_others() {
        let mut reading = Reading::default();
        reading.resources("EFS", Part::default());
        reading.resources("RDS", Part::failed(refused("rds:DescribeDBInstances")));
        let snapshot = reading.end().unwrap();
        let parts: Vec<&str> = snapshot.partial.iter().map(|p| p.part.as_str()).collect();
        assert_eq!(parts, ["RDS"]);
    }

    #[test]
    fn when_every_part_is_refused_the_first_refusal_is_the_answer() {
        let mut reading = Reading::default();
        reading.resources("EFS", Part::failed(refused("efs:a")));
        reading.resources("RDS", Part::failed(refused("rds:b")));
        assert_eq!(reading.end().unwrap_err().operation, "efs:a");
    }

    #[test]
    fn two_failures_of_one_part_name_it_once() {
        let mut reading = Reading::default();
        reading.resources("S3", Part::default());
        reading.resources("DynamoDB", Part::failed(refused("a")));
        reading.points("DynamoDB", Part::failed(refused("b")));
        assert_eq!(reading.end().unwrap().partial.len(), 1);
    }
}
