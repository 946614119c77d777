use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::DryRunPlan;
use crate::plan::{BackupRule, days_text, spans::minutes};

/// How far ahead runs are compared: every weekly, monthly and yearly schedule has run by then.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 400);
/// Within this most overlaps show.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 8);

/// Rules of several plans that take the same resources.
///
/// Each rule makes its own points. Where their start windows overlap, AWS Backup keeps one point with
/// the longer retention and says nothing about it ("Overlapping backup rules" in the developer guide).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// How many resources they share.
    pub resources: u64,
    /// The rules, longest retention first.
    pub rules: Vec<OverlapRule>,
    /// Two of the rules' start windows overlap in the next 400 days: the first time that they do.
    pub windows_meet: Option<Timestamp>,
}

/// A rule in an overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverlapRule {
    /// Id of the plan.
    pub plan_id: String,
    /// Name of the plan.
    pub plan_name: String,
    /// Name of the rule.
    pub rule: String,
    /// Days that it keeps points; none for ever.
    pub keeps_days: Option<i64>,
}

impl Overlap {
    /// The rule whose retention wins where the windows overlap; none when all keep equally long.
    pub fn winner(&self) -> Option<&OverlapRule> {
        let (first, rest) = self.rules.split_first()?;
        rest.iter()
            .any(|rule| rule.keeps_days != first.keeps_days)
            .then_some(first)
    }

    /// The overlap in a sentence.
    pub fn explain(&self) -> String {
        let named = |rule: &OverlapRule| {
            format!(
                "{} of {} ({})",
                rule.rule,
                rule.plan_name,
                days_text(rule.keeps_days)
            )
        };
        let rules = self.rules.iter().map(named).collect::<Vec<_>>().join(", ");
        match (self.windows_meet, self.winner()) {
            (Some(at), Some(winner)) => format!(
                "{rules}: where the start windows overlap, first on {}, the longest retention wins: {}.",
                at.strftime("%Y-%m-%d %H:%M UTC"),
                named(winner)
            ),
            (Some(_), None) => format!(
                "{rules}: the start windows overlap, and all keep their points equally long."
            ),
            (None, _) => format!(
                "{rules}: the start windows never overlap, so each rule makes its own points."
            ),
        }
    }
}

/// The overlap of these plans' rules.
pub(super) fn overlap(plans: &[&DryRunPlan<'_>], resources: u64, now: Timestamp) -> Overlap {
    let mut rules: Vec<OverlapRule> = plans
        .iter()
        .flat_map(|plan| plan.plan.rules.iter().map(move |rule| (plan, rule)))
        .map(|(plan, rule)| OverlapRule {
            plan_id: plan.id.to_owned(),
            plan_name: plan.plan.backup_plan_name.clone(),
            rule: rule.rule_name.clone(),
            keeps_days: rule.keeps_days(),
        })
        .collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.keeps_days.unwrap_or(i64::MAX)));
    let all: Vec<&BackupRule> = plans.iter().flat_map(|plan| &plan.plan.rules).collect();
    Overlap {
        resources,
        rules,
        windows_meet: windows_meet(&all, now),
    }
}

/// The first moment after `now` at which the start windows of two of the rules overlap.
pub(crate) fn windows_meet(rules: &[&BackupRule], now: Timestamp) -> Option<Timestamp> {
    // Most overlaps show within days; only where none does is the whole span worth a look.
    meet_within(rules, now, SOON).or_else(|| meet_within(rules, now, AHEAD))
}

fn meet_within(rules: &[&BackupRule], now: Timestamp, span: SignedDuration) -> Option<Timestamp> {
    let end = now.checked_add(span).ok()?;
    let mut windows: Vec<(Timestamp, Timestamp, usize)> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let Ok((cron, zone)) = rule.timing() else {
            continue;
        };
        let length = minutes(rule.start_window());
        for at in cron.after(now, &zone).take_while(|at| *at < end) {
            windows.push((at, at.checked_add(length).unwrap_or(end), index));
        }
    }
    windows.sort_unstable();
    // The window that reaches furthest so far, of any rule but the one looked at.
    let mut reach: [Option<(Timestamp, usize)>; 2] = [None, None];
    for (from, until, index) in windows {
        let other = reach
            .iter()
            .flatten()
            .find(|(_, owner)| *owner != index)
            .map(|(reach, _)| *reach);
        if other.is_some_and(|reach| from < reach) {
            return Some(from);
        }
        reach = match reach {
            [Some((furthest, owner)), second] if owner == index => {
                [Some((furthest.max(until), owner)), second]
            }
            [Some(first), _] if first.0 < until => [Some((until, index)), Some(first)],
            [None, _] => [Some((until, index)), None],
            [first, Some((second, owner))] if owner == index => {
                [first, Some((second.max(until), owner))]
            }
            [first, Some(second)] if until <= second.0 => [first, Some(second)],
            [first, _] => [first, Some((until, index))],
        };
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    fn rule(cron: &str, zone: &str, window: i64) -> BackupRule {
        serde_json::from_value(json!({
            "RuleName": "r", "TargetBackupVaultName": "main", "ScheduleExpression": cron,
            "ScheduleExpressionTimezone": zone, "StartWindowMinutes": window,
        }))
        .unwrap()
    }

    fn meet(a: &BackupRule, b: &BackupRule) -> Option<String> {
        windows_meet(&[a, b], "2026-11-21T00:00:00Z".parse().unwrap()).map(|at| at.to_string())
    }

    #[test]
    fn windows_of_the_same_hour_meet_and_those_of_other_hours_do_not() {
        let five = rule("cron(0 5 ? * * *)", "UTC", 60);
        let half = rule("cron(30 5 ? * * *)", "UTC", 60);
        let six = rule("cron(0 6 ? * * *)", "UTC", 60);
        assert_eq!(meet(&five, &half).as_deref(), Some("2026-11-21T05:30:00Z"));
        assert_eq!(meet(&five, &six), None);
    }

    #[test]
    fn daylight_saving_can_make_windows_meet_for_half_a_year() {
        let berlin = rule("cron(0 6 ? * * *)", "Europe/Berlin", 60);
        let utc = rule("cron(0 4 ? * * *)", "UTC", 60);
        assert_eq!(meet(&berlin, &utc).as_deref(), Some("2027-03-28T04:00:00Z"));
    }

    #[test]
    fn a_long_window_meets_across_others_of_its_own_rule() {
        let hourly = rule("cron(0 * ? * * *)", "UTC", 120);
        let monthly = rule("cron(30 0 1 * ? *)", "UTC", 60);
        assert_eq!(
            meet(&hourly, &monthly).as_deref(),
            Some("2026-12-01T00:30:00Z")
        );
    }
}
