use jiff::Timestamp;

use crate::{
    error::RecordsError,
    index::{CaptureEntry, Gap, IndexDocument, IndexHandle, LayoutKind, Updated},
    key::KeySchema,
    ports::{SourceTable, TableDescription, Versioning},
};

/// Checks that a table can be captured into a bucket, and writes or renews the index. Does nothing
/// twice: the index that is there keeps its layout and what it knows.
///
/// Refused: a table without a stream that holds new images, a bucket without versions, an index of
/// a table with another key, or of another layout.
pub async fn prepare(
    index: &IndexHandle,
    table: &dyn SourceTable,
    layout: LayoutKind,
    now: Timestamp,
) -> Result<IndexDocument, RecordsError> {
    let description = table.describe().await?;
    let Some(stream) = description.stream.clone() else {
        return Err(RecordsError::NoStream {
            table: description.name,
        });
    };
    if !stream.view.has_new_image() {
        return Err(RecordsError::WrongView {
            table: description.name,
            view: stream.view,
        });
    }
    if index.store().versioning().await? != Versioning::Enabled {
        return Err(RecordsError::NoVersions {
            bucket: index.store().bucket().to_owned(),
        });
    }
    let begun = CaptureEntry {
        stream: stream.arn,
        since: now,
        shards: std::collections::BTreeMap::new(),
    };
    let mut fresh = IndexDocument::new(layout, description.clone());
    fresh.capture = Some(begun.clone());
    let found = index.create(fresh).await?;
    same_key(&found.table.key_schema, &description)?;
    if found.layout != layout {
        return Err(RecordsError::refused(format!(
            "{} is of the {:?} layout already, not {layout:?}",
            index.paths().index(),
            found.layout,
        )));
    }
    index
        .update(|document| {
            let before = document.clone();
            document.table = description.clone();
            match &document.capture {
                Some(capture) if capture.stream == begun.stream => {}
                Some(capture) => {
                    let gap = another_stream(capture, document.stored_until(), now);
                    document.gaps.push(gap);
                    document.capture = Some(begun.clone());
                }
                None => document.capture = Some(begun.clone()),
            }
            Ok(if *document == before {
                Updated::Leave(())
            } else {
                Updated::Write(())
            })
        })
        .await?;
    index.load().await
}

/// Refuses a table whose key is not the backup's.
pub(crate) fn same_key(wanted: &KeySchema, table: &TableDescription) -> Result<(), RecordsError> {
    if *wanted == table.key_schema {
        return Ok(());
    }
    let say = |schema: &KeySchema| {
        schema
            .attributes()
            .map(|attribute| format!("{} ({})", attribute.name, attribute.kind.as_str()))
            .collect::<Vec<_>>()
            .join(" and ")
    };
    Err(RecordsError::KeyDiffers {
        table: table.name.clone(),
        found: say(&table.key_schema),
        wanted: say(wanted),
    })
}

/// The stream was switched off and on: whatever changed between is in neither.
fn another_stream(capture: &CaptureEntry, stored_until: Option<Timestamp>, now: Timestamp) -> Gap {
    Gap {
        shard: capture.stream.clone(),
        after_sequence: capture
            .shards
            .values()
            .filter_map(|shard| shard.mark.sequence.clone())
            .max_by_key(|sequence| (sequence.len(), sequence.clone())),
        from: stored_until.unwrap_or(capture.since),
        until_sequence: None,
        until: now,
        noticed_at: now,
    }
}
