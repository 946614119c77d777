//! What `CreateTable` refuses of keys and attribute definitions, which the stock service takes.

use awsim_core::AwsError;
use serde_json::Value;

use super::errors;

/// Attributes that the partition key of a global index may have, and its sort key as many (API
/// Reference, `GlobalSecondaryIndex`, `KeySchema`; Developer Guide, "Multi-attribute keys").
const MOST_OF_INDEX: usize = 4;

/// Checks the keys of a table and its indexes: how many attributes they have, and that the
/// definitions are of just these.
pub(super) fn check(definition: &Value) -> Result<(), AwsError> {
    let mut used = Vec::new();
    check_key(&definition["KeySchema"], 1, &mut used)?;
    let table_only = used.len();
    for (member, most) in [
        ("GlobalSecondaryIndexes", MOST_OF_INDEX),
        ("LocalSecondaryIndexes", 1),
    ] {
        for index in definition[member].as_array().into_iter().flatten() {
            check_key(&index["KeySchema"], most, &mut used)?;
        }
    }
    let defined: Vec<&str> = definition["AttributeDefinitions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|attribute| attribute["AttributeName"].as_str())
        .collect();
    if defined.iter().all(|name| used.contains(name)) {
        return Ok(());
    }
    let message = if used.len() == table_only {
        "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions".to_owned()
    } else {
        used.sort_unstable();
        used.dedup();
        format!(
            "One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
            defined.join(", "),
            used.join(", ")
        )
    };
    Err(errors::validation(message))
}

/// Partition attributes come first, then sort attributes, of each at most so many.
fn check_key<'v>(schema: &'v Value, most: usize, used: &mut Vec<&'v str>) -> Result<(), AwsError> {
    let elements = schema.as_array().map_or(&[][..], Vec::as_slice);
    let kinds: Vec<&str> = elements
        .iter()
        .filter_map(|element| element["KeyType"].as_str())
        .collect();
    let partition = kinds.iter().take_while(|kind| **kind == "HASH").count();
    let sort = kinds[partition..]
        .iter()
        .filter(|kind| **kind == "RANGE")
        .count();
    if partition + sort != kinds.len() {
        return Err(errors::validation(
            "Invalid KeySchema: Attributes with KeyType HASH must come before those with KeyType RANGE",
        ));
    }
    if partition > most || sort > most {
        return Err(errors::validation(format!(
            "One or more parameter values were invalid: A KeySchema has at most {most} attributes with KeyType HASH and {most} with KeyType RANGE"
        )));
    }
    used.extend(
        elements
            .iter()
            .filter_map(|element| element["AttributeName"].as_str()),
    );
    Ok(())
}
