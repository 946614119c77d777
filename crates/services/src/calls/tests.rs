#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use tidemark_domain::Features;

use super::{Call, Feature, On, Place, document, role_policy};

/// A folder of the workspace.
fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The sources below a folder by their paths, without comments and without tests.
fn sources(below: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder(below)];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs")
                && path.file_name().is_some_and(|name| name != "tests.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let lines: Vec<&str> = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .collect();
                let name = path.strip_prefix(folder("")).unwrap();
                found.insert(name.to_str().unwrap().to_owned(), lines.join("\n"));
            }
        }
    }
    assert!(found.len() > 10, "{below} holds {} sources", found.len());
    found
}

#[test]
fn rows_are_whole() {
    let mut names = BTreeSet::new();
    for call in Call::ALL {
        let row = call.row();
        assert!(names.insert(row.name), "{call} stands twice");
        assert_eq!(Call::named(row.name), Some(*call));
        assert!(!row.features.is_empty(), "{call} is for nothing");
        for need in call.needs() {
            let (service, action) = need.action.split_once(':').unwrap();
            let is_name = |text: &str, also: char| {
                !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == also)
            };
            // No pattern: a simulation takes none, and a role shall allow no more than is needed.
            assert!(
                is_name(service, '-') && is_name(action, '_'),
                "{}",
                need.action
            );
        }
        let its_own = call.needs().next();
        let knows_none = *call == Call::GetCallerIdentity;
        assert_eq!(its_own.is_none(), knows_none, "{call} needs nothing");
    }
}

/// How often each `send` in a source is of which operation, by the SDK's own name of it.
fn sent(text: &str) -> Vec<String> {
    let close: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut operations = Vec::new();
    let mut rest = close.as_str();
    while let Some(end) = rest.find(".send()") {
        let window = &rest[..end];
        rest = &rest[end + ".send()".len()..];
        let start = ["client.", "clients.", "sts.", "own()."]
            .iter()
            .filter_map(|marker| window.rfind(marker).map(|at| at + marker.len()))
            .max()
            .unwrap_or_else(|| panic!("no client before: {window}"));
        let mut path = window[start..].split('.');
        let mut method = path.next().unwrap_or_default();
        if window[..start].ends_with("clients.") {
            method = path.next().unwrap_or_default();
        }
        let method = method.split('(').next().unwrap_or_default();
        operations.push(method.replace('_', ""));
    }
    operations
}

#[test]
fn every_call_of_the_adapters_has_a_row_and_names_it() {
    let mut used = BTreeSet::new();
    let mut probed = BTreeSet::new();
    for (path, text) in sources("crates/aws/src") {
        let named: Vec<Call> = Call::ALL
            .iter()
            .copied()
            .filter(|call| {
                let name = format!("Call::{call:?}");
                text.match_indices(&name).any(|(at, _)| {
                    !text[at + name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
                })
            })
            .collect();
        used.extend(named.iter().copied());
        let listed = path.ends_with("probe/reading.rs");
        for operation in sent(&text) {
            if listed {
                // The macro takes the operation from its list, whose entries are compared below.
                assert_eq!(operation, "$call");
                continue;
            }
            let of_row = |call: &&Call| call.row().operation.to_lowercase() == operation;
            assert!(
                named.iter().any(|call| of_row(&call)),
                "{path} sends {operation} without naming a row of the table for it"
            );
        }
        if listed {
            let close: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            for entry in close.split("list!(Call::").skip(1) {
                let (call, rest) = entry.split_once(',').unwrap();
                let method = rest.split('.').nth(1).unwrap();
                let call = Call::ALL.iter().find(|c| format!("{c:?}") == call).unwrap();
                let method = method.split([',', ')']).next().unwrap().replace('_', "");
                assert_eq!(call.row().operation.to_lowercase(), method);
                probed.insert(*call);
            }
        }
    }
    for call in Call::ALL {
        let is_probe = call.row().features.contains(&Feature::Probe);
        assert!(
            probed.contains(call) == is_probe,
            "{call}: the check of an account and the table disagree"
        );
        let is_sent = used.contains(call);
        let is_indirect = Call::INDIRECT.contains(call);
        assert!(is_sent != is_indirect, "{call}: nobody makes this call");
    }
}

/// What may say an action as text, and why.
const SAY_ACTIONS: &[(&str, &str)] = &[
    ("crates/services/src/calls/table.rs", "the table itself"),
    (
        "crates/services/src/records/setup/bucket_policy.rs",
        "what a bucket's own policy denies to others",
    ),
    (
        "crates/aws/src/probe/assume.rs",
        "advises on the trust policy of a role",
    ),
    (
        "crates/aws/src/probe/diagnose.rs",
        "advises on the trust policy of a role",
    ),
];

/// What is worded like an action and is a key of conditions.
const KEYS: &[&str] = &[
    "iam:AWSServiceName",
    "iam:PassedToService",
    "kms:GrantIsForAWSResource",
    "kms:ViaService",
    "sts:ExternalId",
];

#[test]
fn no_action_stands_outside_the_table() {
    let services: BTreeSet<&str> = Call::ALL
        .iter()
        .flat_map(|call| call.needs())
        .filter_map(|need| need.action.split(':').next())
        .collect();
    let mut said = BTreeSet::new();
    for below in ["crates/services/src", "crates/aws/src", "server/src"] {
        for (path, text) in sources(below) {
            for (at, _) in text.match_indices(':') {
                let is_of = |c: char| c.is_ascii_alphanumeric() || c == '-';
                let start = text[..at].rfind(|c| !is_of(c)).map_or(0, |place| place + 1);
                let length = text[at + 1..]
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '*'))
                    .unwrap_or(text.len() - at - 1);
                let (service, name) = (&text[start..at], &text[at + 1..at + 1 + length]);
                let is_action = services.contains(service)
                    && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '*');
                let action = format!("{service}:{name}");
                // In an ARN, a Region may be a pattern.
                let is_arn = name == "*" && text[at + 2..].starts_with(':');
                let is_action = is_action && !is_arn;
                if !is_action || KEYS.contains(&action.as_str()) {
                    continue;
                }
                let may = SAY_ACTIONS.iter().any(|(file, _)| *file == path);
                assert!(
                    may,
                    "{path} says {action}: name a call of the table instead"
                );
                said.insert(path.clone());
            }
        }
    }
    for (file, why) in SAY_ACTIONS {
        assert!(
            said.contains(*file),
            "{file} says no action any more ({why})"
        );
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_role_allows_what_every_row_needs_and_no_more() {
    let policy = role_policy(&Features::all(), &Place::CloudFormation);
    let statements = policy["Statement"].as_array().unwrap();
    let mut left: BTreeSet<(&str, &str)> = statements
        .iter()
        .flat_map(|statement| {
            let sid = statement["Sid"].as_str().unwrap();
            texts(&statement["Action"])
                .into_iter()
                .map(move |action| (sid, action))
        })
        .collect();
    let all = left.clone();
    for call in Call::ALL.iter().filter(|call| call.is_of_access_role()) {
        for need in call.needs() {
            let sids: Vec<&str> = all
                .iter()
                .filter(|(_, action)| *action == need.action)
                .map(|(sid, _)| *sid)
                .collect();
            let fits = |sid: &&str| match need.on {
                On::Stream => *sid == "ReadStreams",
                On::Key => *sid == "ReadKeys",
                On::Bucket | On::Objects => *sid == "KeepRecords",
                On::BackupBucket | On::BackupObjects => *sid == "KeepBackups",
                On::TableKey | On::ObjectKey => *sid == "UseKeysOfStoredData",
                On::TableKeyGrant => *sid == "LetTablesUseTheirKeys",
                On::ServiceRole => *sid == "PassTheBackupRole",
                On::ScalingRole => *sid == "MakeTheScalingRole",
                On::Role => *sid == "CheckPermissions",
                On::SharedBucket => *sid == "ShareBuckets",
                On::ProofList => *sid == "ListProofs",
                On::ProofObjects => *sid == "ClearProofs",
                On::ProvedRole => *sid == "ProveAccess",
                On::VaultKey => *sid == "EncryptVaults",
                _ => ["Read", "BackUpAndRestore", "ManagePlans", "ManageVaults"].contains(sid),
            };
            let fitting: Vec<&&str> = sids.iter().filter(|sid| fits(sid)).collect();
            assert!(!fitting.is_empty(), "{call} lacks {}", need.action);
            for sid in fitting {
                left.remove(&(*sid, need.action));
            }
        }
    }
    assert!(left.is_empty(), "nobody needs {left:?}");
    // IAM takes 10,240 characters of inline policies in a role, white space aside.
    let length = policy.to_string().len();
    assert!(length < 10_240, "{length}");
}

#[test]
fn the_documentation_is_made_of_the_table() {
    let path = folder("docs/permissions.md");
    if std::env::var_os("TIDEMARK_WRITE_DOCS").is_some() {
        fs::write(&path, document()).unwrap();
    }
    let stands = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stands == document(),
        "docs/permissions.md is not what the table says: run this test with TIDEMARK_WRITE_DOCS=1"
    );
}

/// A value with what CloudFormation puts in left as it stands.
fn without_functions(value: Value) -> Value {
    match value {
        Value::Object(mut members) => match members.remove("Fn::Sub") {
            Some(text) => text,
            None => members
                .into_iter()
                .map(|(name, value)| (name, without_functions(value)))
                .collect(),
        },
        Value::Array(list) => list.into_iter().map(without_functions).collect(),
        other => other,
    }
}

#[test]
fn the_demo_deploys_the_role_of_the_template() {
    let path = folder("crates/sandbox/src/demo/access_policy.json");
    let policy = without_functions(role_policy(&Features::all(), &Place::CloudFormation));
    if std::env::var_os("TIDEMARK_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{policy:#}\n")).unwrap();
    }
    // Members may stand in another order, as other crates of the build ask of serde_json.
    let stands = fs::read(&path).unwrap_or_default();
    let stands: Value = serde_json::from_slice(&stands).unwrap_or_default();
    assert!(
        stands == policy,
        "the demo's role is not that of the template: run this test with TIDEMARK_WRITE_DOCS=1"
    );
}
