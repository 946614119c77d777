use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use jiff::Timestamp;
use tidemark_domain::{Arn, Region, ResourceType};
use tidemark_services::ports::{Cloud, CloudError, CloudErrorKind, Target};

/// How a way into the account stands, for cases about access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The role that the target names does not exist.
    NoRole,
    /// The role trusts another account.
    NoTrust,
    /// The role expects another external id.
    OtherExternalId,
}

/// A world under test: one account with a role that lets the console in, and the means to set it up
/// and look at it behind the port's back. Each case gets an estate of its own.
#[async_trait]
pub trait CloudEstate: Send + Sync {
    /// The port under test.
    fn cloud(&self) -> Arc<dyn Cloud>;

    /// The way into the account, as the console reads.
    fn target(&self) -> Target;

    /// The present moment of the world.
    async fn now(&self) -> anyhow::Result<Timestamp>;

    /// Lets a little time pass, so that jobs go on: on a clock that can be moved, without waiting.
    async fn tick(&self) -> anyhow::Result<()>;

    /// Makes an active table with that many items.
    async fn create_table(&self, name: &str, items: usize) -> anyhow::Result<Arn>;

    /// Makes the table hold that many items.
    async fn set_items(&self, table: &str, items: usize) -> anyhow::Result<()>;

    /// How many items the table holds.
    async fn items(&self, table: &str) -> anyhow::Result<usize>;

    /// Backs a table up by DynamoDB itself.
    async fn back_table_up(&self, table: &str) -> anyhow::Result<Arn>;

    /// Makes a vault.
    async fn create_vault(&self, name: &str) -> anyhow::Result<()>;

    /// Gives a vault an access policy.
    async fn put_access_policy(&self, vault: &str, policy: &str) -> anyhow::Result<()>;

    /// Puts a legal hold titled `contract` on everything in a vault; answers its id.
    async fn hold(&self, vault: &str) -> anyhow::Result<String>;

    /// The role that AWS Backup assumes.
    async fn service_role(&self) -> anyhow::Result<String>;

    /// Makes a resource of this type with tag `owner` = `ann`; answers its name, or none where the
    /// world cannot make one.
    async fn create(&self, resource_type: &ResourceType) -> anyhow::Result<Option<String>>;

    /// Makes a bucket in another Region; answers its name.
    async fn create_bucket_in(&self, region: &Region) -> anyhow::Result<String>;

    /// Takes actions such as `rds:DescribeDBInstances` away from the role.
    async fn deny(&self, actions: &[&str]) -> anyhow::Result<()>;

    /// Breaks the way in; answers the target to use from now on.
    async fn break_way(&self, way: Way) -> anyhow::Result<Target>;
}

/// How long a state may take to come about; emulators on a busy machine are slow.
const DEADLINE: Duration = Duration::from_mins(1);

/// Looks until something is there, letting time pass in between.
pub async fn until<T, F>(
    estate: &dyn CloudEstate,
    what: &str,
    mut look: impl FnMut() -> F,
) -> anyhow::Result<T>
where
    F: Future<Output = anyhow::Result<Option<T>>>,
{
    let start = std::time::Instant::now();
    while start.elapsed() < DEADLINE {
        if let Some(found) = look().await.with_context(|| what.to_owned())? {
            return Ok(found);
        }
        estate.tick().await?;
    }
    bail!("{what}: not within {} s", DEADLINE.as_secs())
}

/// Waits until a table is active.
pub(crate) async fn active(
    estate: &dyn CloudEstate,
    name: &str,
) -> anyhow::Result<tidemark_services::ports::TableDescription> {
    use tidemark_services::ports::TableStatus;
    let (cloud, target) = (estate.cloud(), estate.target());
    until(estate, &format!("the table {name} is active"), || async {
        let table = cloud.table(&target, name).await?;
        Ok(table.filter(|t| t.status == TableStatus::Active))
    })
    .await
}

/// The error of an answer, which must be of this kind.
pub(crate) fn refused<T: std::fmt::Debug>(
    answer: Result<T, CloudError>,
    kind: CloudErrorKind,
) -> anyhow::Result<CloudError> {
    match answer {
        Ok(value) => bail!("expected {kind:?}, got {value:?}"),
        Err(error) if error.kind == kind => Ok(error),
        Err(error) => bail!("expected {kind:?}, got {error:?}"),
    }
}
