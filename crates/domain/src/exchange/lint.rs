use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    PlanBundle,
    schema::{Form, Kind, PLAN, SELECTION, Shape, advice, like},
};
use crate::{
    Verdict,
    plan::{BackupPlan, Finding, PlanKnowledge, check},
    selection::check_selection,
};

/// Everything that is wrong with a plan of a file or worth knowing about it: what AWS Backup refuses, what
/// works differently than it looks, members that AWS does not know, and values that only a deployment
/// knows. Nothing is said about what rests on such a value. Errors come first.
pub fn lint(bundle: &PlanBundle, known: &PlanKnowledge) -> Vec<Finding> {
    let mut findings = check(&bundle.backup_plan, known);
    let mut names = BTreeSet::new();
    for (index, selection) in bundle.backup_selections.iter().enumerate() {
        let path = format!("Selections[{index}]");
        findings.extend(check_selection(selection, &path));
        if !names.insert(selection.selection_name.as_str()) {
            findings.push(Finding::error(
                format!("{path}.SelectionName"),
                "must be unique in the plan",
                "Give each selection a name of its own.",
            ));
        }
    }
    findings.retain(|finding| {
        !bundle
            .unknown
            .iter()
            .any(|unknown| unknown.covers(&finding.field))
    });
    findings.extend(bundle.remarks());
    findings.extend(bundle.unknown.iter().map(|unknown| {
        Finding::new(
            Verdict::Unknown,
            unknown.field.clone(),
            unknown.because.clone(),
            unknown.fix(),
        )
    }));
    findings.sort_by_key(|finding| !finding.is_error());
    findings
}

/// Members that are none of the API's.
pub(super) fn strangers(bundle: &PlanBundle) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Ok(Value::Object(mut plan)) = serde_json::to_value(&bundle.backup_plan) {
        plan.remove(BackupPlan::TAGS);
        object(&plan, &PLAN, "", &mut findings);
    }
    for (index, selection) in bundle.backup_selections.iter().enumerate() {
        if let Ok(Value::Object(selection)) = serde_json::to_value(selection) {
            let path = format!("Selections[{index}]");
            object(&selection, &SELECTION, &path, &mut findings);
        }
    }
    findings
}

fn object(members: &Map<String, Value>, shape: &Shape, path: &str, findings: &mut Vec<Finding>) {
    for (name, value) in members {
        let field = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        match shape.api(name).map(|member| member.kind) {
            None => findings.push(stranger(name, shape, field)),
            Some(Kind::Object(inner)) => {
                if let Value::Object(members) = value {
                    object(members, inner, &field, findings);
                }
            }
            Some(Kind::List(inner)) => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    if let Value::Object(members) = item {
                        object(members, inner, &format!("{field}[{index}]"), findings);
                    }
                }
            }
            Some(_) => {}
        }
    }
}

fn stranger(name: &str, shape: &Shape, field: String) -> Finding {
    let beside = || like(name, ["BackupSelections"]).filter(|_| shape.what == PLAN.what);
    match (advice(name, shape, Form::Api), beside()) {
        (super::schema::Advice::None, Some(right)) => Finding::error(
            field,
            "is no member of a plan: AWS Backup knows no such member, and the plan would take nothing",
            format!(
                "Write the selections beside the plan: {{\"BackupPlan\": {{…}}, \"{right}\": [{{…}}]}}."
            ),
        ),
        (advice, _) => Finding::warning(
            field,
            format!(
                "is no member of {}: AWS Backup ignores or refuses it",
                shape.what
            ),
            advice.sentence(name),
        ),
    }
}
