//! Who else may use a bucket, of the fake and of the sandbox: across accounts, with the template's roles.

use anyhow::{Context as _, ensure};
use serde_json::json;
use tidemark_aws::AwsCloud;
use tidemark_domain::{
    Region, RoleArn,
    policy::{AccessTask, BUCKET_POLICY_LIMIT, Document, merge, statements},
    records::RecordsPrefix,
};
use tidemark_sandbox::{NewStack, RunningSandbox, StackResource};
use tidemark_services::ports::{
    CloudErrorKind, PolicyCloud, RoleSays, Simulation, Target, Trial, Tried,
};
use tidemark_testkit::{
    FakePolicyCloud, FakeRole, build,
    contract::{CloudEstate as _, policies},
};

use crate::{
    estate::{ClockOf, WireEstate},
    setup::{self, REGION},
    world,
};

const BUCKET: &str = "volumes-of-others";

/// A bucket in one account, and a role in another that may be tried, and one that may not.
struct Scene {
    sandbox: RunningSandbox,
    cloud: AwsCloud,
    bucket: Target,
    roles: Target,
    tried: RoleArn,
    left: RoleArn,
}

async fn scene() -> anyhow::Result<Scene> {
    let sandbox = world::sandbox().await;
    let estate = || WireEstate::new(sandbox.endpoint_url(), Some(ClockOf::of(&sandbox)));
    let (bucket, roles) = (estate().await?.target(), estate().await?.target());
    let owner = bucket.connection.account.as_str();
    let cluster = roles.connection.account.as_str();
    sandbox
        .invoke(
            owner,
            REGION,
            "s3",
            "CreateBucket",
            json!({"Bucket": BUCKET, "CreateBucketConfiguration": {"LocationConstraint": REGION}}),
        )
        .await?;
    let account = format!("arn:aws:iam::{cluster}:root");
    for (name, tag) in [("Tried", "allowed"), ("Left", "no")] {
        let trust = json!({"Version": "2012-10-17", "Statement": [
            // The account as a whole: which of its roles may assume it, their own policies say.
            {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"},
        ]});
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::volumes-*/*"},
            {"Effect": "Deny", "Action": "s3:PutObjectAcl", "Resource": "*"},
        ]});
        let iam = async |operation: &str, input| {
            sandbox
                .invoke(cluster, REGION, "iam", operation, input)
                .await
        };
        iam(
            "CreateRole",
            json!({
                "RoleName": name,
                "Path": "/exporters/",
                "AssumeRolePolicyDocument": trust.to_string(),
                "Tags": [{"Key": "tidemark:prove-access", "Value": tag}],
            }),
        )
        .await?;
        iam(
            "PutRolePolicy",
            json!({"RoleName": name, "PolicyName": "export", "PolicyDocument": policy.to_string()}),
        )
        .await?;
    }
    let role = |name: &str| RoleArn::parse(format!("arn:aws:iam::{cluster}:role/exporters/{name}"));
    Ok(Scene {
        cloud: setup::cloud(sandbox.endpoint_url()).await,
        tried: role("Tried")?,
        left: role("Left")?,
        sandbox,
        bucket,
        roles,
    })
}

/// The policy that lets a role export.
fn exporting(role: &RoleArn) -> anyhow::Result<String> {
    let ours = statements(
        AccessTask::BlockStorage,
        &Region::parse(REGION)?,
        &BUCKET.parse()?,
        &RecordsPrefix::parse("")?,
        std::slice::from_ref(role),
    );
    Ok(merge(&Document::empty(), &ours, BUCKET_POLICY_LIMIT)?)
}

fn trial(role: &RoleArn) -> anyhow::Result<Trial> {
    let key = "tidemark-access-proof/run/one";
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": format!("arn:aws:s3:::{BUCKET}/{key}"),
    }]});
    Ok(Trial {
        role: role.clone(),
        region: Region::parse(REGION)?,
        bucket: BUCKET.to_owned(),
        key: key.to_owned(),
        policy: policy.to_string(),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_contract_holds_for_the_fake_and_the_sandbox() -> anyhow::Result<()> {
    let fake = FakePolicyCloud::default();
    let target = build::target(&build::scope("111122223333", REGION));
    let role = "arn:aws:iam::111122223333:role/exporters/Tried";
    fake.add_bucket("111122223333", BUCKET, None);
    fake.add_role(role, FakeRole::default());
    let scene = scene().await?;
    let worlds: [(&dyn PolicyCloud, &Target, &Target, &str); 2] = [
        (&fake, &target, &target, role),
        (
            &scene.cloud,
            &scene.bucket,
            &scene.roles,
            scene.tried.as_str(),
        ),
    ];
    for (cloud, bucket, roles, role) in worlds {
        policies::a_policy_comes_and_goes_byte_for_byte(cloud, bucket, BUCKET)
            .await
            .context(role.to_owned())?;
        policies::a_missing_bucket_is_not_found(cloud, bucket)
            .await
            .context(role.to_owned())?;
        policies::a_role_is_found_with_its_path(cloud, roles, role).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_of_another_account_is_tried_and_leaves_nothing() -> anyhow::Result<()> {
    let scene = scene().await?;
    let Scene {
        cloud,
        bucket,
        roles,
        tried,
        ..
    } = &scene;
    // The bucket's side does not let it in yet, whatever its own policies say.
    let before = cloud.try_object(roles, &trial(tried)?).await?;
    ensure!(
        matches!(&before, Tried::As { put: Some(_), .. }),
        "{before:?}"
    );
    cloud
        .put_bucket_policy(bucket, BUCKET, &exporting(tried)?)
        .await?;
    let owner = bucket.connection.account.as_str();
    for versions in ["Suspended", "Enabled"] {
        scene
            .sandbox
            .invoke(
                owner,
                REGION,
                "s3",
                "PutBucketVersioning",
                json!({"Bucket": BUCKET, "VersioningConfiguration": {"Status": versions}}),
            )
            .await?;
        let after = cloud.try_object(roles, &trial(tried)?).await?;
        ensure!(
            after
                == Tried::As {
                    put: None,
                    get: None
                },
            "{after:?}"
        );
        cloud
            .clear_trials(bucket, BUCKET, "tidemark-access-proof/run/")
            .await?;
        let left = scene
            .sandbox
            .invoke(
                owner,
                REGION,
                "s3",
                "ListObjectVersions",
                json!({"Bucket": BUCKET}),
            )
            .await?;
        let text = left.to_string();
        ensure!(!text.contains("tidemark-access-proof"), "{text}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_is_not_tagged_for_it_is_not_assumed() -> anyhow::Result<()> {
    let scene = scene().await?;
    let outcome = scene
        .cloud
        .try_object(&scene.roles, &trial(&scene.left)?)
        .await?;
    ensure!(matches!(outcome, Tried::NotAssumed { .. }), "{outcome:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_outside_the_folder_of_proofs_stay() -> anyhow::Result<()> {
    let scene = scene().await?;
    let owner = scene.bucket.connection.account.as_str();
    scene
        .sandbox
        .invoke(
            owner,
            REGION,
            "s3",
            "PutObject",
            json!({"Bucket": BUCKET, "Key": "Cluster/kept", "__raw_body": "YQ=="}),
        )
        .await?;
    let refused = scene
        .cloud
        .clear_trials(&scene.bucket, BUCKET, "Cluster/")
        .await;
    let denied = refused.err().map(|error| error.kind);
    ensure!(denied == Some(CloudErrorKind::Denied), "{denied:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_role_may_is_told_from_what_it_is_denied() -> anyhow::Result<()> {
    let scene = scene().await?;
    let ask = async |action: &str, resource: &str| -> anyhow::Result<RoleSays> {
        let simulation = Simulation {
            actions: vec![action.to_owned()],
            resources: vec![resource.to_owned()],
            ..Simulation::default()
        };
        let answers = scene
            .cloud
            .simulate_role(&scene.roles, &scene.tried, &simulation)
            .await?;
        answers.get(action).copied().context("no answer")
    };
    let object = "arn:aws:s3:::volumes-of-others/x";
    ensure!(ask("s3:PutObject", object).await? == RoleSays::Allowed);
    ensure!(ask("s3:PutObject", "arn:aws:s3:::other/x").await? == RoleSays::NotAllowed);
    ensure!(ask("s3:PutObjectAcl", object).await? == RoleSays::Denied);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s3_takes_no_policy_for_a_role_that_is_not_there() -> anyhow::Result<()> {
    let scene = scene().await?;
    let cluster = scene.roles.connection.account.as_str();
    for role in [
        format!("arn:aws:iam::{cluster}:role/Tried"),
        format!("arn:aws:iam::{cluster}:role/exporters/Nobody"),
    ] {
        let policy = exporting(&RoleArn::parse(&role)?)?;
        let put = scene
            .cloud
            .put_bucket_policy(&scene.bucket, BUCKET, &policy)
            .await;
        let error = put.err().context(role)?;
        ensure!(error.kind == CloudErrorKind::Invalid, "{error:?}");
        ensure!(error.message.contains("Invalid principal"), "{error:?}");
    }
    let elsewhere = exporting(&scene.tried)?.replace(BUCKET, "another-bucket");
    let put = scene
        .cloud
        .put_bucket_policy(&scene.bucket, BUCKET, &elsewhere)
        .await;
    let error = put.err().context("another bucket")?;
    ensure!(error.message.contains("invalid resource"), "{error:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stacks_are_listed_with_all_their_pages() -> anyhow::Result<()> {
    let scene = scene().await?;
    let account = scene.roles.connection.account.as_str();
    let add = |name: &str, parent: Option<&str>, status: &str, resources: usize| {
        let new = NewStack {
            account,
            region: REGION,
            name,
            parent,
            status,
            resources: (0..resources)
                .map(|number| StackResource {
                    logical_id: format!("Role{number}"),
                    physical_id: format!("{name}-Role{number}"),
                    resource_type: "AWS::IAM::Role".to_owned(),
                })
                .collect(),
        };
        scene.sandbox.stacks().add(new, jiff::Timestamp::UNIX_EPOCH)
    };
    let root = add("storage", None, "CREATE_COMPLETE", 120);
    let nested = add("storage-nested", Some(&root), "UPDATE_COMPLETE", 0);
    add("gone", None, "DELETE_COMPLETE", 0);
    for number in 0..60 {
        add(&format!("other-{number}"), None, "CREATE_COMPLETE", 0);
    }
    let stacks = scene.cloud.stacks(&scene.roles).await?;
    ensure!(stacks.len() == 62, "{}", stacks.len());
    ensure!(stacks.iter().all(|stack| stack.name != "gone"));
    let found = stacks
        .iter()
        .find(|stack| stack.id == nested)
        .context("nested")?;
    ensure!(found.parent.as_deref() == Some(root.as_str()), "{found:?}");
    let resources = scene.cloud.stack_resources(&scene.roles, &root).await?;
    ensure!(resources.len() == 121, "{}", resources.len());
    let below = resources
        .iter()
        .find(|one| one.resource_type == "AWS::CloudFormation::Stack");
    ensure!(below.and_then(|one| one.physical_id.clone()) == Some(nested));
    // Another account's stacks are none of ours.
    ensure!(scene.cloud.stacks(&scene.bucket).await?.is_empty());
    let missing = scene.cloud.stack_resources(&scene.roles, "nowhere").await;
    ensure!(missing.is_err());
    Ok(())
}
