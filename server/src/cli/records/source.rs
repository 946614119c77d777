//! A backup opened for reading, whoever made it.

use std::collections::BTreeMap;

use tidemark_domain::TableSettings;
use tidemark_records::{
    import::{Found, detect},
    key::{KeyAttribute, KeySchema, KeyType},
    ports::{Billing, TableDescription},
    states::{Backup, KeyRange},
    wire::Item,
};

use super::place::Opened;
use crate::cli::CliError;

/// Opens ours by its index, or the older tool's by the key: as given, as the table has it, or as
/// the objects tell it.
pub(super) async fn open(opened: &Opened, key: Option<&str>) -> Result<Backup, CliError> {
    if opened.index.find().await?.is_some() {
        return Ok(Backup::open(opened.index.clone()).await?);
    }
    let schema = schema(opened, key).await?;
    Ok(Backup::older(opened.index.clone(), schema))
}

/// The key of the records of an older backup.
pub(super) async fn schema(opened: &Opened, key: Option<&str>) -> Result<KeySchema, CliError> {
    if let Some(key) = key {
        return parse_schema(key);
    }
    if let Some(table) = opened.describe(&opened.table_name).await? {
        return Ok(table.key_schema);
    }
    let detected = detect(&opened.store, &opened.prefix, &opened.table_name).await?;
    let inferred = detected.found.into_iter().find_map(|found| match found {
        Found::Objects { key: Some(key), .. } => Some(key),
        _ => None,
    });
    match inferred {
        Some(key) if !key.roles_unknown => Ok(key.schema),
        Some(key) => Err(CliError::Usage(format!(
            "the backup's key is made of two attributes ({}), but which of them is the partition key it does not tell, and there is no table {}: say it with --key-schema",
            said(&key.schema),
            opened.table_name
        ))),
        None => {
            opened.index.load().await?;
            Err(CliError::Usage(
                "there is no backup of records at that place".to_owned(),
            ))
        }
    }
}

/// `id:S` or `tenant:S,number:N`.
pub(super) fn parse_schema(text: &str) -> Result<KeySchema, CliError> {
    let mut attributes = Vec::new();
    for part in text.split(',') {
        let attribute = part
            .rsplit_once(':')
            .and_then(|(name, kind)| Some(KeyAttribute::new(name, KeyType::parse(kind)?)))
            .filter(|attribute| !attribute.name.is_empty());
        attributes.extend(attribute);
    }
    let wrong = || {
        CliError::Usage(format!(
            "{text:?} is no key schema: write NAME:TYPE or NAME:TYPE,NAME:TYPE with types S, N and B"
        ))
    };
    if attributes.len() != text.split(',').count() {
        return Err(wrong());
    }
    let mut attributes = attributes.into_iter();
    match (attributes.next(), attributes.next(), attributes.next()) {
        (Some(partition), sort, None) => Ok(KeySchema { partition, sort }),
        _ => Err(wrong()),
    }
}

/// A key schema as [`parse_schema`] reads it.
pub(super) fn said(schema: &KeySchema) -> String {
    let parts: Vec<String> = schema
        .attributes()
        .map(|attribute| format!("{}:{}", attribute.name, attribute.kind.as_str()))
        .collect();
    parts.join(",")
}

/// How the table is made anew: as it is or was, or on demand with nothing but its key.
pub(super) async fn like(opened: &Opened, backup: &Backup) -> Result<TableDescription, CliError> {
    if let Some(document) = backup.document() {
        return Ok(document.table.clone());
    }
    let live = opened.describe(&opened.table_name).await?;
    Ok(live.unwrap_or_else(|| plain(&opened.table_name, backup.schema())))
}

/// A table of which nothing but the key is known.
pub(super) fn plain(name: &str, schema: &KeySchema) -> TableDescription {
    TableDescription {
        name: name.to_owned(),
        arn: String::new(),
        attributes: schema
            .attributes()
            .map(|attribute| (attribute.name.clone(), attribute.kind))
            .collect::<BTreeMap<_, _>>(),
        key_schema: schema.clone(),
        billing: Billing::OnDemand,
        indexes: Vec::new(),
        stream: None,
        encryption: None,
        table_class: None,
        settings: TableSettings::default(),
        item_count: None,
        size_bytes: None,
        created_at: None,
    }
}

/// The records of one partition, or all.
pub(super) fn range(schema: &KeySchema, partition: Option<&str>) -> Result<KeyRange, CliError> {
    let Some(partition) = partition else {
        return Ok(KeyRange::all());
    };
    let item = Item::parse(format!("{{\"v\":{partition}}}")).map_err(|error| {
        CliError::Usage(format!(
            "--partition {partition:?} is no value such as {{\"S\":\"a\"}}: {error}"
        ))
    })?;
    Ok(KeyRange::partition(
        schema,
        item.get("v").unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_schemas_are_read_as_they_are_said() {
        for text in ["id:S", "tenant:S,number:N", "a:b:B"] {
            assert_eq!(
                parse_schema(text).map(|s| said(&s)).ok().as_deref(),
                Some(text)
            );
        }
        for wrong in ["", "id", "id:Q", ":S", "a:S,b", "a:S,b:S,c:S", "a:S,"] {
            assert!(parse_schema(wrong).is_err(), "{wrong}");
        }
    }
}
