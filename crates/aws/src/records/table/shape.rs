//! A table's description as the parts of a request that makes one like it.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
        KeyType as SdkKeyType, LocalSecondaryIndex, Projection as SdkProjection, ProjectionType,
        ProvisionedThroughput, ScalarAttributeType, SseSpecification, SseType, TableClass,
    },
};
use tidemark_records::{
    key::{IndexKey, KeyAttribute, KeySchema},
    ports::{Billing, IndexDescription, Projection, TableDescription, Throughput},
};

/// What `CreateTable` and `ImportTable` take.
pub(super) struct Shape {
    pub(super) keys: Vec<KeySchemaElement>,
    pub(super) attributes: Vec<AttributeDefinition>,
    pub(super) billing: BillingMode,
    pub(super) throughput: Option<ProvisionedThroughput>,
    pub(super) globals: Option<Vec<GlobalSecondaryIndex>>,
    pub(super) locals: Option<Vec<LocalSecondaryIndex>>,
    pub(super) encryption: Option<SseSpecification>,
    pub(super) class: Option<TableClass>,
}

impl Shape {
    pub(super) fn of(table: &TableDescription) -> Result<Self, BuildError> {
        let (mut globals, mut locals) = (Vec::new(), Vec::new());
        for index in &table.indexes {
            if index.global {
                globals.push(global(index, table.billing)?);
            } else {
                locals.push(local(index)?);
            }
        }
        Ok(Self {
            keys: keys(&table.key_schema)?,
            attributes: table
                .attributes
                .iter()
                .map(|(name, kind)| {
                    AttributeDefinition::builder()
                        .attribute_name(name)
                        .attribute_type(ScalarAttributeType::from(kind.as_str()))
                        .build()
                })
                .collect::<Result<_, _>>()?,
            billing: match table.billing {
                Billing::OnDemand => BillingMode::PayPerRequest,
                Billing::Provisioned(_) => BillingMode::Provisioned,
            },
            throughput: match table.billing {
                Billing::OnDemand => None,
                Billing::Provisioned(units) => Some(throughput(units)?),
            },
            globals: Some(globals).filter(|indexes| !indexes.is_empty()),
            locals: Some(locals).filter(|indexes| !indexes.is_empty()),
            encryption: table.encryption.as_ref().map(|encryption| {
                SseSpecification::builder()
                    .enabled(true)
                    .sse_type(SseType::from(encryption.kind.as_str()))
                    .set_kms_master_key_id(encryption.kms_key.clone())
                    .build()
            }),
            class: table.table_class.as_deref().map(TableClass::from),
        })
    }
}

fn keys(schema: &KeySchema) -> Result<Vec<KeySchemaElement>, BuildError> {
    index_keys(&IndexKey::from(schema.clone()))
}

fn index_keys(key: &IndexKey) -> Result<Vec<KeySchemaElement>, BuildError> {
    let of = |attributes: &[KeyAttribute], kind: SdkKeyType| {
        attributes
            .iter()
            .map(|attribute| {
                KeySchemaElement::builder()
                    .attribute_name(&attribute.name)
                    .key_type(kind.clone())
                    .build()
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let mut elements = of(&key.partition, SdkKeyType::Hash)?;
    elements.extend(of(&key.sort, SdkKeyType::Range)?);
    Ok(elements)
}

fn throughput(units: Throughput) -> Result<ProvisionedThroughput, BuildError> {
    let number = |units: u64| i64::try_from(units).unwrap_or(i64::MAX);
    ProvisionedThroughput::builder()
        .read_capacity_units(number(units.read))
        .write_capacity_units(number(units.write))
        .build()
}

fn projection(projection: &Projection) -> SdkProjection {
    let builder = SdkProjection::builder();
    match projection {
        Projection::All => builder.projection_type(ProjectionType::All),
        Projection::KeysOnly => builder.projection_type(ProjectionType::KeysOnly),
        Projection::Include(names) => builder
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(names.clone())),
    }
    .build()
}

fn global(index: &IndexDescription, billing: Billing) -> Result<GlobalSecondaryIndex, BuildError> {
    let units = match billing {
        Billing::OnDemand => None,
        Billing::Provisioned(table) => Some(throughput(index.throughput.unwrap_or(table))?),
    };
    GlobalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(index_keys(&index.key_schema)?))
        .projection(projection(&index.projection))
        .set_provisioned_throughput(units)
        .build()
}

fn local(index: &IndexDescription) -> Result<LocalSecondaryIndex, BuildError> {
    LocalSecondaryIndex::builder()
        .index_name(&index.name)
        .set_key_schema(Some(index_keys(&index.key_schema)?))
        .projection(projection(&index.projection))
        .build()
}
