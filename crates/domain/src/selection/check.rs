use super::{BackupSelection, ConditionParameter};
use crate::{RoleArn, Verdict, plan::Finding};

/// ARNs per selection by AWS's quota.
const MOST_ARNS: usize = 500;
/// ARNs with a wildcard per selection by AWS's quota.
const MOST_PATTERNS: usize = 30;

/// Everything that AWS Backup would refuse about a selection, and what makes its jobs fail for want of
/// permission. `path` goes before each field, such as `Selections[0]`; it may be empty.
pub fn check_selection(selection: &BackupSelection, path: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    name(selection, &mut findings);
    role(selection, &mut findings);
    arns("Resources", &selection.resources, &mut findings);
    arns("NotResources", &selection.not_resources, &mut findings);
    for (index, tag) in selection.list_of_tags.iter().enumerate() {
        if !tag.condition_type.eq_ignore_ascii_case("STRINGEQUALS") {
            findings.push(Finding::error(
                format!("ListOfTags[{index}].ConditionType"),
                "must be STRINGEQUALS",
                "Use Conditions for patterns and for tags that must not match.",
            ));
        }
        if tag.condition_key.is_empty() {
            findings.push(Finding::error(
                format!("ListOfTags[{index}].ConditionKey"),
                "must name a tag",
                "Write the tag's key.",
            ));
        }
    }
    conditions(selection, &mut findings);
    if !path.is_empty() {
        for finding in &mut findings {
            finding.field = format!("{path}.{}", finding.field);
        }
    }
    findings
}

fn name(selection: &BackupSelection, findings: &mut Vec<Finding>) {
    let name = &selection.selection_name;
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    if !(1..=50).contains(&name.len()) || !name.bytes().all(known) {
        findings.push(Finding::error(
            "SelectionName",
            "must have 1 to 50 characters of letters, digits, -, _ and .",
            "Write a short name without spaces.",
        ));
    }
}

fn role(selection: &BackupSelection, findings: &mut Vec<Finding>) {
    match RoleArn::parse(&selection.iam_role_arn) {
        Err(error) => findings.push(Finding::error(
            "IamRoleArn",
            error.rule,
            "Choose a role of the plan's account that backup.amazonaws.com may assume.",
        )),
        Ok(role) if !role.as_str().contains(":role/service-role/") => {
            findings.push(Finding::new(
                Verdict::Warn,
                "IamRoleArn",
                format!(
                    "{} is not one of AWS Backup's own roles (role/service-role/…): jobs fail if it lacks a permission",
                    role.name()
                ),
                "Attach AWSBackupServiceRolePolicyForBackup (and for S3 AWSBackupServiceRolePolicyForS3Backup), or choose AWSBackupDefaultServiceRole.",
            ));
        }
        Ok(_) => {}
    }
}

fn arns(field: &str, arns: &[String], findings: &mut Vec<Finding>) {
    let patterns = arns.iter().filter(|arn| arn.contains('*')).count();
    if arns.len() > MOST_ARNS || patterns > MOST_PATTERNS {
        findings.push(Finding::error(
            field,
            format!("must be at most {MOST_ARNS} ARNs, {MOST_PATTERNS} of them with a wildcard"),
            "Take resources by a tag instead, or divide them among several selections.",
        ));
    }
    for (index, arn) in arns.iter().enumerate() {
        let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
        let stem = arn.strip_suffix('*').unwrap_or(arn);
        let whole = arn.starts_with("arn:") && !resource.is_empty();
        // `arn:aws:dynamodb:*` names a whole service.
        let service = arn.starts_with("arn:") && arn.ends_with('*') && arn.split(':').count() >= 4;
        let inner = field == "Resources" && stem.contains('*') && !service_wide(stem);
        if arn != "*" && (!(whole || service) || inner) {
            findings.push(Finding::error(
                format!("{field}[{index}]"),
                "must be an ARN, whole or with a * at its end",
                "Copy the resource's ARN, or end its beginning with *.",
            ));
        }
    }
}

/// `arn:aws:dynamodb:*:*:table/` : Region and account may be stars.
fn service_wide(stem: &str) -> bool {
    let mut fields = stem.splitn(6, ':').skip(3);
    let star = |field: Option<&str>| field.is_none_or(|field| !field.contains('*') || field == "*");
    star(fields.next())
        && star(fields.next())
        && fields.next().is_none_or(|resource| !resource.contains('*'))
}

fn conditions(selection: &BackupSelection, findings: &mut Vec<Finding>) {
    let all: [(&str, &[ConditionParameter]); 4] = [
        ("StringEquals", &selection.conditions.string_equals),
        ("StringNotEquals", &selection.conditions.string_not_equals),
        ("StringLike", &selection.conditions.string_like),
        ("StringNotLike", &selection.conditions.string_not_like),
    ];
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
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn fields(change: &Value) -> Vec<String> {
        let mut whole = json!({
            "SelectionName": "all",
            "IamRoleArn": "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
        });
        whole
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let selection: BackupSelection = serde_json::from_value(whole).unwrap();
        check_selection(&selection, "")
            .into_iter()
            .map(|finding| finding.field)
            .collect()
    }

    #[rstest]
    #[case(json!({"SelectionName": "a b"}), "SelectionName")]
    #[case(json!({"IamRoleArn": "role"}), "IamRoleArn")]
    #[case(json!({"IamRoleArn": "arn:aws:iam::111122223333:role/mine"}), "IamRoleArn")]
    #[case(json!({"Resources": ["orders"]}), "Resources[0]")]
    #[case(json!({"Resources": ["arn:aws:s3:::*-logs"]}), "Resources[0]")]
    #[case(json!({"Resources": vec!["arn:aws:s3:::a"; 501]}), "Resources")]
    #[case(json!({"Resources": vec!["arn:aws:s3:::a*"; 31]}), "Resources")]
    #[case(json!({"NotResources": ["x"]}), "NotResources[0]")]
    #[case(json!({"ListOfTags": [{"ConditionType": "STRINGLIKE", "ConditionKey": "k", "ConditionValue": "v"}]}), "ListOfTags[0].ConditionType")]
    #[case(json!({"Conditions": {"StringLike": [{"ConditionKey": "env", "ConditionValue": "p*"}]}}), "Conditions.StringLike[0].ConditionKey")]
    fn what_aws_would_refuse_is_named_by_its_path(#[case] change: Value, #[case] field: &str) {
        assert_eq!(fields(&change), [field]);
    }

    #[rstest]
    #[case(json!({}))]
    #[case(json!({"Resources": ["*"]}))]
    #[case(json!({"Resources": ["arn:aws:dynamodb:*:*:table/*"], "NotResources": ["arn:aws:s3:::logs-*"]}))]
    #[case(json!({"Conditions": {"StringEquals": [{"ConditionKey": "aws:ResourceTag/env", "ConditionValue": "prod"}]}}))]
    fn right_selections_have_nothing_wrong(#[case] change: Value) {
        assert!(fields(&change).is_empty(), "{:?}", fields(&change));
    }
}
