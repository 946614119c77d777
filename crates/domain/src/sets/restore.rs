use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::recovery::Choice;
use crate::{Arn, Check, ResourceType, RestorePlan, Verdict};

/// A set to restore: one moment of each member, and what is made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRestoreRequest {
    /// Name of the set.
    pub name: String,
    /// Every member of its manifest, once.
    pub members: Vec<MemberWish>,
    /// Whether the application is switched over to what was restored, by the hook of the manifest.
    #[serde(default)]
    pub switch: bool,
    /// Whether a member without any data is taken as it is.
    #[serde(default)]
    pub allow_empty: bool,
    /// Why, for the audit log.
    #[serde(default)]
    pub reason: String,
}

/// What becomes of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberWish {
    /// Name of the member.
    pub member: String,
    /// The moment to which it comes back.
    pub at: Timestamp,
    /// The recovery point; none for point-in-time recovery to that second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Arn>,
    /// Name of what is made; none where AWS gives it an id, or for the one that is suggested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Whether the run leaves it alone: it is restored by hand, or not at all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leave_out: bool,
}

impl MemberWish {
    /// What a combination takes of a member, under the name that is suggested.
    pub fn of(choice: &Choice) -> Self {
        Self {
            member: choice.member.clone(),
            at: choice.at,
            point: choice.point.as_ref().map(|point| point.point.clone()),
            target: None,
            leave_out: false,
        }
    }
}

/// Exactly what a restore of a set will do. Made before, shown, and applied as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRestorePlan {
    /// The request as understood, with the names of what is made.
    pub request: SetRestoreRequest,
    /// Version of the set's manifest.
    pub version: u32,
    /// The members, in the order of the manifest.
    pub members: Vec<MemberRestore>,
    /// What is checked of the set as a whole.
    pub checks: Vec<Check>,
    /// What happens once every member was restored, a sentence each.
    pub afterwards: Vec<String>,
    /// Whether the manifest has a hook that switches the application over.
    pub can_switch: bool,
    /// Digest over what is done; the start names it, so that what runs is what was shown.
    pub digest: String,
}

/// What becomes of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRestore {
    /// Name of the member.
    pub member: String,
    /// What it stands for.
    pub arn: Arn,
    /// Its type.
    pub resource_type: ResourceType,
    /// Its restore as a restore by itself has it; none for one that is left out, and where no plan can be made.
    pub plan: Option<RestorePlan>,
    /// What is checked of it besides.
    pub checks: Vec<Check>,
    /// What to know of it: sentences.
    pub notes: Vec<String>,
}

impl MemberRestore {
    /// Every check of it.
    pub fn all_checks(&self) -> impl Iterator<Item = &Check> {
        let of_plan = self.plan.iter().flat_map(|plan| &plan.checks);
        self.checks.iter().chain(of_plan)
    }
}

impl SetRestorePlan {
    /// Every check, those of members with their names.
    pub fn all_checks(&self) -> Vec<Check> {
        let of_members = self.members.iter().flat_map(|member| {
            member.all_checks().map(|check| Check {
                name: format!("{}: {}", member.member, check.name),
                ..check.clone()
            })
        });
        self.checks.iter().cloned().chain(of_members).collect()
    }

    /// Nothing that was checked forbids the start.
    pub fn can_start(&self) -> bool {
        self.all_checks()
            .iter()
            .all(|check| check.verdict != Verdict::Fail)
    }
}
