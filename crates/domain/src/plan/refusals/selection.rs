use super::{MODEL, Refusal, arns::arns, broken, is_name};
use crate::{
    RoleArn,
    plan::Finding,
    selection::{BackupSelection, ConditionParameter},
};

pub(super) const ROWS: &[Refusal] = &[
    Refusal::selection(
        "selection name",
        "SelectionName of BackupSelection in AWS Backup's service model",
        name,
    ),
    Refusal::selection("role of a selection", MODEL, role),
    Refusal::selection(
        "nothing named",
        "InvalidParameterValueException \"Either 'ListOfTags' or 'Resources' section must be non-empty\" in six public reports; the guide says otherwise",
        nothing_named,
    ),
    Refusal::selection(
        "resources",
        "Resources of BackupSelection in AWS Backup's service model: 500 ARNs, 30 with a wildcard at the end",
        resources,
    ),
    Refusal::selection(
        "resources left out",
        "NotResources of BackupSelection in AWS Backup's service model",
        not_resources,
    ),
    Refusal::selection(
        "type of a tag",
        "ConditionType in AWS Backup's service model: STRINGEQUALS",
        tag_type,
    ),
    Refusal::selection(
        "key of a tag",
        "ConditionKey in AWS Backup's service model",
        tag_key,
    ),
    Refusal::selection(
        "key of a condition",
        "Conditions of BackupSelection in AWS Backup's service model: aws:ResourceTag/key",
        condition_key,
    ),
];

fn name(selection: &BackupSelection) -> Vec<Finding> {
    broken(
        !is_name(&selection.selection_name, 50),
        "SelectionName",
        "must have 1 to 50 characters of letters, digits, -, _ and .",
        "Write a short name without spaces.",
    )
}

fn role(selection: &BackupSelection) -> Vec<Finding> {
    match RoleArn::parse(&selection.iam_role_arn) {
        Ok(_) => Vec::new(),
        Err(error) => vec![Finding::error(
            "IamRoleArn",
            error.rule,
            "Choose a role of the plan's account that backup.amazonaws.com may assume.",
        )],
    }
}

fn nothing_named(selection: &BackupSelection) -> Vec<Finding> {
    let rest = if selection.conditions.is_empty() && selection.not_resources.is_empty() {
        "Write \"Resources\": [\"*\"] to take everything that is opted in."
    } else {
        "Write \"Resources\": [\"*\"] to take everything that is opted in and that Conditions and NotResources leave."
    };
    broken(
        selection.resources.is_empty() && selection.list_of_tags.is_empty(),
        "",
        "Resources or ListOfTags must not be empty: AWS Backup refuses a selection with neither",
        rest,
    )
}

fn resources(selection: &BackupSelection) -> Vec<Finding> {
    arns("Resources", &selection.resources)
}

fn not_resources(selection: &BackupSelection) -> Vec<Finding> {
    arns("NotResources", &selection.not_resources)
}

fn tag_type(selection: &BackupSelection) -> Vec<Finding> {
    let wrong = selection
        .list_of_tags
        .iter()
        .enumerate()
        .filter(|(_, tag)| !tag.condition_type.eq_ignore_ascii_case("STRINGEQUALS"));
    wrong
        .map(|(index, _)| {
            Finding::error(
                format!("ListOfTags[{index}].ConditionType"),
                "must be STRINGEQUALS",
                "Use Conditions for patterns and for tags that must not match.",
            )
        })
        .collect()
}

fn tag_key(selection: &BackupSelection) -> Vec<Finding> {
    let wrong = selection
        .list_of_tags
        .iter()
        .enumerate()
        .filter(|(_, tag)| tag.condition_key.is_empty());
    wrong
        .map(|(index, _)| {
            Finding::error(
                format!("ListOfTags[{index}].ConditionKey"),
                "must name a tag",
                "Write the tag's key.",
            )
        })
        .collect()
}

fn condition_key(selection: &BackupSelection) -> Vec<Finding> {
    let all: [(&str, &[ConditionParameter]); 4] = [
        ("StringEquals", &selection.conditions.string_equals),
        ("StringNotEquals", &selection.conditions.string_not_equals),
        ("StringLike", &selection.conditions.string_like),
        ("StringNotLike", &selection.conditions.string_not_like),
    ];
    let mut findings = Vec::new();
    for (kind, parameters) in all {
        for (index, parameter) in parameters.iter().enumerate() {
            let key = parameter.condition_key.strip_prefix("aws:ResourceTag/");
            if key.is_none_or(str::is_empty) {
                findings.push(Finding::error(
                    format!("Conditions.{kind}[{index}].ConditionKey"),
                    "must have the form aws:ResourceTag/key",
                    format!("Write aws:ResourceTag/{}.", parameter.condition_key),
                ));
            }
        }
    }
    findings
}
