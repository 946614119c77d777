//! A world on the wire: set up and looked at with the SDKs as the account's root.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use async_trait::async_trait;
use aws_config::{BehaviorVersion, Region as SdkRegion, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ProvisionedThroughput, ScalarAttributeType, Select,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tidemark_domain::{Arn, Features, Region, ResourceType, RoleArn};
use tidemark_sandbox::RunningSandbox;
use tidemark_services::{
    calls::{Place, role_policy},
    ports::{Cloud, Target},
};
use tidemark_testkit::contract::{CloudEstate, Way, until};

use crate::setup::{self, CONSOLE, REGION, ROLE};

mod resources;

/// The clock of a running sandbox.
pub(crate) struct ClockOf {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    advance: Box<dyn Fn(SignedDuration) + Send + Sync>,
}

impl ClockOf {
    pub(crate) fn of(sandbox: &RunningSandbox) -> Self {
        let (now, moved) = (sandbox.clock(), sandbox.clock());
        Self {
            now: Box::new(move || now.now()),
            advance: Box::new(move |by| moved.advance(by)),
        }
    }
}

pub(crate) struct WireEstate {
    cloud: Arc<dyn Cloud>,
    target: Target,
    root: SdkConfig,
    clock: Option<ClockOf>,
}

/// Credentials of an account's root, and where to use them.
pub(crate) async fn root(endpoint: &str, account: &str, region: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(SdkRegion::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            account, "test", None, None, "test",
        )))
        .load()
        .await
}

/// A trust policy for the console.
fn trust(principal: &str, external_id: Option<&str>) -> Value {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": {"AWS": format!("arn:aws:iam::{principal}:root")},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    });
    if let Some(id) = external_id {
        statement["Condition"] = json!({"StringEquals": {"sts:ExternalId": id}});
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// The role that AWS Backup works as, which the template lets the access role pass.
const SERVICE_ROLE: &str = "AWSBackupDefaultServiceRole";

/// Makes a role with an inline policy.
async fn make_role(
    iam: &aws_sdk_iam::Client,
    path: &str,
    name: &str,
    trust: &Value,
    policy: &Value,
) -> anyhow::Result<()> {
    iam.create_role()
        .path(path)
        .role_name(name)
        .assume_role_policy_document(trust.to_string())
        .send()
        .await?;
    iam.put_role_policy()
        .role_name(name)
        .policy_name("tidemark")
        .policy_document(policy.to_string())
        .send()
        .await?;
    Ok(())
}

/// What the template lets the access role do, as CloudFormation makes it of the template: whatever
/// the cases call must be in it.
fn access_policy(account: &str) -> Value {
    let mut policy = role_policy(&Features::all(), &Place::CloudFormation);
    for statement in policy["Statement"].as_array_mut().into_iter().flatten() {
        if let Some(text) = statement["Resource"]["Fn::Sub"].as_str() {
            let text = text
                .replace("${AWS::Partition}", "aws")
                .replace("${AWS::AccountId}", account);
            statement["Resource"] = json!(text);
        }
    }
    policy
}

async fn deny(iam: &aws_sdk_iam::Client, role: &str, actions: &[&str]) -> anyhow::Result<()> {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": actions, "Resource": "*"}],
    });
    iam.put_role_policy()
        .role_name(role)
        .policy_name("deny")
        .policy_document(policy.to_string())
        .send()
        .await?;
    Ok(())
}

/// The account's root where the access key does not name the account: by a role, which such an
/// emulator lets anyone assume.
async fn root_by_role(endpoint: &str, account: &str) -> anyhow::Result<SdkConfig> {
    let own = root(endpoint, CONSOLE, REGION).await;
    let assumed = aws_sdk_sts::Client::new(&own)
        .assume_role()
        .role_arn(format!("arn:aws:iam::{account}:role/root"))
        .role_session_name("root")
        .send()
        .await?;
    let given = assumed.credentials.context("no credentials")?;
    let credentials = Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        None,
        "test",
    );
    Ok(own
        .to_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build())
}

impl WireEstate {
    /// Has a bucket keep the versions of its objects.
    pub(crate) async fn keep_versions(&self, bucket: &str) -> anyhow::Result<()> {
        resources::keep_versions(self, bucket).await
    }

    /// An account of its own at the endpoint, with both of the template's roles.
    pub(crate) async fn new(endpoint: &str, clock: Option<ClockOf>) -> anyhow::Result<Self> {
        let account = setup::fresh_account();
        let root = root(endpoint, &account, REGION).await;
        Self::of(endpoint, clock, &account, root).await
    }

    /// The same where the access key does not name the account.
    pub(crate) async fn new_by_role(endpoint: &str) -> anyhow::Result<Self> {
        let account = setup::fresh_account();
        let root = root_by_role(endpoint, &account).await?;
        Self::of(endpoint, None, &account, root).await
    }

    async fn of(
        endpoint: &str,
        clock: Option<ClockOf>,
        account: &str,
        root: SdkConfig,
    ) -> anyhow::Result<Self> {
        let target = setup::target(account)?;
        let iam = aws_sdk_iam::Client::new(&root);
        let external_id = target.connection.external_id.as_str();
        let access = access_policy(account);
        make_role(&iam, "/", ROLE, &trust(CONSOLE, Some(external_id)), &access)
            .await
            .context("the access role")?;
        let diagnosing = json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*"}],
        });
        make_role(
            &iam,
            "/",
            "TidemarkDiagnose",
            &trust(CONSOLE, None),
            &diagnosing,
        )
        .await
        .context("the diagnosing role")?;
        Ok(Self {
            cloud: Arc::new(setup::cloud(endpoint).await),
            target,
            root,
            clock,
        })
    }

    /// Lets everyone in the console's account in, without external id or source identity.
    pub(crate) async fn trust_anyone_in_the_console(&self) -> anyhow::Result<()> {
        let mut policy = trust(CONSOLE, None);
        policy["Statement"][0]["Action"] = json!("sts:AssumeRole");
        self.iam()
            .update_assume_role_policy()
            .role_name(ROLE)
            .policy_document(policy.to_string())
            .send()
            .await?;
        Ok(())
    }

    fn iam(&self) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::new(&self.root)
    }

    fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.root)
    }

    fn in_region(&self, region: &str) -> SdkConfig {
        self.root
            .to_builder()
            .region(SdkRegion::new(region.to_owned()))
            .build()
    }
}

fn key(number: usize) -> AttributeValue {
    AttributeValue::S(format!("item-{number:05}"))
}

#[async_trait]
impl CloudEstate for WireEstate {
    fn cloud(&self) -> Arc<dyn Cloud> {
        Arc::clone(&self.cloud)
    }

    fn target(&self) -> Target {
        self.target.clone()
    }

    async fn now(&self) -> anyhow::Result<Timestamp> {
        Ok(match &self.clock {
            Some(clock) => (clock.now)(),
            None => Timestamp::now(),
        })
    }

    async fn tick(&self) -> anyhow::Result<()> {
        if let Some(clock) = &self.clock {
            (clock.advance)(SignedDuration::from_secs(5));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(())
    }

    async fn create_table(&self, name: &str, items: usize) -> anyhow::Result<Arn> {
        let dynamodb = self.dynamodb();
        let table = dynamodb
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::Provisioned)
            .provisioned_throughput(
                ProvisionedThroughput::builder()
                    .read_capacity_units(5)
                    .write_capacity_units(5)
                    .build()?,
            )
            .attribute_definitions(
                AttributeDefinition::builder()
                    .attribute_name("id")
                    .attribute_type(ScalarAttributeType::S)
                    .build()?,
            )
            .key_schema(
                KeySchemaElement::builder()
                    .attribute_name("id")
                    .key_type(KeyType::Hash)
                    .build()?,
            )
            .send()
            .await?;
        let arn = table
            .table_description
            .and_then(|t| t.table_arn)
            .context("no ARN")?;
        if items > 0 {
            until(self, "the table takes items", || async {
                let table = dynamodb
                    .describe_table()
                    .table_name(name)
                    .send()
                    .await?
                    .table;
                let status = table.and_then(|t| t.table_status);
                Ok((status == Some(aws_sdk_dynamodb::types::TableStatus::Active)).then_some(()))
            })
            .await?;
            self.set_items(name, items).await?;
        }
        Ok(Arn::parse(arn)?)
    }

    async fn set_items(&self, table: &str, items: usize) -> anyhow::Result<()> {
        let dynamodb = self.dynamodb();
        let present = self.items(table).await?;
        for number in items..present {
            dynamodb
                .delete_item()
                .table_name(table)
                .key("id", key(number))
                .send()
                .await?;
        }
        for number in present..items {
            dynamodb
                .put_item()
                .table_name(table)
                .item("id", key(number))
                .item("number", AttributeValue::N(number.to_string()))
                .send()
                .await?;
        }
        Ok(())
    }

    async fn items(&self, table: &str) -> anyhow::Result<usize> {
        let scan = self
            .dynamodb()
            .scan()
            .table_name(table)
            .select(Select::Count)
            .consistent_read(true)
            .send()
            .await?;
        Ok(usize::try_from(scan.count())?)
    }

    async fn back_table_up(&self, table: &str) -> anyhow::Result<Arn> {
        let backup = self
            .dynamodb()
            .create_backup()
            .table_name(table)
            .backup_name("contract")
            .send()
            .await?;
        let arn = backup
            .backup_details
            .map(|d| d.backup_arn)
            .context("the backup has no ARN")?;
        until(self, "the backup is there", || async {
            let backup = self
                .dynamodb()
                .describe_backup()
                .backup_arn(&arn)
                .send()
                .await?;
            let status = backup
                .backup_description
                .and_then(|d| d.backup_details)
                .map(|d| d.backup_status.as_str().to_owned());
            Ok((status.as_deref() == Some("AVAILABLE")).then_some(()))
        })
        .await?;
        Ok(Arn::parse(arn)?)
    }

    async fn create_vault(&self, name: &str) -> anyhow::Result<()> {
        aws_sdk_backup::Client::new(&self.root)
            .create_backup_vault()
            .backup_vault_name(name)
            .send()
            .await?;
        Ok(())
    }

    async fn put_access_policy(&self, vault: &str, policy: &str) -> anyhow::Result<()> {
        aws_sdk_backup::Client::new(&self.root)
            .put_backup_vault_access_policy()
            .backup_vault_name(vault)
            .policy(policy)
            .send()
            .await?;
        Ok(())
    }

    async fn hold(&self, vault: &str) -> anyhow::Result<String> {
        let hold = aws_sdk_backup::Client::new(&self.root)
            .create_legal_hold()
            .title("contract")
            .description("a case")
            .recovery_point_selection(
                aws_sdk_backup::types::RecoveryPointSelection::builder()
                    .vault_names(vault)
                    .build(),
            )
            .send()
            .await?;
        hold.legal_hold_id.context("the hold has no id")
    }

    async fn service_role(&self) -> anyhow::Result<String> {
        let iam = self.iam();
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"Service": "backup.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }],
        });
        if iam.get_role().role_name(SERVICE_ROLE).send().await.is_err() {
            let everything = json!({
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
            });
            make_role(&iam, "/service-role/", SERVICE_ROLE, &trust, &everything).await?;
        }
        let account = &self.target.connection.account;
        Ok(format!(
            "arn:aws:iam::{account}:role/service-role/{SERVICE_ROLE}"
        ))
    }

    async fn create(&self, resource_type: &ResourceType) -> anyhow::Result<Option<String>> {
        resources::create(self, resource_type).await
    }

    async fn create_bucket_in(&self, region: &Region) -> anyhow::Result<String> {
        resources::create_bucket(self, region.as_str()).await
    }

    async fn deny(&self, actions: &[&str]) -> anyhow::Result<()> {
        deny(&self.iam(), ROLE, actions).await
    }

    async fn break_way(&self, way: Way) -> anyhow::Result<Target> {
        let mut target = self.target();
        let account = &target.connection.account;
        let iam = self.iam();
        let external_id = target.connection.external_id.as_str();
        let policy = match way {
            Way::NoRole => {
                target.connection.role =
                    RoleArn::parse(format!("arn:aws:iam::{account}:role/Absent"))?;
                return Ok(target);
            }
            Way::NoTrust => trust("000000000043", Some(external_id)),
            Way::OtherExternalId => trust(CONSOLE, Some("another-secret")),
        };
        iam.update_assume_role_policy()
            .role_name(ROLE)
            .policy_document(policy.to_string())
            .send()
            .await?;
        Ok(target)
    }
}
