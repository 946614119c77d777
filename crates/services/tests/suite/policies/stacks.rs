use tidemark_domain::{Role, policy::StackRoles};
use tidemark_services::{
    ServiceError,
    policies::{self, StackQuery},
};
use tidemark_testkit::{FakeRole, build, stack_id};

use crate::world::{ACCOUNT, World, caller};

const ROLE: &str = "AWS::IAM::Role";
const NESTED: &str = "AWS::CloudFormation::Stack";

/// Stacks nested three deep, the last with both roles; and another with roles of its own.
async fn nested() -> World {
    let world = World::new().await;
    let policies = &world.policies;
    policies.add_stack(
        "storage",
        None,
        &[(NESTED, "Cluster", &stack_id("cluster"))],
    );
    policies.add_stack(
        "cluster",
        Some("storage"),
        &[
            ("AWS::EC2::VPC", "Vpc", "vpc-1"),
            (NESTED, "Exporters", &stack_id("exporters")),
            // A stack that is its own parent must not be walked for ever.
            (NESTED, "Again", &stack_id("storage")),
            (NESTED, "NotYet", ""),
        ],
    );
    policies.add_stack(
        "exporters",
        Some("cluster"),
        &[
            (ROLE, "LambdaRole", "storage-LambdaRole-2"),
            (ROLE, "InstanceRole", "storage-InstanceRole-1"),
            (ROLE, "Gone", "storage-Gone-3"),
        ],
    );
    policies.add_stack("web", None, &[(ROLE, "Site", "web-Site-exporter")]);
    for (path, name) in [
        ("lb/", "storage-LambdaRole-2"),
        ("lb/", "storage-InstanceRole-1"),
        ("", "web-Site-exporter"),
    ] {
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{path}{name}");
        policies.add_role(&arn, FakeRole::default());
    }
    world
}

async fn ask(world: &World, stack: &str, text: &str) -> Result<StackRoles, ServiceError> {
    let query = StackQuery {
        account: build::account_id(ACCOUNT),
        region: build::region("eu-west-1"),
        stack: stack.to_owned(),
        text: text.to_owned(),
    };
    policies::roles(&world.services, &caller(Role::Admin), &query).await
}

fn names(found: &StackRoles) -> Vec<&str> {
    found.roles.iter().map(|role| role.arn.name()).collect()
}

#[tokio::test]
async fn both_roles_are_found_three_stacks_deep_with_their_path() {
    let world = nested().await;
    let found = ask(&world, "", "").await.unwrap();
    assert_eq!(found.stacks, ["storage", "web"]);
    assert_eq!(
        names(&found),
        ["storage-InstanceRole-1", "storage-LambdaRole-2"]
    );
    let instance = &found.roles[0];
    assert_eq!(
        instance.arn.as_str(),
        format!("arn:aws:iam::{ACCOUNT}:role/lb/storage-InstanceRole-1")
    );
    assert_eq!(instance.stacks, ["storage", "cluster", "exporters"]);
    assert!(instance.is_usual && instance.logical_id == "InstanceRole");
}

#[tokio::test]
async fn roles_are_found_by_name_and_below_one_stack() {
    let world = nested().await;
    assert_eq!(
        names(&ask(&world, "", "EXPORTER").await.unwrap()),
        ["web-Site-exporter"]
    );
    let below = ask(&world, "cluster", "").await.unwrap();
    assert_eq!(
        names(&below),
        ["storage-InstanceRole-1", "storage-LambdaRole-2"]
    );
    assert!(
        below.notes[0].contains("storage-Gone-3 of cluster / exporters was deleted"),
        "{:?}",
        below.notes
    );
    let by_id = ask(&world, &stack_id("web"), "").await.unwrap();
    assert_eq!(names(&by_id), ["web-Site-exporter"]);
    let error = ask(&world, "nowhere", "").await.unwrap_err();
    assert!(matches!(error, ServiceError::NotFound(_)), "{error}");
}
