//! Who else may use a bucket.

mod battery;
mod changing;
mod proving;
mod stacks;

use tidemark_domain::{
    Role,
    policy::{AccessChange, AccessPlan, AccessRequest, AccessTask},
    runs::{RunId, RunView},
};
use tidemark_services::{
    Caller, ServiceError,
    policies::{self, PolicyConfirmed, StackQuery},
};
use tidemark_testkit::{FakeRole, build};

use crate::world::{ACCOUNT, World, caller};

pub(crate) const BUCKET: &str = "volumes-archive";
/// The account of the roles: another one than the bucket's.
pub(crate) const CLUSTER: &str = "222233334444";
pub(crate) const INSTANCE: &str = "arn:aws:iam::222233334444:role/lb/InstanceRole-1";
pub(crate) const LAMBDA: &str = "arn:aws:iam::222233334444:role/lb/LambdaRole-1";

/// What somebody else wrote.
pub(crate) const FOREIGN: &str = r#"{ "Id":"kept", "Version":"2012-10-17",
  "Statement": {"Sid" : "Tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::volumes-archive/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}} }"#;

pub(crate) const EXPORTS: [&str; 2] = ["s3:GetObject", "s3:PutObject"];

/// A bucket with a policy, and two exporters' roles in another account, one of which can be tried.
pub(crate) async fn world() -> World {
    let world = World::new().await;
    world.add_account(CLUSTER).await;
    world.policies.add_bucket(ACCOUNT, BUCKET, Some(FOREIGN));
    let exporter = FakeRole::allowing(&EXPORTS);
    world.policies.add_role(LAMBDA, exporter.clone());
    world.policies.add_role(INSTANCE, exporter.assumable());
    world
}

pub(crate) fn request(change: AccessChange) -> AccessRequest {
    let granted = !matches!(change, AccessChange::Return { .. });
    AccessRequest {
        account: build::account_id(ACCOUNT),
        region: build::region("eu-west-1"),
        bucket: BUCKET.parse().unwrap(),
        change,
        task: granted.then_some(AccessTask::BlockStorage),
        roles: if granted {
            vec![LAMBDA.parse().unwrap(), INSTANCE.parse().unwrap()]
        } else {
            Vec::new()
        },
        prefix: String::new(),
    }
}

pub(crate) fn confirmed(plan: &AccessPlan) -> PolicyConfirmed {
    PolicyConfirmed {
        digest: plan.digest.clone(),
        reason: "a new cluster".to_owned(),
    }
}

pub(crate) async fn begin(world: &World, change: AccessChange) -> RunId {
    let admin = caller(Role::Admin);
    let plan = policies::plan(&world.services, &admin, request(change))
        .await
        .unwrap();
    policies::start(&world.services, &admin, request(change), &confirmed(&plan))
        .await
        .unwrap()
}

pub(crate) async fn carried_out(world: &World, change: AccessChange) -> RunView {
    let run = begin(world, change).await;
    world.finish(run).await
}

/// The use cases of this noun, for the table of who may what.
pub(crate) async fn call(world: &World, who: &Caller, use_case: &str) -> Result<(), ServiceError> {
    let s = &world.services;
    world.add_account(CLUSTER).await;
    world.policies.add_bucket(ACCOUNT, BUCKET, Some(FOREIGN));
    for role in [INSTANCE, LAMBDA] {
        world.policies.add_role(role, FakeRole::allowing(&EXPORTS));
    }
    let grant = request(AccessChange::Grant);
    match use_case {
        "policy.show" => policies::show(s, who, &grant.account, &grant.region, &grant.bucket)
            .await
            .map(drop),
        "policy.roles" => {
            let query = StackQuery {
                account: grant.account,
                region: grant.region,
                stack: String::new(),
                text: String::new(),
            };
            policies::roles(s, who, &query).await.map(drop)
        }
        "policy.plan" => policies::plan(s, who, grant).await.map(drop),
        "policy.check" => policies::check(s, who, grant).await.map(drop),
        "policy.change" => {
            let plan = policies::plan(s, &caller(Role::Admin), grant.clone()).await?;
            policies::start(s, who, grant, &confirmed(&plan))
                .await
                .map(drop)
        }
        other => panic!("{other} is not in the table"),
    }
}
