use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Control, ControlKind, CoverageFacts};
use crate::Verdict;

/// What a control says about a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlResult {
    /// [`Verdict::Unknown`] where the catalogue does not tell; never the same as a pass.
    pub verdict: Verdict,
    /// Why, as a sentence.
    pub why: String,
}

/// What a control says about a resource; none where it asks nothing of it.
pub fn evaluate(control: &Control, facts: &CoverageFacts, now: Timestamp) -> Option<ControlResult> {
    if !control.enabled || !control.scope.holds(facts) {
        return None;
    }
    Some(match control.kind {
        ControlKind::InPlan => match &facts.plans {
            None => unknown("The plans of its account and Region are not known."),
            Some(plans) if plans.is_empty() => fail("No plan takes it."),
            Some(plans) => pass(format!("Taken by {}.", plans.join(", "))),
        },
        ControlKind::Frequency { hours } => {
            age("restorable moment", facts.newest_restorable(), hours, now)
        }
        ControlKind::OtherRegion { hours } => age(
            "copy in another Region",
            facts.newest_other_region,
            hours,
            now,
        ),
        ControlKind::OtherAccount { hours } => age(
            "copy in another account",
            facts.newest_other_account,
            hours,
            now,
        ),
        ControlKind::Locked { hours } => {
            age("point in a locked vault", facts.newest_locked, hours, now)
        }
        ControlKind::Retention { days } => match facts.longest_kept_days {
            None => fail("It has no point."),
            Some(i64::MAX) => pass("A point is kept forever.".to_owned()),
            Some(kept) if kept >= i64::from(days) => {
                pass(format!("A point is kept for {kept} days."))
            }
            Some(kept) => fail(&format!("Its points are kept for {kept} days at most.")),
        },
        ControlKind::Encrypted => match facts.encrypted {
            None => unknown("The last sync did not tell whether its points are encrypted."),
            Some(true) => pass("Its points are encrypted.".to_owned()),
            Some(false) => fail("It has points that are not encrypted."),
        },
        ControlKind::RestoreTested { days } => age(
            "successful restore",
            facts.last_restore,
            days.saturating_mul(24),
            now,
        ),
    })
}

fn age(what: &str, at: Option<Timestamp>, hours: u32, now: Timestamp) -> ControlResult {
    let Some(at) = at else {
        return fail(&format!("There is no {what}."));
    };
    let old = now.duration_since(at);
    let told = format!(
        "The newest {what} is of {}.",
        at.strftime("%Y-%m-%d %H:%M UTC")
    );
    if old <= SignedDuration::from_hours(i64::from(hours)) {
        pass(told)
    } else {
        fail(&told)
    }
}

fn pass(why: String) -> ControlResult {
    ControlResult {
        verdict: Verdict::Pass,
        why,
    }
}

fn fail(why: &str) -> ControlResult {
    ControlResult {
        verdict: Verdict::Fail,
        why: why.to_owned(),
    }
}

fn unknown(why: &str) -> ControlResult {
    ControlResult {
        verdict: Verdict::Unknown,
        why: why.to_owned(),
    }
}
