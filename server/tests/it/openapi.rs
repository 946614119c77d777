//! The description of the API: kept where people and programs find it, valid, and with a name for every operation.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use serde_json::Value;
use tidemark_server::http::api;

/// Set, the file is written instead of compared.
const WRITE: &str = "TIDEMARK_WRITE_DOCS";
/// Where `openapi-spec-validator` is, in the private Python environment of the build.
const VALIDATOR: &str = "TIDEMARK_TEST_OPENAPI_VALIDATOR";

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json")
}

/// Members sorted, so that the text depends on nothing but what is described.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            members.into_iter().collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[test]
fn the_description_is_kept_in_the_documentation() {
    let value = serde_json::to_value(api::description()).unwrap();
    let text = serde_json::to_string_pretty(&sorted(value)).unwrap() + "\n";
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file(), text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(file()).unwrap_or_default();
    assert!(
        kept == text,
        "docs/openapi.json is not what the API says of itself: run this test with {WRITE}=1, and say in CHANGELOG.md \
         what changed"
    );
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (path, item) in api::description().paths.paths {
        for operation in [item.get, item.post, item.put, item.delete]
            .into_iter()
            .flatten()
        {
            let name = operation.operation_id.unwrap_or_default();
            assert!(
                name.contains('_')
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                "{path}: {name:?}"
            );
            let before = named.insert(name.clone(), path.clone());
            assert_eq!(before, None, "{path} is named {name}, too");
        }
    }
    assert!(named.len() > 60, "{named:?}");
}

#[test]
fn the_description_is_valid() {
    let Ok(validator) = std::env::var(VALIDATOR) else {
        eprintln!("SKIPPED: {VALIDATOR} does not say where openapi-spec-validator is");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    std::fs::write(&file, serde_json::to_vec(&api::description()).unwrap()).unwrap();
    let output = Command::new(validator).arg(&file).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
