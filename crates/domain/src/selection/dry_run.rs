use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BackupSelection, Candidate, Clause, CompiledSelection, Overlap, overlap::overlap};
use crate::{AccountId, Arn, Page, Region, Resource, ResourceType, plan::BackupPlan};

/// A plan whose effect is looked at, with its selections. It takes resources of its own account and
/// Region only.
#[derive(Clone, Copy, Debug)]
pub struct DryRunPlan<'a> {
    /// Its id; any text for a plan that is not saved yet.
    pub id: &'a str,
    /// Account.
    pub account: &'a AccountId,
    /// Region.
    pub region: &'a Region,
    /// The plan.
    pub plan: &'a BackupPlan,
    /// Its selections.
    pub selections: &'a [BackupSelection],
}

/// A resource that plans may take.
#[derive(Clone, Copy, Debug)]
pub struct DryRunResource<'a> {
    /// ARN.
    pub arn: &'a Arn,
    /// Type.
    pub resource_type: &'a ResourceType,
    /// Account.
    pub account: &'a AccountId,
    /// Region.
    pub region: &'a Region,
    /// Tags.
    pub tags: &'a BTreeMap<String, String>,
    /// Its type is opted in for the account and Region.
    pub opted_in: bool,
}

impl<'a> DryRunResource<'a> {
    /// A resource of the catalogue.
    pub fn new(resource: &'a Resource, opted_in: bool) -> Self {
        Self {
            arn: &resource.arn,
            resource_type: &resource.resource_type,
            account: &resource.account,
            region: &resource.region,
            tags: &resource.tags,
            opted_in,
        }
    }
}

/// What plans would take of an estate: counts at once, lists page by page.
pub struct DryRun<'a> {
    plans: Vec<DryRunPlan<'a>>,
    resources: Vec<DryRunResource<'a>>,
    found: Vec<Found>,
    counts: DryRunCounts,
}

/// Place of the plan, place of the selection in it, and the selection.
type Prepared<'a> = (usize, usize, CompiledSelection<'a>);

/// What was found about one resource.
struct Found {
    /// Plan, selection, clause.
    takes: Vec<(usize, usize, Clause)>,
    /// The selection that came nearest to taking it: plan, selection, why not.
    nearest: Option<(usize, usize, Clause)>,
}

impl Found {
    /// Every clause that takes it works only because its type is opted in.
    fn by_opt_in(&self) -> bool {
        !self.takes.is_empty()
            && self.takes.iter().all(|(_, _, clause)| {
                matches!(clause, Clause::Tag(_) | Clause::Everything)
                    || *clause == Clause::Resource("*".to_owned())
            })
    }
}

/// The counts of a dry run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunCounts {
    /// Resources looked at.
    pub resources: u64,
    /// Taken by at least one plan.
    pub taken: u64,
    /// Taken by more than one plan, or by more than one selection of a plan.
    pub twice: u64,
    /// Taken only because their type is opted in.
    pub by_opt_in: u64,
    /// Taken by no plan.
    pub missed: u64,
    /// How many each clause takes, most first.
    pub clauses: Vec<ClauseCount>,
    /// Why the missed ones are missed, most first.
    pub reasons: Vec<ReasonCount>,
    /// By type, by name.
    pub types: Vec<TypeCount>,
    /// Plans that take the same resources, most first.
    pub overlaps: Vec<Overlap>,
}

/// How many resources a clause takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseCount {
    /// Id of the plan.
    pub plan_id: String,
    /// Name of the plan.
    pub plan_name: String,
    /// Name of the selection.
    pub selection: String,
    /// The clause.
    pub clause: Clause,
    /// How many.
    pub resources: u64,
}

/// How many resources are missed for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// The clause that came nearest; none where no plan looks at the account and Region.
    pub clause: Option<Clause>,
    /// How many.
    pub resources: u64,
}

/// The counts of one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeCount {
    /// Type.
    pub resource_type: ResourceType,
    /// Taken.
    pub taken: u64,
    /// Missed.
    pub missed: u64,
}

/// Which resources a list of a dry run shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DryRunList {
    /// Those taken.
    #[default]
    Taken,
    /// Those taken twice.
    Twice,
    /// Those taken only because of opt-in.
    ByOptIn,
    /// Those missed.
    Missed,
}

/// A resource in a list of a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunRow {
    /// ARN.
    pub arn: Arn,
    /// Type.
    pub resource_type: ResourceType,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// What takes it, in the order of the plans.
    pub takes: Vec<DryRunTake>,
    /// What came nearest to taking it, when nothing does.
    pub nearest: Option<DryRunTake>,
}

/// A selection and what it says about a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRunTake {
    /// Id of the plan.
    pub plan_id: String,
    /// Name of the plan.
    pub plan_name: String,
    /// Name of the selection.
    pub selection: String,
    /// By which clause.
    pub clause: Clause,
}

impl<'a> DryRun<'a> {
    /// Looks at every resource. `now` dates the overlaps of start windows.
    pub fn new(
        plans: impl IntoIterator<Item = DryRunPlan<'a>>,
        resources: impl IntoIterator<Item = DryRunResource<'a>>,
        now: Timestamp,
    ) -> Self {
        let plans: Vec<DryRunPlan<'a>> = plans.into_iter().collect();
        let resources: Vec<DryRunResource<'a>> = resources.into_iter().collect();
        let mut homes: HashMap<(&AccountId, &Region), Vec<Prepared<'a>>> = HashMap::new();
        for (index, plan) in plans.iter().enumerate() {
            let here = homes.entry((plan.account, plan.region)).or_default();
            for (place, selection) in plan.selections.iter().enumerate() {
                here.push((index, place, CompiledSelection::new(selection)));
            }
        }
        let found: Vec<Found> = resources
            .iter()
            .map(|resource| {
                let here = homes.get(&(resource.account, resource.region));
                look(here.map(Vec::as_slice).unwrap_or_default(), resource)
            })
            .collect();
        drop(homes);
        let counts = count(&plans, &resources, &found, now);
        Self {
            plans,
            resources,
            found,
            counts,
        }
    }

    /// The counts.
    pub fn counts(&self) -> &DryRunCounts {
        &self.counts
    }

    /// The resources that this plan takes, in the order given.
    pub fn taken_by(&self, plan_id: &str) -> impl Iterator<Item = &DryRunResource<'a>> {
        let plan = self.plans.iter().position(|plan| plan.id == plan_id);
        self.resources
            .iter()
            .zip(&self.found)
            .filter(move |(_, found)| {
                plan.is_some_and(|plan| found.takes.iter().any(|(p, _, _)| *p == plan))
            })
            .map(|(resource, _)| resource)
    }

    /// A page of a list, in the order in which the resources were given. `cursor` is `next` of the
    /// page before; an unknown one begins anew.
    pub fn list(&self, list: DryRunList, cursor: Option<&str>, limit: usize) -> Page<DryRunRow> {
        let begin: usize = cursor.and_then(|text| text.parse().ok()).unwrap_or(0);
        let listed = |found: &Found| match list {
            DryRunList::Taken => !found.takes.is_empty(),
            DryRunList::Twice => found.takes.len() > 1,
            DryRunList::ByOptIn => found.by_opt_in(),
            DryRunList::Missed => found.takes.is_empty(),
        };
        let mut rest = self
            .found
            .iter()
            .enumerate()
            .skip(begin)
            .filter(|(_, found)| listed(found))
            .map(|(index, _)| index);
        let items = rest
            .by_ref()
            .take(limit)
            .filter_map(|index| self.row(index))
            .collect();
        Page {
            items,
            next: rest.next().map(|index| index.to_string()),
            total: Some(match list {
                DryRunList::Taken => self.counts.taken,
                DryRunList::Twice => self.counts.twice,
                DryRunList::ByOptIn => self.counts.by_opt_in,
                DryRunList::Missed => self.counts.missed,
            }),
        }
    }

    fn row(&self, index: usize) -> Option<DryRunRow> {
        let (resource, found) = (self.resources.get(index)?, self.found.get(index)?);
        let take = |(plan, selection, clause): &(usize, usize, Clause)| {
            let plan = self.plans.get(*plan)?;
            Some(DryRunTake {
                plan_id: plan.id.to_owned(),
                plan_name: plan.plan.backup_plan_name.clone(),
                selection: plan.selections.get(*selection)?.selection_name.clone(),
                clause: clause.clone(),
            })
        };
        Some(DryRunRow {
            arn: resource.arn.clone(),
            resource_type: resource.resource_type.clone(),
            account: resource.account.clone(),
            region: resource.region.clone(),
            takes: found.takes.iter().filter_map(take).collect(),
            nearest: found.nearest.as_ref().and_then(take),
        })
    }
}

fn look(selections: &[Prepared<'_>], resource: &DryRunResource<'_>) -> Found {
    let candidate = Candidate {
        arn: resource.arn.as_str(),
        tags: resource.tags,
        opted_in: resource.opted_in,
    };
    let mut found = Found {
        takes: Vec::new(),
        nearest: None,
    };
    for (plan, selection, compiled) in selections {
        let clause = compiled.take(candidate);
        if clause.takes() {
            found.takes.push((*plan, *selection, clause));
        } else if found
            .nearest
            .as_ref()
            .is_none_or(|(_, _, before)| nearness(&clause) > nearness(before))
        {
            found.nearest = Some((*plan, *selection, clause));
        }
    }
    if !found.takes.is_empty() {
        found.nearest = None;
    }
    found
}

/// How near a clause came to taking a resource: what one change would repair comes first.
fn nearness(clause: &Clause) -> u8 {
    match clause {
        Clause::NotOptedIn => 3,
        Clause::Condition(_) => 2,
        Clause::LeftOut(_) => 1,
        _ => 0,
    }
}

fn count(
    plans: &[DryRunPlan<'_>],
    resources: &[DryRunResource<'_>],
    found: &[Found],
    now: Timestamp,
) -> DryRunCounts {
    let mut counts = DryRunCounts {
        resources: resources.len() as u64,
        ..DryRunCounts::default()
    };
    let mut clauses: HashMap<(usize, usize, &Clause), u64> = HashMap::new();
    let mut reasons: HashMap<Option<&Clause>, u64> = HashMap::new();
    let mut types: BTreeMap<&ResourceType, (u64, u64)> = BTreeMap::new();
    let mut shared: HashMap<Vec<usize>, u64> = HashMap::new();
    for (resource, found) in resources.iter().zip(found) {
        let of_type = types.entry(resource.resource_type).or_default();
        if found.takes.is_empty() {
            counts.missed += 1;
            of_type.1 += 1;
            *reasons
                .entry(found.nearest.as_ref().map(|(_, _, clause)| clause))
                .or_default() += 1;
            continue;
        }
        counts.taken += 1;
        of_type.0 += 1;
        counts.twice += u64::from(found.takes.len() > 1);
        counts.by_opt_in += u64::from(found.by_opt_in());
        for (plan, selection, clause) in &found.takes {
            *clauses.entry((*plan, *selection, clause)).or_default() += 1;
        }
        if found.takes.len() > 1 {
            let mut several: Vec<usize> = found.takes.iter().map(|(plan, _, _)| *plan).collect();
            several.dedup();
            if several.len() > 1 {
                *shared.entry(several).or_default() += 1;
            }
        }
    }
    counts.clauses = clauses
        .into_iter()
        .filter_map(|((plan, selection, clause), resources)| {
            let plan = plans.get(plan)?;
            Some(ClauseCount {
                plan_id: plan.id.to_owned(),
                plan_name: plan.plan.backup_plan_name.clone(),
                selection: plan.selections.get(selection)?.selection_name.clone(),
                clause: clause.clone(),
                resources,
            })
        })
        .collect();
    counts.clauses.sort_by(|a, b| {
        let key = |c: &ClauseCount| {
            (
                std::cmp::Reverse(c.resources),
                c.plan_name.clone(),
                c.selection.clone(),
                c.clause.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    counts.reasons = reasons
        .into_iter()
        .map(|(clause, resources)| ReasonCount {
            clause: clause.cloned(),
            resources,
        })
        .collect();
    counts
        .reasons
        .sort_by_key(|reason| (std::cmp::Reverse(reason.resources), reason.clause.clone()));
    counts.types = types
        .into_iter()
        .map(|(resource_type, (taken, missed))| TypeCount {
            resource_type: resource_type.clone(),
            taken,
            missed,
        })
        .collect();
    let mut shared: Vec<_> = shared.into_iter().collect();
    shared.sort_by_key(|(several, resources)| (std::cmp::Reverse(*resources), several.clone()));
    counts.overlaps = shared
        .into_iter()
        .map(|(several, resources)| {
            let several: Vec<&DryRunPlan<'_>> = several
                .iter()
                .filter_map(|index| plans.get(*index))
                .collect();
            overlap(&several, resources, now)
        })
        .collect();
    counts
}
