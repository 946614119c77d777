use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, ExternalId, LegalHold, PointSource, Region, ResourceType, Scope, Vault,
};
use tidemark_services::ports::{Cloud, Target};

use super::{CloudEstate, Way};
use crate::{Access, FakeCloud, FakeTable, TestClock, build};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

/// The fake as a world under test.
#[derive(Debug)]
pub struct FakeEstate {
    cloud: FakeCloud,
    scope: Scope,
}

impl Default for FakeEstate {
    fn default() -> Self {
        let cloud = FakeCloud::new(TestClock::default())
            .with_account(&build::connection(ACCOUNT), &[REGION]);
        Self {
            cloud,
            scope: build::scope(ACCOUNT, REGION),
        }
    }
}

#[async_trait]
impl CloudEstate for FakeEstate {
    fn cloud(&self) -> Arc<dyn Cloud> {
        Arc::new(self.cloud.clone())
    }

    fn target(&self) -> Target {
        build::target(&self.scope)
    }

    async fn now(&self) -> anyhow::Result<Timestamp> {
        Ok(self.cloud.clock().now())
    }

    async fn tick(&self) -> anyhow::Result<()> {
        self.cloud.clock().advance(SignedDuration::from_secs(1));
        Ok(())
    }

    async fn create_table(&self, name: &str, items: usize) -> anyhow::Result<Arn> {
        let table = FakeTable::new(name).items(i64::try_from(items)?);
        self.cloud.add_table(&self.scope, table);
        Ok(build::table_arn(&self.scope, name))
    }

    async fn set_items(&self, table: &str, items: usize) -> anyhow::Result<()> {
        self.cloud
            .set_items(&self.scope, table, i64::try_from(items)?);
        Ok(())
    }

    async fn items(&self, table: &str) -> anyhow::Result<usize> {
        let items = self
            .cloud
            .items(&self.scope, table)
            .context("no such table")?;
        Ok(usize::try_from(items)?)
    }

    async fn back_table_up(&self, table: &str) -> anyhow::Result<Arn> {
        let resource = build::resource(&self.scope, table).build();
        let arn = format!("{}/backup/01768478400000-contract", resource.arn);
        let point = build::point(&resource, "unused")
            .outside_vaults(PointSource::DynamoDbBackup, &arn)
            .status("AVAILABLE")
            .at(self.cloud.clock().now())
            .build();
        let items = self
            .cloud
            .items(&self.scope, table)
            .context("no such table")?;
        self.cloud.add_point(point.clone(), BTreeMap::new(), items);
        Ok(point.arn)
    }

    async fn create_vault(&self, name: &str) -> anyhow::Result<()> {
        self.cloud.add_vault(build::vault(&self.scope, name));
        Ok(())
    }

    async fn put_access_policy(&self, vault: &str, policy: &str) -> anyhow::Result<()> {
        self.cloud.add_vault(Vault {
            access_policy: Some(policy.to_owned()),
            created_at: Some(self.cloud.clock().now()),
            encryption_key: Some(Arn::parse(format!(
                "arn:aws:kms:{REGION}:{ACCOUNT}:key/contract"
            ))?),
            ..build::vault(&self.scope, vault)
        });
        Ok(())
    }

    async fn hold(&self, vault: &str) -> anyhow::Result<String> {
        self.cloud.add_hold(LegalHold {
            id: "hold-1".to_owned(),
            arn: Arn::parse(format!(
                "arn:aws:backup:{REGION}:{ACCOUNT}:legal-hold:hold-1"
            ))?,
            account: self.scope.account.clone(),
            region: self.scope.region.clone(),
            title: "contract".to_owned(),
            description: "a case".to_owned(),
            status: "ACTIVE".to_owned(),
            created_at: self.cloud.clock().now(),
            cancelled_at: None,
            vaults: vec![vault.to_owned()],
            resources: Vec::new(),
            from: None,
            until: None,
            points: 0,
        });
        Ok("hold-1".to_owned())
    }

    async fn service_role(&self) -> anyhow::Result<String> {
        Ok(format!("arn:aws:iam::{ACCOUNT}:role/backup"))
    }

    async fn create(&self, resource_type: &ResourceType) -> anyhow::Result<Option<String>> {
        let arn = match resource_type {
            ResourceType::S3 => "arn:aws:s3:::contract".to_owned(),
            other => format!(
                "arn:aws:{}:{REGION}:{ACCOUNT}:thing/contract",
                other.as_str().to_lowercase()
            ),
        };
        let resource = build::resource(&self.scope, "contract")
            .of(resource_type.clone(), &arn)
            .tag("owner", "ann")
            .build();
        self.cloud.add_resource(resource);
        Ok(Some("contract".to_owned()))
    }

    async fn create_bucket_in(&self, region: &Region) -> anyhow::Result<String> {
        let scope = Scope {
            account: self.scope.account.clone(),
            region: region.clone(),
        };
        let bucket = build::resource(&scope, "elsewhere")
            .of(ResourceType::S3, "arn:aws:s3:::elsewhere")
            .build();
        self.cloud.add_resource(bucket);
        Ok("elsewhere".to_owned())
    }

    async fn deny(&self, actions: &[&str]) -> anyhow::Result<()> {
        self.cloud.deny(&self.scope.account, actions);
        Ok(())
    }

    async fn break_way(&self, way: Way) -> anyhow::Result<Target> {
        let mut target = self.target();
        match way {
            Way::NoRole => self
                .cloud
                .set_access(&self.scope.account, Access::NoSuchRole),
            Way::NoTrust => self.cloud.set_access(&self.scope.account, Access::NoTrust),
            Way::OtherExternalId => {
                target.connection.external_id = ExternalId::parse("another-secret")?;
            }
        }
        Ok(target)
    }
}
