use tidemark_domain::{
    Invalid, Privilege,
    records::{KeyAsk, RecordHistory, RecordVersion, VersionKind, VersionOrigin},
};
use tidemark_records::{
    event::{Origin, Version},
    index::IndexDocument,
    key::{KeyAttribute, KeySchema, RecordKey},
    states::Backup,
    wire::{Item, quoted},
};

use super::{
    find, open_backup, records_error,
    shown::{self, Room},
};
use crate::{Caller, ServiceError, Services};

/// Versions on one page.
const VERSIONS: usize = 25;

/// What is shown of one version.
const ROOM: Room = Room {
    attributes: 50,
    value: 2_000,
};

/// The longest record that is shown with its version.
const ITEM: usize = 8_000;

/// The longest key that can be asked for: `DynamoDB` allows 3,072 bytes.
const LONGEST_KEY: usize = 16_384;

/// The versions of one record, newest first. `from` is the number of the newest version shown; the
/// newest of all by default.
pub async fn history(
    services: &Services,
    caller: &Caller,
    capture: &str,
    ask: &KeyAsk,
    from: Option<u64>,
) -> Result<RecordHistory, ServiceError> {
    let (backup, key, versions, troubles) = read(services, caller, capture, ask).await?;
    let total = versions.len();
    let newest = from
        .and_then(|from| usize::try_from(from).ok())
        .map_or(total, |from| from.clamp(total.min(1), total));
    let oldest = newest.saturating_sub(VERSIONS);
    let shown = (oldest..newest)
        .rev()
        .map(|place| version(&versions, place))
        .collect();
    let document = backup.document();
    Ok(RecordHistory {
        key: shown::key(&key),
        total: number(total),
        versions: shown,
        older: (oldest > 0).then(|| number(oldest)),
        complete_from: document.and_then(IndexDocument::complete_from),
        read_until: document.and_then(IndexDocument::stored_until),
        troubles: shown::troubles(&troubles),
    })
}

/// One version of a record, whole, in `DynamoDB`'s own JSON; `null` where it was deleted.
pub async fn version_text(
    services: &Services,
    caller: &Caller,
    capture: &str,
    ask: &KeyAsk,
    wanted: u64,
) -> Result<String, ServiceError> {
    let (_, _, versions, _) = read(services, caller, capture, ask).await?;
    let version = usize::try_from(wanted)
        .ok()
        .and_then(|wanted| versions.get(wanted.checked_sub(1)?))
        .ok_or_else(|| ServiceError::NotFound(format!("version {wanted} of this record")))?;
    let item = version.change.item();
    Ok(item.map_or_else(|| "null".to_owned(), |item| item.as_str().to_owned()))
}

type Read = (
    Backup,
    RecordKey,
    Vec<Version>,
    Vec<tidemark_records::Trouble>,
);

async fn read(
    services: &Services,
    caller: &Caller,
    capture: &str,
    ask: &KeyAsk,
) -> Result<Read, ServiceError> {
    let view = find(
        services,
        caller,
        capture,
        Privilege::ReadRecords,
        "records.history",
    )
    .await?;
    let (backup, _) = open_backup(services, caller, &view.capture).await?;
    let key = key_of(backup.schema(), ask)?;
    let history = backup.history(&key).await.map_err(records_error)?;
    Ok((backup, key, history.versions, history.troubles))
}

/// The key that is meant.
pub(super) fn key_of(schema: &KeySchema, ask: &KeyAsk) -> Result<RecordKey, Invalid> {
    let length = ask.text.len().max(ask.partition.len()).max(ask.sort.len());
    if length > LONGEST_KEY {
        return Err(Invalid::new("key", "must be shorter: no key is that long"));
    }
    if !ask.text.is_empty() {
        return RecordKey::parse(schema, ask.text.clone())
            .map_err(|error| Invalid::new("key", error.to_string()));
    }
    let mut parts = vec![part("partition key", &schema.partition, &ask.partition)?];
    match (&schema.sort, ask.sort.as_str()) {
        (Some(sort), value) => parts.push(part("sort key", sort, value)?),
        (None, "") => {}
        (None, _) => {
            return Err(Invalid::new(
                "sort key",
                "must be empty: the table's key has no such part",
            ));
        }
    }
    RecordKey::parse(schema, format!("{{{}}}", parts.join(",")))
        .map_err(|error| Invalid::new("key", error.to_string()))
}

fn part(field: &str, attribute: &KeyAttribute, value: &str) -> Result<String, Invalid> {
    let kind = attribute.kind.as_str();
    if value.is_empty() {
        return Err(Invalid::new(
            field,
            format!("must be given: it is {} of type {kind}", attribute.name),
        ));
    }
    let text = format!(
        "{}:{{\"{kind}\":{}}}",
        quoted(&attribute.name),
        quoted(value)
    );
    match Item::parse(format!("{{{text}}}")) {
        Ok(_) => Ok(text),
        Err(error) => Err(Invalid::new(field, error.what)),
    }
}

fn version(versions: &[Version], place: usize) -> RecordVersion {
    let (version, before) = (&versions[place], place.checked_sub(1));
    let before = before.and_then(|place| versions.get(place));
    let was = before.and_then(|version| version.change.item());
    let item = version.change.item();
    let origin = match version.moment.origin {
        Origin::Stream => VersionOrigin::Stream,
        Origin::Backfill => VersionOrigin::Backfill,
        Origin::Import => VersionOrigin::Import,
    };
    let kind = match (was, item) {
        (_, None) => VersionKind::Deleted,
        (None, Some(_)) if before.is_none() && origin != VersionOrigin::Stream => {
            VersionKind::Found
        }
        (None, Some(_)) => VersionKind::Created,
        (Some(was), Some(item)) if was == item => VersionKind::Same,
        (Some(_), Some(_)) => VersionKind::Changed,
    };
    RecordVersion {
        number: number(place + 1),
        at: version.moment.timestamp(),
        origin,
        sequence: version.moment.sequence.map(|sequence| sequence.to_string()),
        kind,
        // What was created or found is shown whole, and what was deleted is gone whole.
        changes: match kind {
            VersionKind::Changed => shown::changes(was, item, ROOM),
            _ => tidemark_domain::records::ShownChanges::default(),
        },
        item: item.map(|item| shown::item(item, ITEM)),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
