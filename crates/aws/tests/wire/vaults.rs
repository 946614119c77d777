//! Vaults created, locked and held, of the fake and of the sandbox, there with the role of the template.

use anyhow::{Context as _, ensure};
use jiff::SignedDuration;
use tidemark_aws::AwsCloud;
use tidemark_domain::{Arn, VaultName, vaults::NewVault};
use tidemark_sandbox::RunningSandbox;
use tidemark_services::ports::{CloudErrorKind, Target, VaultCloud};
use tidemark_testkit::{
    FakeCloud, TestClock, build,
    contract::{CloudEstate, vaults},
};

use crate::{
    estate::{ClockOf, WireEstate},
    setup::{self, REGION},
    world,
};

struct Scene {
    fake: FakeCloud,
    fake_target: Target,
    sandbox: RunningSandbox,
    estate: WireEstate,
    cloud: AwsCloud,
}

async fn scene() -> anyhow::Result<Scene> {
    let scope = build::scope("111122223333", REGION);
    let fake = FakeCloud::new(TestClock::default())
        .with_account(&build::connection("111122223333"), &[REGION]);
    let sandbox = world::sandbox().await;
    let endpoint = sandbox.endpoint_url().to_owned();
    Ok(Scene {
        fake,
        fake_target: build::target(&scope),
        estate: WireEstate::new(&endpoint, Some(ClockOf::of(&sandbox))).await?,
        cloud: setup::cloud(&endpoint).await,
        sandbox,
    })
}

/// A vault with a key and a tag.
fn new_vault(target: &Target) -> anyhow::Result<NewVault> {
    let account = &target.connection.account;
    let key = format!("arn:aws:kms:{REGION}:{account}:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    Ok(NewVault {
        key: Some(Arn::parse(key)?),
        tags: [("team".to_owned(), "contract".to_owned())].into(),
        policy: None,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_contract_holds_for_the_fake_and_the_sandbox() -> anyhow::Result<()> {
    let scene = scene().await?;
    let wire = scene.estate.target();
    let worlds: [(&str, &dyn VaultCloud, &Target); 2] = [
        ("fake", &scene.fake, &scene.fake_target),
        ("sandbox", &scene.cloud, &wire),
    ];
    for (name, cloud, target) in worlds {
        let all = async {
            vaults::a_vault_comes_and_goes(cloud, target, &NewVault::default()).await?;
            vaults::a_vault_comes_and_goes(cloud, target, &new_vault(target)?).await?;
            vaults::a_vault_policy_comes_and_goes_byte_for_byte(cloud, target).await?;
            vaults::a_lock_is_set_and_removed(cloud, target).await?;
            vaults::a_hold_is_made_and_released(cloud, target).await
        };
        all.await.context(name)?;
    }
    vaults::a_lock_past_its_date_is_immutable(&scene.fake, &scene.fake_target, || async {
        scene.fake.clock().advance(SignedDuration::from_hours(73));
    })
    .await
    .context("fake")?;
    vaults::a_lock_past_its_date_is_immutable(&scene.cloud, &wire, || async {
        scene
            .sandbox
            .clock()
            .advance(SignedDuration::from_hours(73));
    })
    .await
    .context("sandbox")
}

/// What AWS asks of whoever creates a vault besides, it asks here: each without which it is denied.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_under_an_own_key_needs_the_key_and_its_storage() -> anyhow::Result<()> {
    let scene = scene().await?;
    let target = scene.estate.target();
    let (name, new) = (VaultName::parse("made-here")?, new_vault(&target)?);
    for lacking in [
        "backup:CreateBackupVault",
        "backup-storage:MountCapsule",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
        "kms:RetireGrant",
    ] {
        scene.estate.deny(&[lacking]).await?;
        let answer = scene.cloud.create_vault(&target, &name, &new, "t").await;
        let denied = matches!(&answer, Err(error) if error.kind == CloudErrorKind::Denied);
        ensure!(denied, "{lacking}: {answer:?}");
    }
    Ok(())
}
