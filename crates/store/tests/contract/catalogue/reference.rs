//! What the catalogue does, as plainly as it can be said.

use std::collections::{BTreeMap, BTreeSet};

use tidemark_domain::{
    AccountId, Arn, Job, JobKind, Protection, RecoveryPoint, Resource, Scope, Vault,
};
use tidemark_services::ports::ScopeSnapshot;

/// A catalogue in memory.
#[derive(Default)]
pub(super) struct Reference {
    pub(super) vaults: BTreeMap<(Scope, String), Vault>,
    pub(super) points: BTreeMap<(Scope, Arn), RecoveryPoint>,
    pub(super) jobs: BTreeMap<(Scope, String), Job>,
    /// Resources that a scope lists.
    listed: BTreeMap<Arn, (Scope, Resource)>,
    /// Resources that only points tell of.
    told: BTreeMap<Arn, Resource>,
    /// What copies were made of, as the first that told of it said.
    sources: BTreeMap<Arn, Arn>,
}

impl Reference {
    pub(super) fn apply(&mut self, scope: &Scope, snapshot: &ScopeSnapshot) {
        let kept: BTreeSet<&str> = snapshot.partial.iter().map(|p| p.part.as_str()).collect();
        if !kept.contains("vaults") {
            self.vaults.retain(|(of, _), _| of != scope);
        }
        for vault in &snapshot.vaults {
            let key = (scope.clone(), vault.name.clone());
            self.vaults.insert(key, vault.clone());
        }
        if !kept.contains("jobs") {
            self.jobs.retain(|(of, _), _| of != scope);
        }
        for job in &snapshot.jobs {
            let key = (scope.clone(), job.id.clone());
            self.jobs.insert(key, job.clone());
        }
        let held: BTreeSet<Arn> = self
            .points
            .iter()
            .filter(|((of, _), point)| of == scope && point.held && kept.contains("legal-holds"))
            .map(|((_, arn), _)| arn.clone())
            .collect();
        self.points.retain(|(of, _), point| {
            let unknown = match &point.vault {
                Some(vault) => {
                    kept.contains("vaults") || kept.contains(format!("points:{vault}").as_str())
                }
                None => kept.contains(point.resource_type.as_str()),
            };
            of != scope || unknown
        });
        for point in &snapshot.points {
            let key = (scope.clone(), point.arn.clone());
            let mut point = point.clone();
            point.held |= held.contains(&point.arn);
            self.points.insert(key, point);
        }
        for link in &snapshot.copies {
            let source = link.source.clone();
            self.sources.entry(link.copy.clone()).or_insert(source);
        }
        for ((_, arn), point) in &mut self.points {
            point.copied_from = self.sources.get(arn).cloned();
        }
        self.list(scope, &snapshot.resources, &kept);
        self.tell(scope, &kept);
    }

    fn list(&mut self, scope: &Scope, resources: &[Resource], kept: &BTreeSet<&str>) {
        let named: BTreeSet<&Arn> = resources.iter().map(|r| &r.arn).collect();
        let gone: Vec<Arn> = self
            .listed
            .iter()
            .filter(|(arn, (by, resource))| {
                by == scope
                    && !named.contains(arn)
                    && !kept.contains(resource.resource_type.as_str())
            })
            .map(|(arn, _)| arn.clone())
            .collect();
        for arn in gone {
            let (_, mut resource) = self.listed.remove(&arn).unwrap();
            resource.deleted = resource.resource_type.is_listed();
            resource.pitr = None;
            self.told.insert(arn, resource);
        }
        for resource in resources {
            let hearsay = self.listed.get(&resource.arn).is_some_and(|(by, known)| {
                by != scope && (&known.account, &known.region) != (&scope.account, &scope.region)
            });
            if !hearsay {
                self.told.remove(&resource.arn);
                let mut resource = resource.clone();
                let home = home(&resource.arn, scope);
                (resource.account, resource.region) = (home.account, home.region);
                self.listed
                    .insert(resource.arn.clone(), (scope.clone(), resource));
            }
        }
    }

    fn tell(&mut self, scope: &Scope, kept: &BTreeSet<&str>) {
        for ((of, _), point) in &self.points {
            let arn = &point.resource_arn;
            if of == scope && !self.listed.contains_key(arn) && !self.told.contains_key(arn) {
                let home = home(arn, scope);
                let resource = Resource {
                    arn: arn.clone(),
                    resource_type: point.resource_type.clone(),
                    account: home.account,
                    region: home.region,
                    name: arn.name().to_owned(),
                    tags: BTreeMap::new(),
                    size_bytes: None,
                    created_at: None,
                    pitr: None,
                    deleted: false,
                };
                self.told.insert(arn.clone(), resource);
            }
        }
        for resource in self.told.values_mut() {
            let here = (&resource.account, &resource.region) == (&scope.account, &scope.region);
            if here && !kept.contains(resource.resource_type.as_str()) {
                resource.deleted = resource.resource_type.is_listed();
            }
        }
        self.drop_untold();
    }

    fn drop_untold(&mut self) {
        let points = &self.points;
        self.told
            .retain(|arn, _| points.values().any(|p| p.resource_arn == *arn));
    }

    pub(super) fn forget(&mut self, account: &AccountId) {
        self.vaults.retain(|(of, _), _| of.account != *account);
        self.points.retain(|(of, _), _| of.account != *account);
        self.jobs.retain(|(of, _), _| of.account != *account);
        let lost: Vec<Arn> = self
            .listed
            .iter()
            .filter(|(_, (by, _))| by.account == *account)
            .map(|(arn, _)| arn.clone())
            .collect();
        for arn in lost {
            let (_, mut resource) = self.listed.remove(&arn).unwrap();
            resource.pitr = None;
            self.told.insert(arn, resource);
        }
        self.drop_untold();
    }

    /// Every resource with a page.
    pub(super) fn resources(&self) -> BTreeMap<&Arn, &Resource> {
        let listed = self
            .listed
            .iter()
            .map(|(arn, (_, resource))| (arn, resource));
        listed.chain(&self.told).collect()
    }

    pub(super) fn points_of(&self, arn: &Arn) -> Vec<&RecoveryPoint> {
        let points = self.points.values();
        points.filter(|p| p.resource_arn == *arn).collect()
    }

    pub(super) fn jobs_of(&self, arn: &Arn) -> Vec<&Job> {
        let jobs = self.jobs.values();
        let mut jobs: Vec<&Job> = jobs
            .filter(|job| job.resource_arn.as_ref() == Some(arn))
            .collect();
        jobs.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        jobs
    }

    pub(super) fn protection(&self, resource: &Resource) -> Protection {
        let last = self.jobs_of(&resource.arn).into_iter().find(|job| {
            job.kind == JobKind::Backup
                && !matches!(
                    job.status.as_str(),
                    "CREATED" | "PENDING" | "RUNNING" | "ABORTING"
                )
        });
        let usable = self.points_of(&resource.arn).iter().any(|p| p.is_usable());
        if last.is_some_and(|job| matches!(job.status.as_str(), "FAILED" | "EXPIRED")) {
            Protection::Failing
        } else if usable || resource.pitr.is_some() {
            Protection::Protected
        } else {
            Protection::Unprotected
        }
    }
}

fn home(arn: &Arn, scope: &Scope) -> Scope {
    let or = |part: &str, other: &str| {
        if part.is_empty() {
            other.to_owned()
        } else {
            part.to_owned()
        }
    };
    Scope {
        account: or(arn.account(), scope.account.as_str()).parse().unwrap(),
        region: or(arn.region(), scope.region.as_str()).parse().unwrap(),
    }
}
