//! What a set-up asks of buckets and streams, of the fake and of the sandbox alike.

use std::sync::Arc;

use anyhow::Context as _;
use tidemark_services::ports::{RecordsCloud, Target};
use tidemark_testkit::{
    FakeRecordsCloud, build,
    contract::{CloudEstate as _, buckets},
};

use crate::{
    estate::{ClockOf, WireEstate},
    setup,
    world::sandbox,
};

const TABLE: &str = "contract";

/// The fake with a table, then the sandbox with one.
async fn on_both<F, Fut>(case: F) -> anyhow::Result<()>
where
    F: Fn(Arc<dyn RecordsCloud>, Target) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let fake = FakeRecordsCloud::default();
    fake.add_table(TABLE);
    let target = build::target(&build::scope("111122223333", "eu-west-1"));
    case(Arc::new(fake), target).await.context("the fake")?;

    let sandbox = sandbox().await;
    let endpoint = sandbox.endpoint_url();
    let estate = WireEstate::new(endpoint, Some(ClockOf::of(&sandbox))).await?;
    estate.create_table(TABLE, 1).await?;
    let cloud = setup::cloud(endpoint).await;
    case(Arc::new(cloud), estate.target())
        .await
        .context("the sandbox")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_is_made_and_brought_into_shape() -> anyhow::Result<()> {
    on_both(|cloud, target| async move {
        buckets::a_bucket_is_made_and_brought_into_shape(&*cloud, &target, "tidemark-records-made")
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_policy_comes_back_as_it_was_put() -> anyhow::Result<()> {
    on_both(|cloud, target| async move {
        buckets::a_bucket_policy_comes_back_as_it_was_put(
            &*cloud,
            &target,
            "tidemark-records-ruled",
        )
        .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_locks_versions() -> anyhow::Result<()> {
    on_both(|cloud, target| async move {
        buckets::a_bucket_locks_versions(&*cloud, &target, "tidemark-records-locked").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_goes_on_and_off() -> anyhow::Result<()> {
    on_both(|cloud, target| async move {
        buckets::a_stream_goes_on_and_off(&*cloud, &target, TABLE).await
    })
    .await
}
