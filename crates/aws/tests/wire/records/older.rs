//! The older tool's backup in the demo estate.

use tidemark_records::{
    capture::Applier,
    diff::large_numbers,
    import::{ConvertOptions, Found, convert, detect},
    index::{BackupPaths, IndexDocument, IndexHandle, LayoutKind},
    key::{KeySchema, RecordKey},
    ports::{Billing, TableDescription},
    restore::{LoadOptions, LoadRequest, RestoreFilter, load_table},
    states::Backup,
};

use super::place::{Place, states};

const ACCOUNT: &str = "222222222222";
const BUCKET: &str = "orders-records-222222222222";
const TABLE: &str = "orders-staging";

fn description(schema: &KeySchema) -> TableDescription {
    TableDescription {
        name: TABLE.to_owned(),
        arn: String::new(),
        attributes: schema
            .attributes()
            .map(|attribute| (attribute.name.clone(), attribute.kind))
            .collect(),
        key_schema: schema.clone(),
        billing: Billing::OnDemand,
        indexes: Vec::new(),
        stream: None,
        encryption: None,
        table_class: None,
        settings: tidemark_domain::TableSettings::default(),
        item_count: None,
        size_bytes: None,
        created_at: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_backup_of_the_demo_is_found_read_converted_and_restored() -> anyhow::Result<()> {
    let place = Place::demo(ACCOUNT, BUCKET).await?;
    let store = place.store();
    let paths = BackupPaths::new("replicator", TABLE);

    // Nobody says which layout it is, or what the key is.
    let detected = detect(&store, "replicator", TABLE).await?;
    let schema = detected.found.iter().find_map(|found| match found {
        Found::Objects {
            md5: 300,
            sha256: 0,
            key: Some(key),
        } => Some(key.schema.clone()),
        _ => None,
    });
    let schema = schema.ok_or_else(|| anyhow::anyhow!("{detected:?}"))?;
    assert_eq!(schema.partition.name, "orderId");

    let index = IndexHandle::new(store.clone(), paths.clone());
    let backup = Backup::older(index, schema.clone());
    let now = place.clock().now();
    let newest = states(&backup, now).await?;
    assert_eq!(newest.len(), 300, "and the eight that were deleted are not");
    let first = RecordKey::parse(
        &schema,
        r#"{"orderId":{"S":"o-00000000"}}"#.as_bytes().to_vec(),
    )?;
    let history = backup.history(&first).await?;
    assert_eq!(history.versions.len(), 2, "{history:?}");
    // Those with enough zeros at their end survive JavaScript.
    let is_large = |paths: &Vec<String>| paths.contains(&"customerNumber".to_owned());
    let large = newest.values().map(large_numbers).filter(is_large).count();
    assert!(large > 250, "{large} numbers beyond what JavaScript keeps");

    // Restored into a new table, in place.
    let table = place.source("orders-restored");
    let request = LoadRequest {
        id: "older".to_owned(),
        like: description(&schema),
        as_of: now,
        filter: RestoreFilter::default(),
    };
    let options = LoadOptions::default();
    let state = load_table(
        &backup,
        &table,
        &request,
        &options,
        &place.backoff(),
        |_| {},
    )
    .await?;
    assert!(state.done && state.troubles.is_empty(), "{state:?}");
    assert_eq!(place.live("orders-restored").await?, newest);

    // Converted to segments, twice, it is the same.
    let converted = IndexHandle::new(store.clone(), BackupPaths::new("converted", TABLE));
    converted
        .create(IndexDocument::new(
            LayoutKind::Segments,
            description(&schema),
        ))
        .await?;
    let applier = Applier::open(converted.clone()).await?;
    for _ in 0..2 {
        let options = ConvertOptions::default();
        let progress = convert(&store, &paths, &applier, &options, |_| {}).await?;
        assert!(progress.troubles.is_empty(), "{progress:?}");
    }
    assert_eq!(converted.load().await?.segments.len(), 1);
    let backup = Backup::open(converted).await?;
    assert_eq!(states(&backup, now).await?, newest);
    Ok(())
}
