use proptest::prelude::*;
use serde_json::{Value, json};
use tidemark_domain::exchange::{
    ImportContext, from_cloudformation, from_json, normalised, to_cloudformation, to_json,
};

use crate::examples::full;

#[test]
fn a_plan_with_unknown_members_comes_back_byte_for_byte() {
    let text = normalised(&full());
    let read = from_json(&serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(normalised(&to_json(&read).unwrap()), text);
}

#[test]
fn a_plan_alone_is_what_the_aws_command_line_takes() {
    let alone = full()["BackupPlan"].clone();
    let read = from_json(&alone).unwrap();
    assert!(read.backup_selections.is_empty());
    assert_eq!(normalised(&to_json(&read).unwrap()), normalised(&alone));
}

#[test]
fn the_answer_of_get_backup_plan_is_read() {
    let answer = json!({
        "BackupPlan": full()["BackupPlan"],
        "BackupPlanId": "p-1",
        "VersionId": "v-1",
        "CreationDate": 1_700_000_000.25,
    });
    assert_eq!(from_json(&answer).unwrap().backup_plan.rules.len(), 2);
}

#[test]
fn what_is_no_plan_is_refused_with_what_is_wanted() {
    for (value, words) in [
        (json!([]), "must be a JSON object"),
        (json!({"Name": "x"}), "BackupPlanName"),
        (json!({"BackupPlanName": "x"}), "is missing"),
        (
            json!({"BackupPlan": {"BackupPlanName": "x", "Rules": [{"RuleName": 1}]}}),
            "TargetBackupVaultName: is missing",
        ),
    ] {
        let error = from_json(&value).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn normalising_orders_members_and_leaves_out_what_says_nothing() {
    let text = normalised(&json!({"b": 1, "a": {"d": null, "c": [2, 1]}, "e": [], "f": {"g": {}}}));
    assert_eq!(
        text,
        "{\n  \"a\": {\n    \"c\": [\n      2,\n      1\n    ]\n  },\n  \"b\": 1\n}\n"
    );
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z \"\\\\é]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(Value::from),
            prop::collection::btree_map("[A-Za-z/~]{1,4}", inner, 1..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn unknown_members_of_any_shape_survive_json_and_cloudformation(
        of_plan in value(), of_rule in value(), of_lifecycle in value(), of_copy in value(),
        name in "X[A-Za-z/~]{0,4}",
    ) {
        let mut whole = full();
        whole["BackupPlan"][&name] = of_plan;
        whole["BackupPlan"]["Rules"][1][&name] = of_rule;
        whole["BackupPlan"]["Rules"][1]["Lifecycle"][&name] = of_lifecycle;
        whole["BackupPlan"]["Rules"][0]["CopyActions"][1][&name] = of_copy;
        let read = from_json(&whole).unwrap();
        prop_assert_eq!(normalised(&to_json(&read).unwrap()), normalised(&whole));
        let template = to_cloudformation(std::slice::from_ref(&read)).unwrap().value;
        let back = from_cloudformation(&template, &ImportContext::default()).unwrap().plans;
        // Selections come in the order of their logical ids.
        prop_assert_eq!(&back[0].backup_plan, &read.backup_plan);
        prop_assert_eq!(back[0].backup_selections.len(), 2);
        for selection in &read.backup_selections {
            prop_assert!(back[0].backup_selections.contains(selection));
        }
    }
}
