use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use tidemark_domain::{
    Arn,
    runs::{RunView, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{MemberRestoring, SetRestoreParams, look};
use crate::{
    restore::{created, is_essential},
    sets::run::{MemberResult, REPORT},
};

/// What a step of a member has left, or why it failed.
pub(super) trait Seen {
    fn output(&self, step: &str) -> Option<Value>;
    fn failure(&self, step: &str) -> Option<StepError>;
}

impl Seen for StepCtx {
    fn output(&self, step: &str) -> Option<Value> {
        self.find_output(step).ok().flatten()
    }

    fn failure(&self, step: &str) -> Option<StepError> {
        Self::failure(self, step).cloned()
    }
}

impl Seen for RunView {
    fn output(&self, step: &str) -> Option<Value> {
        let step = self.step(step)?;
        (!step.output.is_null()).then(|| step.output.clone())
    }

    fn failure(&self, step: &str) -> Option<StepError> {
        let step = self.step(step)?;
        step.is_warning().then(|| step.work.error.clone()).flatten()
    }
}

/// What has become of each member by now.
pub(in crate::sets) fn results_of(params: &Value, view: &RunView) -> Vec<MemberResult> {
    let told = view
        .step(REPORT)
        .and_then(|step| Vec::deserialize(&step.output["results"]).ok());
    told.or_else(|| {
        let params = SetRestoreParams::deserialize(params).ok()?;
        let names: Vec<&str> = view.steps.iter().map(|step| step.name.as_str()).collect();
        let of = |member| StepsOf::among(member, &names);
        let steps: Vec<StepsOf> = params.members.iter().map(of).collect();
        Some(results(&params, &steps, view))
    })
    .unwrap_or_default()
}

/// The steps of each member by their whole names, those first without which there is nothing of it.
pub(super) struct StepsOf {
    pub(super) essential: Vec<String>,
    pub(super) others: Vec<String>,
}

impl StepsOf {
    /// Those of a member among all of the run.
    pub(super) fn among(member: &MemberRestoring, names: &[&str]) -> Self {
        let prefix = member.prefix();
        let own = names.iter().filter_map(|name| name.strip_prefix(&prefix));
        let (essential, others): (Vec<&str>, Vec<&str>) = own.partition(|name| is_essential(name));
        let whole = |names: Vec<&str>| names.iter().map(|name| format!("{prefix}{name}")).collect();
        Self {
            essential: whole(essential),
            others: whole(others),
        }
    }
}

pub(super) fn results(
    params: &SetRestoreParams,
    steps: &[StepsOf],
    seen: &impl Seen,
) -> Vec<MemberResult> {
    let worked = params.members.iter().zip(steps);
    let mut results: Vec<MemberResult> = worked
        .map(|(member, steps)| {
            let before = params.done.iter().find(|one| one.member == member.name);
            result(member, before, steps, params.allow_empty, seen)
        })
        .collect();
    let names = |results: &[MemberResult], name: &str| results.iter().any(|one| one.member == name);
    let before: Vec<MemberResult> = params
        .done
        .iter()
        .filter(|one| !names(&results, &one.member))
        .cloned()
        .collect();
    results.extend(before);
    let wishes = &params.request.members;
    let place = |one: &MemberResult| wishes.iter().position(|wish| wish.member == one.member);
    results.sort_by_key(place);
    results
}

fn result(
    member: &MemberRestoring,
    before: Option<&MemberResult>,
    steps: &StepsOf,
    allow_empty: bool,
    seen: &impl Seen,
) -> MemberResult {
    let mut result = before.cloned().unwrap_or_else(|| MemberResult {
        member: member.name.clone(),
        job: None,
        status: String::new(),
        message: None,
        point: None,
        made: None,
    });
    result.message = None;
    if member.restore.is_none() {
        "LEFT".clone_into(&mut result.status);
        return result;
    }
    let prefix = member.prefix();
    let of = |name: &str| seen.output(&format!("{prefix}{name}"));
    if let Ok(made) = Arn::deserialize(created(of)) {
        result.made = Some(made);
    }
    if let Some(error) = steps.essential.iter().find_map(|name| seen.failure(name)) {
        "FAILED".clone_into(&mut result.status);
        result.message = Some(error.message);
        return result;
    }
    let finished = steps
        .essential
        .iter()
        .all(|name| seen.output(name).is_some());
    if !finished {
        "RESTORING".clone_into(&mut result.status);
        return result;
    }
    let missing: Vec<String> = steps
        .others
        .iter()
        .filter_map(|name| seen.failure(name))
        .map(|error| error.message)
        .collect();
    if !missing.is_empty() {
        result.message = Some(missing.join("; "));
    }
    let empty = of(look::NAME).is_some_and(|output| output["empty"] == true);
    let status = if empty && !allow_empty {
        result.message = Some("what was restored holds no data".to_owned());
        "EMPTY"
    } else {
        "RESTORED"
    };
    status.clone_into(&mut result.status);
    result
}

impl MemberResult {
    /// Whether nothing is missing of a member that was to be restored.
    pub(super) fn is_restored(&self) -> bool {
        matches!(self.status.as_str(), "RESTORED" | "LEFT")
    }
}

/// Counts what became of the members. When nothing was restored, the run has failed; else all that was made stays.
pub(super) struct Report {
    pub(super) params: Arc<SetRestoreParams>,
    pub(super) steps: Vec<StepsOf>,
}

#[async_trait]
impl Step for Report {
    fn name(&self) -> &'static str {
        REPORT
    }

    fn title(&self) -> String {
        "Sum the results up".to_owned()
    }

    fn seals(&self) -> bool {
        true
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let results = results(&self.params, &self.steps, ctx);
        let failed: Vec<&MemberResult> = results.iter().filter(|one| !one.is_restored()).collect();
        let made = results
            .iter()
            .any(|one| one.made.is_some() && one.status != "FAILED");
        if !made && let Some(first) = failed.first() {
            return Err(StepError::permanent(format!(
                "no member was restored; {} failed: {}",
                first.member,
                first.message.as_deref().unwrap_or_default()
            ))
            .with_guidance("Fix the cause, then restore the set again."));
        }
        StepOutcome::done_with(json!({
            "completed": results.len() - failed.len(),
            "failed": failed.len(),
            "results": results,
        }))
    }
}
