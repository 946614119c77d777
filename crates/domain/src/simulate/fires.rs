use jiff::{Timestamp, tz::TimeZone};

use super::{PlanVersion, SimPlan};
use crate::{plan::BackupRule, schedule::AwsCron};

/// A rule of a version, ready to fire.
pub(super) struct Firing<'a> {
    pub plan: &'a SimPlan,
    pub version: &'a PlanVersion,
    pub rule: &'a BackupRule,
    cron: AwsCron,
    zone: TimeZone,
}

impl<'a> Firing<'a> {
    /// Every rule of every version of a plan whose schedule can be read, by version and rule.
    pub(super) fn of(plan: &'a SimPlan) -> Vec<Self> {
        plan.versions
            .iter()
            .flat_map(|version| version.plan.rules.iter().map(move |rule| (version, rule)))
            .filter_map(|(version, rule)| {
                let (cron, zone) = rule.timing().ok()?;
                Some(Self {
                    plan,
                    version,
                    rule,
                    cron,
                    zone,
                })
            })
            .collect()
    }

    /// The moments in `(from, until]` at which it fires while its version is in force.
    pub(super) fn moments(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Iterator<Item = Timestamp> {
        let begin = from.max(self.version.valid_from);
        let end = self
            .version
            .valid_until
            .map_or(until, |valid| valid.min(until));
        self.cron
            .after(begin, &self.zone)
            .take_while(move |at| *at <= end)
    }
}
