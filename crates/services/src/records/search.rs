use std::time::Duration;

use tidemark_domain::{
    Invalid, Privilege,
    records::{FoundRecord, FoundRecords, RecordSearch},
};
use tidemark_records::{
    key::{KeySchema, KeyType},
    states::{KeyRange, States},
    wire::Item,
};

use super::{find, open_backup, partition_value, records_error, shown};
use crate::{Caller, ServiceError, Services};

/// Records found at most.
const MOST: usize = 50;

/// The longest record in the list.
const ITEM: usize = 600;

/// How long a search may take, so that there is an answer while somebody waits for it.
const PATIENCE: Duration = Duration::from_secs(15);

/// The records whose partition key begins with a text, or is a value, as they were at a moment.
pub async fn search(
    services: &Services,
    caller: &Caller,
    capture: &str,
    ask: &RecordSearch,
) -> Result<FoundRecords, ServiceError> {
    let view = find(
        services,
        caller,
        capture,
        Privilege::ReadRecords,
        "records.search",
    )
    .await?;
    let now = services.clock.now();
    let as_of = ask.as_of.unwrap_or(now);
    if as_of > now {
        return Err(Invalid::new("as of", "must not lie in the future").into());
    }
    let (backup, _) = open_backup(services, caller, &view.capture).await?;
    let range = range(backup.schema(), &ask.begins)?;
    let mut states = backup
        .states(&[as_of], range)
        .await
        .map_err(records_error)?;
    let mut found = FoundRecords {
        key_names: shown::key_names(backup.schema()),
        as_of,
        records: Vec::new(),
        more: false,
        gave_up: false,
        troubles: Vec::new(),
    };
    let looked = tokio::time::timeout(PATIENCE, look(&mut states, &mut found)).await;
    match looked {
        Ok(result) => result?,
        Err(_) => found.gave_up = true,
    }
    Ok(found)
}

async fn look(states: &mut States, found: &mut FoundRecords) -> Result<(), ServiceError> {
    while let Some(page) = states.next_page().await.map_err(records_error)? {
        found.troubles.extend(shown::troubles(&page.troubles));
        for record in page.records {
            let (Some(item), Some(Some(version))) = (record.item(0), record.states.first()) else {
                continue;
            };
            if found.records.len() == MOST {
                found.more = true;
                return Ok(());
            }
            found.records.push(FoundRecord {
                key: shown::key(&record.key),
                since: version.moment.timestamp(),
                item: shown::item(item, ITEM),
            });
        }
    }
    Ok(())
}

/// The records meant: by the beginning of a string, by a number or by binary.
fn range(schema: &KeySchema, begins: &str) -> Result<KeyRange, Invalid> {
    let kind = schema.partition.kind;
    if begins.is_empty() {
        return Ok(KeyRange::all());
    }
    if begins.len() > 4_096 {
        return Err(Invalid::new("partition key", "must be shorter"));
    }
    if kind == KeyType::S {
        return Ok(KeyRange::partition_begins(schema, begins));
    }
    let value = partition_value(schema, begins)?;
    let item = Item::parse(format!("{{\"v\":{value}}}"))
        .map_err(|error| Invalid::new("partition key", error.what))?;
    Ok(KeyRange::partition(
        schema,
        item.get("v").unwrap_or_default(),
    ))
}
