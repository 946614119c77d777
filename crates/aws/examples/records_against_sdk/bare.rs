//! The loops that anyone would write.

use std::collections::HashMap;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    Step,
    place::{BATCH, BUCKET, Place, TABLE},
};

/// Parts of the scan, as the engine has them by default.
const SEGMENTS: i32 = 4;
/// Objects written at a time, as the engine does.
const OBJECTS: usize = 32;
/// Items of one large object, as the engine has them by default.
const LARGE: usize = 20_000;
/// Batches written at a time, as the engine does by default.
const BATCHES: usize = 8;

type Item = HashMap<String, AttributeValue>;

pub(crate) async fn run(place: &Place, step: Step, round: usize) -> anyhow::Result<()> {
    match step {
        Step::Objects => {
            let prefix = format!("bare-objects-{round}");
            backfill(place, &prefix, false).await?;
            list_versions(place, &prefix).await
        }
        Step::Segments => backfill(place, &format!("bare-segments-{round}"), true).await,
        Step::Restore => restore(place, round).await,
    }
}

async fn backfill(place: &Place, prefix: &str, large: bool) -> anyhow::Result<()> {
    let parts = (0..SEGMENTS).map(|segment| async move {
        let mut start = None;
        let mut held = Vec::new();
        let mut pages = 0;
        loop {
            let scan = place.dynamodb.scan().table_name(TABLE);
            let page = scan
                .segment(segment)
                .total_segments(SEGMENTS)
                .set_exclusive_start_key(start.take())
                .send()
                .await?;
            let items = page.items.unwrap_or_default();
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if large {
                held.extend(items);
                if held.len() >= LARGE || start.is_none() {
                    let text: String = held.drain(..).map(|item| json(&item) + "\n").collect();
                    put(place, format!("{prefix}/{segment}-{pages}"), text).await?;
                    pages += 1;
                }
            } else {
                let puts = items.iter().map(|item| {
                    let name = format!("{prefix}/{}", text(&item["id"]));
                    put(place, name, json(item))
                });
                stream::iter(puts.collect::<Vec<_>>())
                    .buffer_unordered(OBJECTS)
                    .try_collect::<()>()
                    .await?;
            }
            if start.is_none() {
                return anyhow::Ok(());
            }
        }
    });
    stream::iter(parts.collect::<Vec<_>>())
        .buffer_unordered(usize::try_from(SEGMENTS)?)
        .try_collect()
        .await
}

/// Looks for records that were deleted meanwhile, as a backfill of single objects must.
async fn list_versions(place: &Place, prefix: &str) -> anyhow::Result<()> {
    let (mut key, mut version) = (None, None);
    loop {
        let list = place.s3.list_object_versions().bucket(BUCKET);
        let page = list
            .prefix(format!("{prefix}/"))
            .set_key_marker(key.take())
            .set_version_id_marker(version.take())
            .send()
            .await?;
        anyhow::ensure!(page.delete_markers().is_empty(), "nobody deletes here");
        (key, version) = (page.next_key_marker, page.next_version_id_marker);
        if key.is_none() {
            return Ok(());
        }
    }
}

async fn put(place: &Place, name: String, text: String) -> anyhow::Result<()> {
    let put = place.s3.put_object().bucket(BUCKET).key(name);
    put.if_none_match("*")
        .body(text.into_bytes().into())
        .send()
        .await?;
    Ok(())
}

/// Reads what the backfill of the same round wrote, and writes a table of its own.
async fn restore(place: &Place, round: usize) -> anyhow::Result<()> {
    let table = format!("bare-{round}");
    place.make_table(&table).await?;
    let prefix = format!("bare-segments-{round}/");
    let listed = place.s3.list_objects_v2().bucket(BUCKET).prefix(prefix);
    for object in listed.send().await?.contents.unwrap_or_default() {
        let name = object.key.context("an object without a name")?;
        let get = place.s3.get_object().bucket(BUCKET).key(name);
        let body = get.send().await?.body.collect().await?.into_bytes();
        let items = body
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(parsed)
            .collect::<anyhow::Result<Vec<_>>>()?;
        let batches = items.chunks(BATCH).map(|items| {
            let table = &table;
            async move {
                let writes = items
                    .iter()
                    .map(|item| {
                        let put = PutRequest::builder().set_item(Some(item.clone())).build()?;
                        Ok(WriteRequest::builder().put_request(put).build())
                    })
                    .collect::<anyhow::Result<Vec<_>>>()?;
                let write = place.dynamodb.batch_write_item();
                write.request_items(table, writes).send().await?;
                anyhow::Ok(())
            }
        });
        stream::iter(batches.collect::<Vec<_>>())
            .buffer_unordered(BATCHES)
            .try_collect::<()>()
            .await?;
    }
    Ok(())
}

fn text(value: &AttributeValue) -> &str {
    value.as_s().map_or("", |text| text)
}

fn json(item: &Item) -> String {
    let value = |value: &AttributeValue| match value {
        AttributeValue::N(digits) => serde_json::json!({"N": digits}),
        AttributeValue::Bool(value) => serde_json::json!({"BOOL": value}),
        other => serde_json::json!({"S": text(other)}),
    };
    let all: serde_json::Map<_, _> = item.iter().map(|(n, v)| (n.clone(), value(v))).collect();
    serde_json::Value::Object(all).to_string()
}

fn parsed(line: &[u8]) -> anyhow::Result<Item> {
    let item: HashMap<String, HashMap<String, serde_json::Value>> = serde_json::from_slice(line)?;
    let value = |value: HashMap<String, serde_json::Value>| {
        let (kind, value) = value.into_iter().next().context("a value without a type")?;
        Ok(match (kind.as_str(), value) {
            ("N", serde_json::Value::String(digits)) => AttributeValue::N(digits),
            ("BOOL", serde_json::Value::Bool(value)) => AttributeValue::Bool(value),
            (_, serde_json::Value::String(text)) => AttributeValue::S(text),
            (kind, _) => anyhow::bail!("a value of type {kind}"),
        })
    };
    item.into_iter()
        .map(|(name, found)| Ok((name, value(found)?)))
        .collect()
}
