#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Kind, Member, PLAN, SELECTION, Shape};

fn extract(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The members of the schemas, each with what it leads to.
fn names(object: &Value) -> BTreeSet<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn api(shape: &Shape, name: &str, of: &Value) {
    let modelled = &of["shapes"][name];
    let ours: BTreeSet<&str> = shape
        .members
        .iter()
        .filter(|member| !member.given_by_aws)
        .map(|member| member.api)
        .collect();
    assert_eq!(ours, names(&modelled["members"]), "{name}");
    for member in shape.members.iter().filter(|member| !member.given_by_aws) {
        let target = modelled["members"][member.api].as_str().unwrap();
        let required = modelled["required"]
            .as_array()
            .unwrap()
            .iter()
            .any(|name| name == member.api);
        // Conditions without key or value ask nothing: stricter than the model.
        assert!(member.required || !required, "{name}.{}", member.api);
        let kind = &of["shapes"][target];
        match member.kind {
            Kind::Text => assert_eq!(kind["type"], "string", "{target}"),
            Kind::Whole => assert_eq!(kind["type"], "long", "{target}"),
            Kind::Flag => assert_eq!(kind["type"], "boolean", "{target}"),
            Kind::TextMap => assert_eq!(kind["map"], true, "{target}"),
            Kind::Texts => {
                let item = kind["list"].as_str().unwrap();
                assert_eq!(of["shapes"][item]["type"], "string", "{target}");
            }
            Kind::Object(inner) => api(inner, target, of),
            Kind::List(inner) => api(inner, kind["list"].as_str().unwrap(), of),
        }
    }
}

#[test]
fn the_members_are_those_of_the_service_model() {
    let of = extract(include_str!("../../../tests/cases/schemas/backup-api.json"));
    api(&PLAN, "BackupPlanInput", &of);
    api(&SELECTION, "BackupSelection", &of);
}

#[test]
fn what_aws_answers_beyond_what_it_takes_is_known_as_given_by_it() {
    let of = extract(include_str!("../../../tests/cases/schemas/backup-api.json"));
    let names = |shape: &str| -> BTreeSet<String> {
        names(&of["shapes"][shape]["members"])
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let beyond: Vec<String> = names("BackupRule")
        .difference(&names("BackupRuleInput"))
        .cloned()
        .collect();
    assert_eq!(beyond, ["RuleId"]);
    assert!(super::RULE.api("RuleId").unwrap().given_by_aws);
    assert_eq!(names("BackupPlan"), names("BackupPlanInput"));
}

fn cloudformation(shape: &Shape, definition: &str, of: &Value) {
    let schema = &of["definitions"][definition];
    let known = |member: &&Member| member.cloudformation.is_some();
    let ours: BTreeSet<&str> = shape
        .members
        .iter()
        .filter_map(|member| member.cloudformation)
        .collect();
    assert_eq!(ours, names(&schema["properties"]), "{definition}");
    for member in shape.members.iter().filter(known) {
        let name = member.cloudformation.unwrap();
        if let Kind::Object(inner) | Kind::List(inner) = member.kind {
            let target = schema["properties"][name].as_str().unwrap();
            cloudformation(inner, target, of);
        }
    }
}

#[test]
fn the_names_of_cloudformation_are_those_of_its_schema() {
    let of = extract(include_str!(
        "../../../tests/cases/schemas/cloudformation.json"
    ));
    let types = &of["types"];
    cloudformation(
        &PLAN,
        "BackupPlanResourceType",
        &types["AWS::Backup::BackupPlan"],
    );
    cloudformation(
        &SELECTION,
        "BackupSelectionResourceType",
        &types["AWS::Backup::BackupSelection"],
    );
    // Beside the plan: what AWS gives, and its tags.
    let beside = names(&types["AWS::Backup::BackupPlan"]["properties"]);
    assert_eq!(
        beside,
        [
            "BackupPlan",
            "BackupPlanArn",
            "BackupPlanId",
            "BackupPlanTags",
            "VersionId"
        ]
        .into()
    );
}

/// Members of the provider that stand for no member of the API: `beside`.
fn terraform(shape: &Shape, kind: &str, beside: &[&str], of: &Value) {
    let schema = &of["types"][kind];
    let ours: BTreeSet<&str> = shape
        .members
        .iter()
        .filter_map(|member| member.terraform)
        .chain(beside.iter().copied())
        .collect();
    assert_eq!(ours, names(schema), "{kind}");
    for member in shape.members {
        if let (Kind::Object(inner) | Kind::List(inner), Some(name)) =
            (member.kind, member.terraform)
        {
            let target = schema[name]["type"].as_str().unwrap();
            terraform(inner, target.trim_end_matches("[]"), &[], of);
        }
    }
}

#[test]
fn the_names_of_terraform_are_those_of_the_provider() {
    let of = extract(include_str!("../../../tests/cases/schemas/terraform.json"));
    terraform(
        &PLAN,
        "BackupPlanConfig",
        &["id", "region", "tags", "tags_all"],
        &of,
    );
    terraform(
        &SELECTION,
        "BackupSelectionConfig",
        &["id", "plan_id", "region"],
        &of,
    );
}
