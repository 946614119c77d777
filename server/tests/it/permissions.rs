//! What the simulated AWS says of the roles that the template makes, asked by the real adapters.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidemark_domain::{
    Feature, ScopeCause,
    permissions::{AccountPermissions, Allowance, DeniedBy, FeatureState},
};
use tidemark_sandbox::FaultRule;
use tidemark_services::{
    accounts::{self, AddAccount, TemplateRequest},
    permissions,
};
use tidemark_testkit::build;

use crate::{
    isolation::{CONSOLE, World, admin, bare_world},
    support::target::TargetAccount,
};

const ID: &str = "222233334444";
const ROLE: &str = "TidemarkAccess";

/// One account, its roles made by the template.
async fn world() -> (World, TargetAccount) {
    let world = bare_world().await;
    let form = AddAccount {
        account: ID.to_owned(),
        alias: "orders".to_owned(),
        regions: "eu-west-1".to_owned(),
        ..AddAccount::default()
    };
    let services = &world.wired.services;
    accounts::add(services, &admin(), &form).await.unwrap();
    let request = TemplateRequest::one(&build::account_id(ID));
    let console = build::account_id(CONSOLE);
    let template = accounts::template(services, &admin(), &request, &console)
        .await
        .unwrap();
    let target = TargetAccount::root(world.sandbox.endpoint_url(), ID);
    target.deploy(&template).await;
    (world, target)
}

async fn check(world: &World) -> AccountPermissions {
    permissions::check(&world.wired.services, &admin(), &build::account_id(ID))
        .await
        .unwrap()
}

/// What is denied, with what denies it.
fn denied(found: &AccountPermissions) -> BTreeSet<(&str, Option<DeniedBy>)> {
    let actions = found.regions[0].report.actions.iter();
    actions
        .filter(|one| one.state == Allowance::Denied)
        .map(|one| (one.action.as_str(), one.by))
        .collect()
}

/// The policy without an action, in every statement.
fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    let statements = policy["Statement"].as_array_mut().unwrap();
    for statement in statements.iter_mut() {
        let actions = statement["Action"].as_array_mut().unwrap();
        actions.retain(|one| one != action);
    }
    statements.retain(|statement| !statement["Action"].as_array().unwrap().is_empty());
    policy
}

#[tokio::test]
async fn each_action_that_is_taken_out_of_the_policy_is_named_and_the_policy_shown_brings_it_back()
{
    let (world, target) = world().await;
    let whole = check(&world).await;
    assert_eq!(denied(&whole), BTreeSet::new());
    let policy = target.policy(ROLE, "tidemark").await;
    let all: BTreeSet<&str> = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|action| action.as_str().unwrap())
        .collect();
    assert!(all.len() > 90, "{}", all.len());
    for action in all {
        let less = without(&policy, action);
        target.put_policy(ROLE, "tidemark", Some(&less)).await;
        let found = check(&world).await;
        if action == "iam:SimulatePrincipalPolicy" {
            // Nobody can be asked then: what is not known is not called denied.
            assert_eq!(denied(&found), [(action, None)].into());
            assert!(found.regions[0].report.not_asked.is_some());
        } else {
            let wanted = [(action, Some(DeniedBy::NoPolicy))].into();
            assert_eq!(denied(&found), wanted);
        }
        let missing = found.regions[0].role_policy.as_deref().unwrap();
        let missing: Value = serde_json::from_str(missing).unwrap();
        target.put_policy(ROLE, "missing", Some(&missing)).await;
        assert_eq!(denied(&check(&world).await), BTreeSet::new(), "{missing}");
        target.put_policy(ROLE, "missing", None).await;
    }
    target.put_policy(ROLE, "tidemark", Some(&policy)).await;
    assert_eq!(denied(&check(&world).await), BTreeSet::new());
}

#[tokio::test]
async fn a_boundary_and_a_denying_statement_are_told_from_a_missing_policy() {
    let (world, target) = world().await;
    let deny = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "backup:StartBackupJob", "Resource": "*"},
    ]});
    target.put_policy(ROLE, "deny", Some(&deny)).await;
    let bound = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "NotAction": "dynamodb:DeleteTable", "Resource": "*"},
    ]});
    target.bound(ROLE, "bounds", &bound).await;
    let found = check(&world).await;
    let wanted = [
        ("backup:StartBackupJob", Some(DeniedBy::Statement)),
        ("dynamodb:DeleteTable", Some(DeniedBy::Boundary)),
    ];
    assert_eq!(denied(&found), wanted.into());
    let region = &found.regions[0];
    assert_eq!(region.role_policy, None, "no policy of the role would help");
    let boundary = region.boundary_policy.as_deref().unwrap();
    assert!(boundary.contains("dynamodb:DeleteTable"), "{boundary}");
    assert!(
        region.by_hand[0].contains("backup:StartBackupJob"),
        "{:?}",
        region.by_hand
    );
    let stands = |feature| region.report.of(feature).state;
    assert_eq!(stands(Feature::Backup), FeatureState::Denied);
    assert_eq!(stands(Feature::Plans), FeatureState::Allowed);
}

#[tokio::test]
async fn a_role_that_is_gone_or_trusts_nobody_is_named_as_the_link_that_is_broken() {
    let (world, target) = world().await;
    let nobody = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
    }]});
    target.trust(ROLE, &nobody).await;
    let found = check(&world).await;
    let broken = found.regions[0].report.broken.as_ref().unwrap();
    assert_eq!(broken.cause, ScopeCause::Trust);
    assert_eq!(denied(&found), BTreeSet::new());
}

#[tokio::test]
async fn pages_and_the_api_show_what_is_denied_and_what_was_lost() {
    let (mut world, target) = world().await;
    check(&world).await;
    let policy = target.policy(ROLE, "tidemark").await;
    let less = without(&policy, "backup:StartBackupJob");
    target.put_policy(ROLE, "tidemark", Some(&less)).await;
    check(&world).await;
    let mut browser = world.client.clone().browser();
    let page = browser.get("/accounts/permissions").await;
    assert!(page.body.contains("1 denied, lost"), "{}", page.body);
    assert!(page.body.contains("backup:StartBackupJob"));
    let none = browser
        .get("/accounts/permissions?feature=plans&state=denied")
        .await;
    assert!(none.body.contains("No role matches"));
    let page = browser.get(&format!("/accounts/{ID}")).await;
    assert!(page.body.contains("no policy of the role allows it"));
    assert!(page.body.contains("The policy that the role lacks"));
    let overview = browser.get("/").await;
    assert!(
        overview
            .body
            .contains("Roles may no longer do what they once could")
    );
    let rows = world
        .client
        .get("/api/v1/accounts/permissions?lost=yes")
        .await
        .json();
    assert_eq!(rows[0]["lost"]["actions"], json!(["backup:StartBackupJob"]));
    let of = world
        .client
        .get(&format!("/api/v1/accounts/{ID}/permissions"))
        .await
        .json();
    assert_eq!(of["changes"][0]["now"], "denied", "{of}");
    let wrong = world
        .client
        .get("/api/v1/accounts/permissions?state=gone")
        .await;
    assert_eq!(wrong.status.as_u16(), 400);
}

/// Not used by the tests of one account alone.
pub(crate) fn fault(world: &World, rule: Value) {
    let rule: FaultRule = serde_json::from_value(rule).unwrap();
    world.sandbox.faults().add(rule);
}
