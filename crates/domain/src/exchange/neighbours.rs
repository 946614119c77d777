use serde_json::{Map, Value};

use crate::Invalid;

/// Why a JSON object is no plan, and what to do: the kinds of file that people take for one are known by
/// their members.
pub(super) fn no_plan(members: &Map<String, Value>) -> Invalid {
    let has = |name: &str| members.contains_key(name);
    let rule = if is_part_of_a_template(members) {
        "is a part of a CloudFormation template. Give the whole template: what stands here, as a member of Resources"
    } else if has("BackupSelection") {
        "is a selection, as create-backup-selection takes it, and no plan. \
         Write it into the file of its plan: {\"BackupPlan\": {…}, \"BackupSelections\": [{…}]}"
    } else if has("SelectionName") {
        "is a selection without its plan. \
         Write it into the file of its plan: {\"BackupPlan\": {…}, \"BackupSelections\": [{…}]}"
    } else if has("BackupPlansList") || has("BackupPlanVersionsList") {
        "is a list of plans without their rules. Ask for one: aws backup get-backup-plan --backup-plan-id ID"
    } else if has("terraform_version") || has("resource") || has("planned_values") || has("lineage")
    {
        "is a file of Terraform that cannot be read here. Give what terraform show -json prints of a plan or a state"
    } else if has("Statement") {
        "is a policy of IAM, and no backup plan"
    } else if has("BackupPlanRule") {
        "names its members as CloudFormation does. Give the whole template, with its Resources"
    } else if has("BackupVaultName") || has("BackupVaultList") {
        "is about a vault, and no backup plan"
    } else {
        "must have a member BackupPlanName (as create-backup-plan takes it) or BackupPlan (as get-backup-plan answers it)"
    };
    Invalid::new("plan", rule)
}

/// Whether the members are resources of a template, without the `Resources` around them.
pub(super) fn is_part_of_a_template(members: &Map<String, Value>) -> bool {
    members.values().any(|member| {
        let kind = member.get("Type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.starts_with("AWS::"))
    })
}

/// What a text is that is neither JSON nor YAML with a plan, where that can be told from its first lines.
pub fn neighbour(text: &str) -> Option<Invalid> {
    let hcl = |line: &str| {
        let line = line.trim_start();
        let labelled = [
            "resource", "variable", "module", "provider", "data", "output",
        ];
        let bare = ["terraform", "locals"];
        labelled.iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.trim_start().starts_with('"') && rest.contains('{'))
        }) || bare.iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.trim_start().starts_with('{'))
        })
    };
    if text.lines().any(hcl) {
        return Some(Invalid::new(
            "file",
            "is configuration of Terraform (HCL), whose values only Terraform works out. \
             Give what it makes of it: terraform plan -out=FILE, then terraform show -json FILE",
        ));
    }
    text.trim_start().starts_with('<').then(|| {
        Invalid::new(
            "file",
            "is XML or HTML. Give AWS's JSON of a plan, or a CloudFormation template",
        )
    })
}
