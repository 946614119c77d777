//! What becomes of every member that AWS Backup answers about plans and selections.
//!
//! The list is compared with an extract of the service's model: a member that is new there fails the test
//! until somebody decides.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tidemark_domain::exchange::from_json;

/// What becomes of a member of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is kept in the plan or the selection, and written back.
    Kept,
    /// It is read for itself and shown.
    Read,
    /// It is left out for this reason.
    LeftOut(&'static str),
}

use Fate::{Kept, LeftOut, Read};

const ASKED: &str = "what was asked for";
const TOKEN: &str = "the token of the call that made it: another call has its own";
const ITSELF: &str = "GetBackupPlan of the version answers it, whole";

/// Operation, then member by member.
fn fates() -> BTreeMap<&'static str, Vec<(&'static str, Fate)>> {
    [
        (
            "GetBackupPlanOutput",
            vec![
                ("BackupPlan", Kept),
                ("AdvancedBackupSettings", Kept),
                ("BackupPlanArn", Read),
                ("BackupPlanId", LeftOut(ASKED)),
                ("CreationDate", Read),
                ("CreatorRequestId", LeftOut(TOKEN)),
                ("DeletionDate", Read),
                ("LastExecutionDate", Read),
                (
                    "ScheduledRunsPreview",
                    LeftOut("not asked for: the runs to come are worked out from the rules"),
                ),
                ("VersionId", Read),
            ],
        ),
        (
            "GetBackupSelectionOutput",
            vec![
                ("BackupPlanId", LeftOut(ASKED)),
                ("BackupSelection", Kept),
                ("CreationDate", Read),
                ("CreatorRequestId", LeftOut(TOKEN)),
                ("SelectionId", LeftOut(ASKED)),
            ],
        ),
        (
            "BackupPlansListMember",
            vec![
                ("AdvancedBackupSettings", LeftOut(ITSELF)),
                ("BackupPlanArn", Read),
                ("BackupPlanId", Read),
                ("BackupPlanName", LeftOut(ITSELF)),
                ("CreationDate", Read),
                ("CreatorRequestId", LeftOut(TOKEN)),
                (
                    "DeletionDate",
                    LeftOut("plans that are deleted are not asked for"),
                ),
                ("LastExecutionDate", Read),
                ("VersionId", Read),
            ],
        ),
        (
            "CreateBackupPlanOutput",
            vec![
                ("AdvancedBackupSettings", LeftOut("what was sent")),
                ("BackupPlanArn", Read),
                ("BackupPlanId", Read),
                ("CreationDate", LeftOut("ListBackupPlanVersions answers it")),
                ("VersionId", Read),
            ],
        ),
        (
            "UpdateBackupPlanOutput",
            vec![
                ("AdvancedBackupSettings", LeftOut("what was sent")),
                ("BackupPlanArn", Read),
                ("BackupPlanId", Read),
                ("CreationDate", LeftOut("ListBackupPlanVersions answers it")),
                ("ScanSettings", LeftOut("what was sent")),
                ("VersionId", Read),
            ],
        ),
        (
            "CreateBackupSelectionOutput",
            vec![
                ("BackupPlanId", LeftOut(ASKED)),
                ("CreationDate", LeftOut("GetBackupSelection answers it")),
                ("SelectionId", Read),
            ],
        ),
        ("ListTagsOutput", vec![("NextToken", Read), ("Tags", Kept)]),
    ]
    .into()
}

fn model() -> Value {
    serde_json::from_str(include_str!(
        "../../../../domain/tests/cases/schemas/backup-api.json"
    ))
    .unwrap()
}

#[test]
fn every_member_that_aws_answers_is_kept_read_or_left_out_for_a_reason() {
    let model = model();
    for (shape, fates) in fates() {
        let modelled: BTreeSet<&str> = model["shapes"][shape]["members"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let decided: BTreeSet<&str> = fates.iter().map(|(member, _)| *member).collect();
        assert_eq!(decided, modelled, "{shape}");
        assert_eq!(decided.len(), fates.len(), "{shape}");
        for (member, fate) in fates {
            assert_ne!(fate, LeftOut(""), "{shape}.{member}");
        }
    }
}

/// A value of a shape of the model, with every member.
fn whole(model: &Value, shape: &str) -> Value {
    let of = &model["shapes"][shape];
    if let Some(members) = of["members"].as_object() {
        return members
            .iter()
            .map(|(name, target)| (name.clone(), whole(model, target.as_str().unwrap())))
            .collect();
    }
    if let Some(item) = of["list"].as_str() {
        return json!([whole(model, item)]);
    }
    if of["map"] == true {
        return json!({"key": "value"});
    }
    match of["type"].as_str().unwrap() {
        "long" | "integer" => json!(120),
        "boolean" => json!(true),
        "timestamp" => json!(1_700_000_000.5),
        _ => of["enum"][0]
            .as_str()
            .map_or_else(|| json!(format!("a {shape}")), |word| json!(word)),
    }
}

#[test]
fn a_plan_with_every_member_of_the_model_is_read_whole_also_where_aws_answers_beside_it() {
    let model = model();
    let mut answer = whole(&model, "GetBackupPlanOutput");
    let inside = answer["BackupPlan"].clone();
    // AWS answers the settings beside the plan only.
    let settings = answer["BackupPlan"]
        .as_object_mut()
        .unwrap()
        .remove("AdvancedBackupSettings");
    assert_eq!(settings.as_ref(), Some(&answer["AdvancedBackupSettings"]));
    let read = from_json(&answer).unwrap();
    assert_eq!(serde_json::to_value(&read.backup_plan).unwrap(), inside);
    assert!(read.notes.is_empty(), "{:?}", read.notes);
    // What is sent back is what the request's shape takes, and nothing of it is missing.
    let sent = super::update_plan::without_ids(&read.backup_plan);
    assert_eq!(
        serde_json::to_value(sent).unwrap(),
        whole(&model, "BackupPlanInput")
    );
}

#[test]
fn what_stands_beside_the_plan_and_is_part_of_the_request_is_merged_into_it() {
    let model = model();
    let names = |shape: &str| -> BTreeSet<String> {
        let members = model["shapes"][shape]["members"].as_object().unwrap();
        members.keys().cloned().collect()
    };
    for member in names("GetBackupPlanOutput").intersection(&names("BackupPlanInput")) {
        let answer = json!({
            "BackupPlan": {"BackupPlanName": "p", "Rules": []},
            member: whole(&model, member),
        });
        let read = from_json(&answer).unwrap().backup_plan;
        assert_eq!(read.other[member], whole(&model, member), "{member}");
    }
}
