use super::BackupSelection;
use crate::{
    RoleArn, Verdict,
    plan::{Finding, Refusal},
};

/// Everything that AWS Backup would refuse about a selection, what takes other resources than it looks, and
/// what makes its jobs fail for want of permission. `path` goes before each field, such as
/// `Selections[0]`; it may be empty.
pub fn check_selection(selection: &BackupSelection, path: &str) -> Vec<Finding> {
    let mut findings = Refusal::of_selection(selection);
    union(selection, &mut findings);
    reserved(selection, &mut findings);
    role(selection, &mut findings);
    if !path.is_empty() {
        for finding in &mut findings {
            finding.field = match finding.field.as_str() {
                "" => path.to_owned(),
                field => format!("{path}.{field}"),
            };
        }
    }
    findings
}

/// ARNs and tags are joined by OR, which is seldom meant.
fn union(selection: &BackupSelection, findings: &mut Vec<Finding>) {
    let Some(first) = selection.resources.first() else {
        return;
    };
    if selection.list_of_tags.is_empty() {
        return;
    }
    let named = match selection.resources.len() {
        1 => first.clone(),
        many => format!("{first} and {} more", many - 1),
    };
    let taken = if selection.resources.iter().any(|arn| arn.contains('*')) {
        "everything that they match"
    } else {
        "each of them"
    };
    let conditions: Vec<String> = selection
        .list_of_tags
        .iter()
        .map(|tag| {
            format!(
                "{{\"ConditionKey\": \"aws:ResourceTag/{}\", \"ConditionValue\": \"{}\"}}",
                tag.condition_key, tag.condition_value
            )
        })
        .collect();
    findings.push(Finding::warning(
        "ListOfTags",
        format!(
            "is joined to Resources by OR: {taken} ({named}) is taken, whatever its tags, and beside it everything with {}",
            tags(selection)
        ),
        format!(
            "To take only what has both, write the tags as Conditions: {{\"StringEquals\": [{}]}}.",
            conditions.join(", ")
        ),
    ));
}

fn tags(selection: &BackupSelection) -> String {
    let tags: Vec<String> = selection
        .list_of_tags
        .iter()
        .map(|tag| format!("{}={}", tag.condition_key, tag.condition_value))
        .collect();
    tags.join(" or ")
}

/// Keys of `ListOfTags` are bare: with the prefix of `Conditions` they name a tag that no resource can
/// have, as keys that begin with `aws:` are AWS's own.
fn reserved(selection: &BackupSelection, findings: &mut Vec<Finding>) {
    for (index, tag) in selection.list_of_tags.iter().enumerate() {
        if let Some(bare) = tag.condition_key.strip_prefix("aws:ResourceTag/") {
            findings.push(Finding::warning(
                format!("ListOfTags[{index}].ConditionKey"),
                format!(
                    "takes nothing: no resource can have the tag {}",
                    tag.condition_key
                ),
                format!("Write {bare}: only the keys of Conditions begin with aws:ResourceTag/."),
            ));
        }
    }
}

/// The managed policies for backups hold no action on buckets: a role needs those for S3 beside them.
fn role(selection: &BackupSelection, findings: &mut Vec<Finding>) {
    let Ok(role) = RoleArn::parse(&selection.iam_role_arn) else {
        return;
    };
    let buckets = selection
        .resources
        .iter()
        .any(|arn| arn.split(':').nth(2) == Some("s3"));
    if buckets {
        findings.push(Finding::new(
            Verdict::Warn,
            "IamRoleArn",
            format!(
                "takes buckets by {}: AWS's policies for backups, which AWSBackupDefaultServiceRole has, hold nothing for S3, and every job of a bucket fails without it",
                role.name()
            ),
            "Attach AWSBackupServiceRolePolicyForS3Backup and AWSBackupServiceRolePolicyForS3Restore to the role, if it does not have them.",
        ));
    } else if !role.as_str().contains(":role/service-role/") {
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
            "Resources": ["*"],
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
    #[case(json!({"Resources": ["arn:aws:ec2:*:*:volume/*-logs"]}), "Resources[0]")]
    #[case(json!({"Resources": vec!["arn:aws:ec2:r:a:volume/a"; 501]}), "Resources")]
    #[case(json!({"Resources": vec!["arn:aws:ec2:r:a:volume/a*"; 31]}), "Resources")]
    #[case(json!({"NotResources": ["x"]}), "NotResources[0]")]
    #[case(json!({"Resources": []}), "")]
    #[case(json!({"Resources": [], "NotResources": ["arn:aws:s3:::scratch-*"]}), "")]
    #[case(json!({"Resources": [], "Conditions": {"StringEquals": [{"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"}]}}), "")]
    #[case(json!({"Resources": [], "ListOfTags": [{"ConditionType": "STRINGLIKE", "ConditionKey": "k", "ConditionValue": "v"}]}), "ListOfTags[0].ConditionType")]
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
