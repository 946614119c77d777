use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{CostMonth, PriceKind, PriceList, forecast};
use crate::{
    Arn, Region, ResourceType,
    simulate::{SimFailure, SimFailureKind, Simulation, StorageBy, StorageStep},
};

/// What a plan will make from now on, month by month, beginning with none: what is kept, what that costs
/// and how far back it reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanFuture {
    /// The plan's name.
    pub name: String,
    /// From when it was simulated.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// What the plan takes today.
    pub taken: Vec<TakenType>,
    /// The months.
    pub months: Vec<FutureMonth>,
    /// Jobs that are sure to make nothing.
    pub failures: Vec<FutureFailure>,
    /// Currency of all amounts.
    pub currency: String,
    /// Date of the prices.
    pub as_of: Date,
}

/// Resources of one type that a plan takes. They are simulated as one: each has the same points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenType {
    /// Type.
    pub resource_type: ResourceType,
    /// The resource that was simulated.
    pub example: Arn,
    /// How many there are.
    pub resources: u64,
    /// Their size together, as far as it is known.
    pub bytes: u64,
    /// Those whose size is not known.
    pub without_size: u64,
    /// Their storage has a price.
    pub priced: bool,
}

/// What is there at the end of a month, and what the month costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FutureMonth {
    /// The cost.
    pub cost: CostMonth,
    /// The end of the month, or of the simulation.
    pub at: Timestamp,
    /// Points in warm storage.
    pub warm_points: u64,
    /// Points in cold storage.
    pub cold_points: u64,
    /// Bytes in warm storage.
    pub warm_bytes: u64,
    /// Bytes in cold storage.
    pub cold_bytes: u64,
    /// The moment to which every resource can go back; none where one has no point yet.
    pub furthest: Option<Timestamp>,
}

/// Jobs that will make no point, for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FutureFailure {
    /// Type of the resources.
    pub resource_type: ResourceType,
    /// How many resources.
    pub resources: u64,
    /// Rule.
    pub rule: String,
    /// What happens.
    pub kind: SimFailureKind,
    /// Why.
    pub why: String,
    /// When first.
    pub first: Timestamp,
    /// How often for each resource.
    pub times: u64,
}

impl PlanFuture {
    /// Sums up a simulation of one example of each type that has the size of all of them.
    pub fn of(
        name: String,
        simulation: &Simulation,
        mut taken: Vec<TakenType>,
        region: &Region,
        prices: &PriceList,
    ) -> Self {
        for one in &mut taken {
            let price = prices.find(&one.resource_type, region, PriceKind::WarmGbMonth);
            one.priced = price.is_some();
        }
        let storage: Vec<(u64, Vec<StorageStep>)> = taken
            .iter()
            .map(|one| {
                let by = StorageBy::Resource(one.example.clone());
                (one.resources, simulation.storage_of(&by, usize::MAX))
            })
            .collect();
        let months = forecast(simulation, prices)
            .into_iter()
            .map(|cost| {
                let at = end_of(cost.month).min(simulation.until);
                let mut month = FutureMonth {
                    cost,
                    at,
                    warm_points: 0,
                    cold_points: 0,
                    warm_bytes: 0,
                    cold_bytes: 0,
                    furthest: furthest(simulation, &taken, at),
                };
                for (resources, steps) in &storage {
                    let Some(step) = steps.iter().take_while(|step| step.at <= at).last() else {
                        continue;
                    };
                    month.warm_points += u64::from(step.warm_points) * resources;
                    month.cold_points += u64::from(step.cold_points) * resources;
                    month.warm_bytes = month.warm_bytes.saturating_add(step.warm_bytes);
                    month.cold_bytes = month.cold_bytes.saturating_add(step.cold_bytes);
                }
                month
            })
            .collect();
        Self {
            name,
            from: simulation.from,
            until: simulation.until,
            failures: failures(&simulation.failures, &taken),
            taken,
            months,
            currency: prices.currency.clone(),
            as_of: prices.as_of,
        }
    }

    /// The last whole month: the level that is reached, where it is reached.
    pub fn last_whole(&self) -> Option<&FutureMonth> {
        self.months.iter().rev().find(|month| month.is_whole())
    }

    /// The first month from which on storage costs the same as in the last one, to a hundredth; none where it
    /// still grows at the end. Copies are paid when they are made, and months have four weekends or five.
    pub fn level_from(&self) -> Option<&FutureMonth> {
        let storage = |month: &FutureMonth| month.cost.warm + month.cost.cold;
        let last = storage(self.last_whole()?);
        let whole: Vec<&FutureMonth> = self.months.iter().filter(|m| m.is_whole()).collect();
        let off = |month: &&FutureMonth| (storage(month) - last).abs() > last * 0.01;
        let before = whole.iter().rposition(off).map_or(0, |at| at + 1);
        // The last month is always level with itself.
        (before + 1 < whole.len()).then(|| whole[before])
    }
}

impl FutureMonth {
    /// The simulation covers the month from its first to its last second.
    pub fn is_whole(&self) -> bool {
        self.cost.covered > 0.999_999
    }
}

fn end_of(month: Date) -> Timestamp {
    month
        .checked_add(1.month())
        .and_then(|next| next.to_zoned(TimeZone::UTC))
        .map_or(Timestamp::MAX, |next| next.timestamp())
}

/// The moment to which the example that reaches least far can go back.
fn furthest(simulation: &Simulation, taken: &[TakenType], at: Timestamp) -> Option<Timestamp> {
    let reach = |one: &TakenType| {
        let ages = simulation.ages(&one.example);
        let snapshots = ages.iter().take_while(|step| step.at <= at).last();
        let snapshots = snapshots.and_then(|step| step.furthest);
        let bands = simulation.bands(&one.example);
        let seconds = bands.iter().filter_map(|band| band.reach(at)).map(|r| r.0);
        snapshots.into_iter().chain(seconds).min()
    };
    let reaches: Option<Vec<Timestamp>> = taken.iter().map(reach).collect();
    reaches?.into_iter().max()
}

fn failures(all: &[SimFailure], taken: &[TakenType]) -> Vec<FutureFailure> {
    let mut groups: Vec<FutureFailure> = Vec::new();
    for failure in all {
        let Some(of) = taken.iter().find(|one| one.example == failure.resource) else {
            continue;
        };
        let known = groups.iter_mut().find(|group| {
            group.resource_type == of.resource_type
                && (&group.rule, group.kind, &group.why)
                    == (&failure.rule, failure.kind, &failure.why)
        });
        match known {
            Some(group) => group.times += 1,
            None => groups.push(FutureFailure {
                resource_type: of.resource_type.clone(),
                resources: of.resources,
                rule: failure.rule.clone(),
                kind: failure.kind,
                why: failure.why.clone(),
                first: failure.at,
                times: 1,
            }),
        }
    }
    groups
}
