//! What a catalogue in memory knows.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;
use tidemark_domain::{
    AccountId, Arn, Job, JobKind, LegalHold, PointSource, RecoveryPoint, Resource, Scope,
    ScopeState, Vault,
    plan::{PlanKey, PlanRecord, PlanVersion, RegionSettings},
    timeline::{Event, EventKind},
};
use tidemark_services::ports::{PROTECTED, ScopeSnapshot, SyncTurn};

use super::plans;

#[derive(Debug, Default)]
pub(crate) struct Data {
    pub(super) scopes: BTreeMap<Scope, ScopeState>,
    /// Scopes that were asked for.
    pub(super) wanted: BTreeSet<Scope>,
    /// Who reads a scope, and until when.
    pub(super) readers: BTreeMap<Scope, (String, Timestamp)>,
    pub(super) vaults: BTreeMap<Arn, Vault>,
    pub(super) holds: BTreeMap<(Scope, String), LegalHold>,
    pub(crate) resources: BTreeMap<Arn, Resource>,
    pub(crate) points: BTreeMap<(Scope, Arn), RecoveryPoint>,
    pub(crate) jobs: BTreeMap<(Scope, String), Job>,
    pub(crate) plans: BTreeMap<PlanKey, PlanRecord>,
    pub(crate) versions: BTreeMap<PlanKey, Vec<PlanVersion>>,
    pub(crate) settings: BTreeMap<Scope, RegionSettings>,
    pub(crate) events: BTreeMap<(Scope, String), Event>,
    /// What copies were made of.
    pub(super) sources: BTreeMap<Arn, Arn>,
}

pub(super) fn scope_of(account: &AccountId, region: &tidemark_domain::Region) -> Scope {
    Scope {
        account: account.clone(),
        region: region.clone(),
    }
}

impl Data {
    /// When a scope was last read in full.
    pub(crate) fn last_success(
        &self,
        account: &AccountId,
        region: &tidemark_domain::Region,
    ) -> Option<Timestamp> {
        self.scopes.get(&scope_of(account, region))?.last_success
    }

    pub(super) fn state(&mut self, scope: &Scope) -> &mut ScopeState {
        self.scopes
            .entry(scope.clone())
            .or_insert_with(|| ScopeState::never(scope.clone()))
    }

    pub(super) fn is_due(&self, scope: &Scope, turn: &SyncTurn) -> bool {
        let reads = |(_, until): &(String, Timestamp)| *until > turn.at;
        let is_free = !self.readers.get(scope).is_some_and(reads);
        let tried = self.scopes.get(scope).and_then(|state| state.last_attempt);
        let has_turn = turn.tried_before.is_none_or(|before| {
            self.wanted.contains(scope) || tried.is_none_or(|tried| tried <= before)
        });
        is_free && has_turn
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one part of a snapshot after another"
    )]
    pub(super) fn apply(&mut self, scope: &Scope, snapshot: &ScopeSnapshot, at: Timestamp) {
        plans::apply(self, scope, snapshot, at);
        let before = self.points.clone();
        let kept: HashSet<&str> = snapshot.partial.iter().map(|p| p.part.as_str()).collect();
        let here = |account: &AccountId, region: &tidemark_domain::Region| {
            *account == scope.account && *region == scope.region
        };
        let vaults_before = self.vaults.clone();
        if !kept.contains("vaults") {
            self.vaults.retain(|_, v| !here(&v.account, &v.region));
        }
        self.vaults
            .extend(snapshot.vaults.iter().map(|v| (v.arn.clone(), v.clone())));
        let policies: BTreeMap<Arn, Option<String>> = snapshot
            .vaults
            .iter()
            .filter(|v| kept.contains(format!("policy:{}", v.name).as_str()))
            .filter_map(|v| {
                Some((
                    v.arn.clone(),
                    vaults_before.get(&v.arn)?.access_policy.clone(),
                ))
            })
            .collect();
        for (arn, policy) in policies {
            if let Some(vault) = self.vaults.get_mut(&arn) {
                vault.access_policy = policy;
            }
        }
        if !kept.contains("legal-holds") {
            self.holds.retain(|(s, _), _| s != scope);
        }
        self.holds.extend(
            snapshot
                .holds
                .iter()
                .map(|h| ((scope.clone(), h.id.clone()), h.clone())),
        );
        let held: HashSet<Arn> = self
            .points
            .iter()
            .filter(|((s, _), p)| s == scope && p.held && kept.contains("legal-holds"))
            .map(|((_, arn), _)| arn.clone())
            .collect();
        self.points.retain(|(s, _), p| {
            let part_kept = match &p.vault {
                Some(vault) => {
                    kept.contains("vaults") || kept.contains(format!("points:{vault}").as_str())
                }
                None => kept.contains(p.resource_type.as_str()),
            };
            s != scope || part_kept
        });
        self.points.extend(
            snapshot
                .points
                .iter()
                .map(|p| ((scope.clone(), p.arn.clone()), p.clone())),
        );
        for link in &snapshot.copies {
            let source = link.source.clone();
            self.sources.entry(link.copy.clone()).or_insert(source);
        }
        for point in &snapshot.points {
            if let Some(source) = &point.copied_from {
                let source = source.clone();
                self.sources.entry(point.arn.clone()).or_insert(source);
            }
        }
        for ((s, arn), point) in &mut self.points {
            point.held |= s == scope && held.contains(arn);
            point.copied_from = self.sources.get(arn).cloned();
        }
        if !kept.contains("jobs") {
            self.jobs.retain(|(s, _), _| s != scope);
        }
        self.jobs.extend(
            snapshot
                .jobs
                .iter()
                .map(|j| ((scope.clone(), j.id.clone()), j.clone())),
        );
        let live: HashSet<&Arn> = snapshot.resources.iter().map(|r| &r.arn).collect();
        let with_points: HashSet<Arn> = self
            .points
            .values()
            .map(|p| p.resource_arn.clone())
            .collect();
        self.resources.retain(|arn, r| {
            let known = !here(&r.account, &r.region)
                || live.contains(arn)
                || kept.contains(r.resource_type.as_str())
                || (!r.resource_type.is_listed() && kept.contains(PROTECTED));
            if !known {
                // Of types that are not read nobody knows.
                r.deleted = r.resource_type.is_listed();
                r.pitr = None;
            }
            known || with_points.contains(arn)
        });
        self.resources.extend(
            snapshot
                .resources
                .iter()
                .map(|r| (r.arn.clone(), r.clone())),
        );
        self.note_events(scope, snapshot, &before, at);
    }

    /// Points that are gone and jobs that made nothing.
    pub(super) fn note_events(
        &mut self,
        scope: &Scope,
        snapshot: &ScopeSnapshot,
        before: &BTreeMap<(Scope, Arn), RecoveryPoint>,
        at: Timestamp,
    ) {
        for point in &snapshot.points {
            let key = (scope.clone(), point.arn.to_string());
            if !before.contains_key(&(scope.clone(), point.arn.clone())) {
                self.events.remove(&key);
            }
        }
        for ((of, arn), point) in before {
            let told = point.status != "CREATING" && point.source != PointSource::MemoryDbSnapshot;
            if of == scope && told && !self.points.contains_key(&(of.clone(), arn.clone())) {
                let event = Event {
                    kind: EventKind::of_gone(point.delete_at, at),
                    resource: point.resource_arn.clone(),
                    at: point.created_at,
                    noted_at: at,
                    key: arn.to_string(),
                    vault: point.vault.clone(),
                    message: None,
                };
                self.events.insert((of.clone(), arn.to_string()), event);
            }
        }
        for job in &snapshot.jobs {
            let kind = match (job.kind, job.status.as_str()) {
                (JobKind::Backup, "FAILED" | "ABORTED") => EventKind::Failed,
                (JobKind::Backup, "EXPIRED") => EventKind::Missed,
                (JobKind::Copy, "FAILED") => EventKind::CopyFailed,
                _ => continue,
            };
            let known = job.resource_arn.as_ref();
            if let Some(resource) = known.filter(|arn| self.resources.contains_key(*arn)) {
                let event = Event {
                    kind,
                    resource: resource.clone(),
                    at: job.created_at,
                    noted_at: job.completed_at.unwrap_or(job.created_at),
                    key: job.id.clone(),
                    vault: None,
                    message: job.message.clone(),
                };
                self.events.insert((scope.clone(), job.id.clone()), event);
            }
        }
    }
}
