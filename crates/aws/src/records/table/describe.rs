use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndexDescription, KeySchemaElement,
    KeyType as SdkKeyType, LocalSecondaryIndexDescription, Projection as SdkProjection,
    ProjectionType, ProvisionedThroughputDescription, SseStatus, StreamViewType,
    TableDescription as SdkTable,
};
use tidemark_records::{
    key::{IndexKey, KeyAttribute, KeySchema, KeyType},
    ports::{
        Billing, Encryption, IndexDescription, PortError, PortErrorKind, Projection,
        StreamDescription, StreamView, TableDescription, Throughput,
    },
};

use super::{DynamoTable, settings::settings};
use crate::{convert, records::caller::unexpected};
use tidemark_services::calls::Call;

const OPERATION: Call = Call::DescribeTable;

/// `DescribeTable`, and what else a restore must know of the table.
pub(super) async fn describe(table: &DynamoTable) -> Result<TableDescription, PortError> {
    let described = sdk(table).await?;
    let settings = settings(table, &described).await?;
    let attributes = attributes(described.attribute_definitions());
    let bad = |what: String| unexpected(OPERATION, &table.name, what);
    let key_schema = schema(described.key_schema(), &attributes).map_err(bad)?;
    let mut indexes = Vec::new();
    for index in described.global_secondary_indexes() {
        indexes.push(global(index, &attributes).map_err(bad)?);
    }
    for index in described.local_secondary_indexes() {
        indexes.push(local(index, &attributes).map_err(bad)?);
    }
    Ok(TableDescription {
        name: table.name.clone(),
        arn: described.table_arn().unwrap_or_default().to_owned(),
        key_schema,
        attributes,
        billing: billing(&described),
        indexes,
        stream: stream(&described),
        encryption: described
            .sse_description()
            .filter(|sse| sse.status() == Some(&SseStatus::Enabled))
            .map(|sse| Encryption {
                kind: sse
                    .sse_type()
                    .map_or("KMS", |kind| kind.as_str())
                    .to_owned(),
                kms_key: sse.kms_master_key_arn().map(str::to_owned),
            }),
        table_class: described
            .table_class_summary()
            .and_then(|summary| summary.table_class())
            .map(|class| class.as_str().to_owned()),
        settings,
        item_count: convert::bytes(described.item_count()),
        size_bytes: convert::bytes(described.table_size_bytes()),
        created_at: convert::moment(described.creation_date_time()),
    })
}

/// Just the key.
pub(super) async fn key_schema(table: &DynamoTable) -> Result<KeySchema, PortError> {
    let described = sdk(table).await?;
    let attributes = attributes(described.attribute_definitions());
    schema(described.key_schema(), &attributes)
        .map_err(|what| unexpected(OPERATION, &table.name, what))
}

/// The answer of the SDK.
pub(super) async fn sdk(table: &DynamoTable) -> Result<SdkTable, PortError> {
    table
        .client
        .describe_table()
        .table_name(&table.name)
        .send()
        .await
        .map_err(|error| table.caller.error(OPERATION, &table.name, error))?
        .table
        .ok_or_else(|| {
            PortError::new(
                PortErrorKind::Unexpected,
                OPERATION,
                &table.name,
                "the answer holds no table",
            )
        })
}

fn attributes(definitions: &[AttributeDefinition]) -> BTreeMap<String, KeyType> {
    definitions
        .iter()
        .filter_map(|definition| {
            let kind = KeyType::parse(definition.attribute_type().as_str())?;
            Some((definition.attribute_name().to_owned(), kind))
        })
        .collect()
}

fn schema(
    elements: &[KeySchemaElement],
    attributes: &BTreeMap<String, KeyType>,
) -> Result<KeySchema, String> {
    let key = index_key(elements, attributes)?;
    KeySchema::try_from(key).map_err(|key| {
        format!(
            "the table's key has {} partition and {} sort attributes",
            key.partition.len(),
            key.sort.len()
        )
    })
}

fn index_key(
    elements: &[KeySchemaElement],
    attributes: &BTreeMap<String, KeyType>,
) -> Result<IndexKey, String> {
    let of = |wanted: &SdkKeyType| {
        elements
            .iter()
            .filter(|element| element.key_type() == wanted)
            .map(|element| {
                let name = element.attribute_name();
                let kind = attributes
                    .get(name)
                    .ok_or_else(|| format!("the key attribute {name} has no type"))?;
                Ok::<_, String>(KeyAttribute::new(name, *kind))
            })
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(IndexKey {
        partition: of(&SdkKeyType::Hash)?,
        sort: of(&SdkKeyType::Range)?,
    })
}

fn throughput(of_sdk: Option<&ProvisionedThroughputDescription>) -> Option<Throughput> {
    let units = |units: Option<i64>| convert::bytes(units).filter(|units| *units > 0);
    let of_sdk = of_sdk?;
    Some(Throughput {
        read: units(of_sdk.read_capacity_units())?,
        write: units(of_sdk.write_capacity_units())?,
    })
}

fn billing(table: &SdkTable) -> Billing {
    let on_demand = table
        .billing_mode_summary()
        .and_then(|summary| summary.billing_mode())
        .is_some_and(|mode| *mode == BillingMode::PayPerRequest);
    match throughput(table.provisioned_throughput()) {
        Some(units) if !on_demand => Billing::Provisioned(units),
        _ => Billing::OnDemand,
    }
}

fn projection(of_sdk: Option<&SdkProjection>) -> Projection {
    match of_sdk.and_then(SdkProjection::projection_type) {
        Some(ProjectionType::KeysOnly) => Projection::KeysOnly,
        Some(ProjectionType::Include) => Projection::Include(
            of_sdk
                .map(|projection| projection.non_key_attributes().to_vec())
                .unwrap_or_default(),
        ),
        _ => Projection::All,
    }
}

fn global(
    index: &GlobalSecondaryIndexDescription,
    attributes: &BTreeMap<String, KeyType>,
) -> Result<IndexDescription, String> {
    Ok(IndexDescription {
        name: index.index_name().unwrap_or_default().to_owned(),
        global: true,
        key_schema: index_key(index.key_schema(), attributes)?,
        projection: projection(index.projection()),
        throughput: throughput(index.provisioned_throughput()),
    })
}

fn local(
    index: &LocalSecondaryIndexDescription,
    attributes: &BTreeMap<String, KeyType>,
) -> Result<IndexDescription, String> {
    Ok(IndexDescription {
        name: index.index_name().unwrap_or_default().to_owned(),
        global: false,
        key_schema: index_key(index.key_schema(), attributes)?,
        projection: projection(index.projection()),
        throughput: None,
    })
}

fn stream(table: &SdkTable) -> Option<StreamDescription> {
    let specification = table.stream_specification()?;
    if !specification.stream_enabled() {
        return None;
    }
    Some(StreamDescription {
        arn: table.latest_stream_arn()?.to_owned(),
        view: match specification.stream_view_type()? {
            StreamViewType::KeysOnly => StreamView::KeysOnly,
            StreamViewType::NewImage => StreamView::NewImage,
            StreamViewType::OldImage => StreamView::OldImage,
            StreamViewType::NewAndOldImages => StreamView::NewAndOldImages,
            _ => return None,
        },
    })
}
