//! The port over DynamoDB.

use tidemark_records::{
    key::{IndexKey, KeyAttribute, KeyType},
    ports::{
        Expected, IndexDescription, MADE_FOR, PortErrorKind, Projection, SourceTable, StreamView,
        TableDescription, TableWrite,
    },
    wire::Item,
};

use super::place::{Place, item, order, order_key};

async fn items_come_back(place: &Place) -> anyhow::Result<()> {
    let items = [
        order(1, "plain")?,
        order(2, "\"\\\n\u{1} é 😀")?,
        item(
            r#"{"bs":{"BS":["AQ==","Ag=="]},"n":{"N":"-1.2345678901234567890123456789012345678E+20"},"number":{"N":"12345678901234567890123456789012345678"},"ss":{"SS":["a","b"]},"tenant":{"S":"é"},"t":{"BOOL":true}}"#,
        )?,
    ];
    place.put(&items).await?;
    let table = place.source(&place.table);
    let schema = place.schema().await?;
    for wanted in &items {
        let key = tidemark_records::key::RecordKey::of_item(&schema, wanted)?;
        let got = table.get(key.bytes()).await?.map(Item::parse).transpose()?;
        let got = got.ok_or_else(|| anyhow::anyhow!("{key} is missing"))?;
        // A service may write a number in another form, but never another number.
        let differ = tidemark_records::diff::diff_items(Some(wanted), Some(&got));
        for change in differ {
            assert_eq!(change.path, "n", "{change:?}");
        }
    }
    let live = place.live(&place.table).await?;
    assert_eq!(live.len(), items.len());
    assert_eq!(table.get(&order_key(99).into()).await?, None);
    Ok(())
}

async fn conditions_hold(table: &dyn SourceTable) -> anyhow::Result<()> {
    let (old, new) = (order(5, "old")?, order(5, "new")?);
    let key = bytes::Bytes::from(order_key(5));
    table.put_if(old.bytes(), &Expected::Absent).await?;
    let taken = table.put_if(new.bytes(), &Expected::Absent).await;
    assert_eq!(
        taken.map_err(|error| error.kind),
        Err(PortErrorKind::PreconditionFailed)
    );
    let image = |item: &Item| Expected::Image(item.bytes().clone());
    let other = table.put_if(new.bytes(), &image(&new)).await;
    assert_eq!(
        other.map_err(|error| error.kind),
        Err(PortErrorKind::PreconditionFailed)
    );
    table.put_if(new.bytes(), &image(&old)).await?;
    let kept = table.delete_if(&key, &image(&old)).await;
    let kept = kept.map_err(|error| error.kind);
    assert_eq!(kept, Err(PortErrorKind::PreconditionFailed));
    table.delete_if(&key, &image(&new)).await?;
    let gone = table.put_if(new.bytes(), &image(&old)).await;
    let gone = gone.map_err(|error| error.kind);
    assert_eq!(gone, Err(PortErrorKind::PreconditionFailed));
    assert_eq!(table.get(&key).await?, None);
    Ok(())
}

#[tokio::test]
async fn items_of_every_type_come_back_from_the_sandbox() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    items_come_back(&place).await?;
    conditions_hold(place.source(&place.table).as_ref()).await
}

#[tokio::test]
async fn items_of_every_type_come_back_from_ministack() -> anyhow::Result<()> {
    let Some(place) = Place::ministack().await? else {
        return Ok(());
    };
    items_come_back(&place).await?;
    conditions_hold(place.source(&place.table).as_ref()).await
}

#[tokio::test]
async fn a_table_is_described_and_made_again_alike() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    let table = place.source(&place.table);
    let description = table.describe().await?;
    let stream = description.stream.clone();
    assert_eq!(stream.map(|s| s.view), Some(StreamView::NewAndOldImages));
    assert_eq!(description.key_schema.partition.name, "tenant");
    let copy = place.source("copy");
    let missing = copy.describe().await.map_err(|error| error.kind);
    assert_eq!(missing.map(|_| ()), Err(PortErrorKind::NotFound));
    copy.create(&description, "load-1").await?;
    let again = copy.create(&description, "load-2").await;
    assert_eq!(
        again.map_err(|error| error.kind),
        Err(PortErrorKind::Conflict)
    );
    let marks = |made: &TableDescription| made.settings.tags.get(MADE_FOR).cloned();
    let made = copy.describe().await?;
    assert_eq!(marks(&made).as_deref(), Some("load-1"));
    copy.forget_mark().await?;
    let made = copy.describe().await?;
    assert_eq!(marks(&made), None);
    assert_eq!(made.indexes, description.indexes);
    assert_eq!(made.key_schema, description.key_schema);
    assert_eq!(made.attributes, description.attributes);
    assert_eq!(made.billing, description.billing);
    assert_eq!(made.stream, None, "settings are put back after");
    let mut settings = description.settings.clone();
    settings.ttl_attribute = Some("expires".to_owned());
    settings.pitr_days = Some(35);
    settings.deletion_protection = true;
    settings.tags = [("team".to_owned(), "orders".to_owned())].into();
    let table = place.clients.table("copy");
    table.put_settings(&settings).await?;
    table.put_settings(&settings).await?;
    assert_eq!(copy.describe().await?.settings, settings);
    Ok(())
}

#[tokio::test]
async fn an_index_of_several_partition_and_sort_attributes_is_made_again_whole()
-> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    let mut description = place.source(&place.table).describe().await?;
    let text = |name: &str| KeyAttribute::new(name, KeyType::S);
    description.indexes.push(IndexDescription {
        name: "multi".to_owned(),
        global: true,
        key_schema: IndexKey {
            partition: vec![text("a"), text("b")],
            sort: vec![text("c"), text("d")],
        },
        projection: Projection::All,
        throughput: None,
    });
    for name in ["a", "b", "c", "d"] {
        description.attributes.insert(name.to_owned(), KeyType::S);
    }
    let first = place.source("several");
    first.create(&description, "load-1").await?;
    let made = first.describe().await?;
    assert_eq!(made.indexes, description.indexes);
    // By way of the index document.
    let kept: TableDescription = serde_json::from_str(&serde_json::to_string(&made)?)?;
    let second = place.source("several-again");
    second.create(&kept, "load-2").await?;
    assert_eq!(second.describe().await?.indexes, description.indexes);
    // As AWS does.
    description
        .attributes
        .insert("unused".to_owned(), KeyType::S);
    let refused = place.source("refused").create(&description, "load-3").await;
    let refused = refused.map_err(|error| (error.kind, error.message));
    let Err((PortErrorKind::Invalid, message)) = refused else {
        anyhow::bail!("{refused:?}");
    };
    assert!(message.contains("not used"), "{message}");
    Ok(())
}

#[tokio::test]
async fn throttled_calls_are_told_as_such_and_tried_again() -> anyhow::Result<()> {
    let place = Place::sandbox().await?;
    place.put(&[order(1, "one")?]).await?;
    let rule = |count| tidemark_sandbox::FaultRule {
        id: 0,
        service: Some("dynamodb".to_owned()),
        account: None,
        region: None,
        action: Some("BatchWriteItem".to_owned()),
        kind: tidemark_sandbox::FaultKind::Throttle,
        probability: None,
        count: Some(count),
    };
    // As often as the SDK tries for itself.
    place.world()?.faults().add(rule(3));
    let write = TableWrite::Put(order(2, "two")?.bytes().clone());
    let plain = place.clients.table(&place.table);
    let refused = plain.batch_write(std::slice::from_ref(&write)).await;
    assert_eq!(
        refused.map_err(|error| error.kind).map(|_| ()),
        Err(PortErrorKind::Throttled)
    );
    place.world()?.faults().add(rule(3));
    place.write(vec![write]).await?;
    assert_eq!(place.live(&place.table).await?.len(), 2);
    Ok(())
}
