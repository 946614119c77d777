use aws_config::BehaviorVersion;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, PutRequest,
    ScalarAttributeType, StreamSpecification, StreamViewType, WriteRequest,
};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    VersioningConfiguration,
};
use tidemark_aws::{ClientFactory, RecordsClients};
use tidemark_domain::Region;

const REGION: &str = "eu-west-1";
const ACCOUNT: &str = "222233334444";
pub(crate) const BUCKET: &str = "records-bench";
pub(crate) const TABLE: &str = "bench";
/// Items of one `BatchWriteItem`.
pub(crate) const BATCH: usize = 25;

/// A filled table and an empty bucket behind one endpoint.
pub(crate) struct Place {
    pub(crate) clients: RecordsClients,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
}

impl Place {
    pub(crate) async fn make(endpoint: &str, items: usize) -> anyhow::Result<Self> {
        let factory = ClientFactory::builder()
            .endpoint(endpoint)
            .own_credentials(ACCOUNT, "bench")
            .build()
            .await;
        let region = Region::parse(REGION)?;
        let config = aws_config::defaults(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(aws_config::Region::new(REGION))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                ACCOUNT, "bench", None, None, "bench",
            )))
            .load()
            .await;
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(true)
            .build();
        let place = Self {
            clients: factory.own_records(Some(&region)),
            s3: aws_sdk_s3::Client::from_conf(s3),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
        };
        place.make_bucket().await?;
        place.make_table(TABLE).await?;
        place.fill(items).await?;
        Ok(place)
    }

    async fn make_bucket(&self) -> anyhow::Result<()> {
        let location = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(REGION))
            .build();
        self.s3
            .create_bucket()
            .bucket(BUCKET)
            .create_bucket_configuration(location)
            .send()
            .await?;
        let enabled = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        self.s3
            .put_bucket_versioning()
            .bucket(BUCKET)
            .versioning_configuration(enabled)
            .send()
            .await?;
        Ok(())
    }

    /// Creates a table and waits until it can be used.
    pub(crate) async fn make_table(&self, name: &str) -> anyhow::Result<()> {
        let stream = StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::NewImage)
            .build()?;
        let id = AttributeDefinition::builder()
            .attribute_name("id")
            .attribute_type(ScalarAttributeType::S)
            .build()?;
        let key = KeySchemaElement::builder()
            .attribute_name("id")
            .key_type(KeyType::Hash)
            .build()?;
        self.dynamodb
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(id)
            .key_schema(key)
            .stream_specification(stream)
            .send()
            .await?;
        loop {
            let answer = self.dynamodb.describe_table().table_name(name).send().await;
            let table = answer?.table;
            if table.is_some_and(|table| {
                table.table_status == Some(aws_sdk_dynamodb::types::TableStatus::Active)
            }) {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    async fn fill(&self, items: usize) -> anyhow::Result<()> {
        let mut writes = Vec::new();
        for number in 0..items {
            let put = PutRequest::builder()
                .item("id", AttributeValue::S(format!("record-{number:010}")))
                .item("customer", AttributeValue::S(noise(number)))
                .item("amount", AttributeValue::N(format!("{number}.25")))
                .item("express", AttributeValue::Bool(number % 3 == 0))
                .item("text", AttributeValue::S(noise(number + 1).repeat(12)))
                .build()?;
            writes.push(WriteRequest::builder().put_request(put).build());
            if writes.len() == BATCH || number + 1 == items {
                self.dynamodb
                    .batch_write_item()
                    .request_items(TABLE, std::mem::take(&mut writes))
                    .send()
                    .await?;
            }
        }
        Ok(())
    }
}

/// Text of 16 digits that has no pattern.
fn noise(number: usize) -> String {
    let mixed = (number as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(31)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9);
    format!("{mixed:016x}")
}
