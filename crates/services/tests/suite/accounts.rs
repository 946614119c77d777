use tidemark_domain::{AccountId, Role, Verdict};
use tidemark_services::{
    ServiceError,
    accounts::{self, AddAccount, TemplateRequest},
    ports::SyncTurn,
};
use tidemark_testkit::Access;

use crate::world::{ACCOUNT, World, caller};

fn form() -> AddAccount {
    AddAccount {
        account: "222233334444".to_owned(),
        alias: "media".to_owned(),
        role: String::new(),
        regions: "eu-west-1, eu-central-1".to_owned(),
        features: String::new(),
    }
}

#[tokio::test]
async fn each_wrong_field_of_the_form_is_named_and_nothing_is_registered() {
    let world = World::new().await;
    let wrong = |change: fn(&mut AddAccount)| {
        let mut form = form();
        change(&mut form);
        form
    };
    let cases = [
        ("account id", wrong(|f| f.account = "1234".to_owned())),
        ("alias", wrong(|f| f.alias = "  ".to_owned())),
        (
            "role ARN",
            wrong(|f| f.role = "arn:aws:iam::222233334444:user/x".to_owned()),
        ),
        (
            "role ARN",
            wrong(|f| f.role = "arn:aws:iam::999999999999:role/TidemarkAccess".to_owned()),
        ),
        ("Region", wrong(|f| f.regions = "Frankfurt".to_owned())),
        ("Regions", wrong(|f| f.regions = " , ".to_owned())),
    ];
    for (field, form) in cases {
        match accounts::add(&world.services, &caller(Role::Admin), &form).await {
            Err(ServiceError::Invalid(invalid)) => assert_eq!(invalid.field, field),
            other => panic!("{field}: {other:?}"),
        }
    }
    let list = accounts::list(&world.services, &caller(Role::Admin))
        .await
        .unwrap();
    assert_eq!(list.len(), 1);
}

#[tokio::test]
async fn a_new_account_gets_an_external_id_of_its_own_and_a_sync_of_each_region() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    let one = accounts::add(&world.services, &admin, &form())
        .await
        .unwrap();
    let other = AddAccount {
        account: "333344445555".to_owned(),
        ..form()
    };
    let two = accounts::add(&world.services, &admin, &other)
        .await
        .unwrap();
    assert_ne!(one.connection.external_id, two.connection.external_id);
    assert!(one.connection.external_id.as_str().len() >= 32);
    // Asked for in the catalogue, where the workers of all processes look.
    let now = world.clock.now();
    let turn = SyncTurn {
        reader: "a worker".to_owned(),
        at: now,
        until: now,
        tried_before: Some(jiff::Timestamp::MIN),
    };
    let due = world.services.catalogue.due_syncs(&turn).await.unwrap();
    assert_eq!(due.len(), 4, "{due:?}");
}

#[tokio::test]
async fn an_account_cannot_be_registered_twice() {
    let world = World::new().await;
    let again = AddAccount {
        account: ACCOUNT.to_owned(),
        ..form()
    };
    let error = accounts::add(&world.services, &caller(Role::Admin), &again)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

#[tokio::test]
async fn the_check_names_the_broken_link() {
    let world = World::new().await;
    let id = AccountId::parse(ACCOUNT).unwrap();
    let whole = accounts::check(&world.services, &caller(Role::Admin), &id)
        .await
        .unwrap();
    assert!(whole.passed(), "{whole:?}");
    for access in [Access::NoTrust, Access::NoSuchRole, Access::Unreachable] {
        world.aws.set_access(&id, access.clone());
        let check = accounts::check(&world.services, &caller(Role::Admin), &id)
            .await
            .unwrap();
        let broken = check.broken().unwrap();
        assert_eq!(broken.verdict, Verdict::Fail);
        assert!(
            !broken.detail.is_empty() && !broken.fix.is_empty(),
            "{access:?}: {broken:?}"
        );
    }
}

#[tokio::test]
async fn the_template_makes_both_roles_and_demands_the_external_id_on_the_access_role_only() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    let account = accounts::add(&world.services, &admin, &form())
        .await
        .unwrap();
    let console = AccountId::parse("000000000001").unwrap();
    let text = accounts::template(
        &world.services,
        &admin,
        &TemplateRequest::one(&account.connection.account),
        &console,
    )
    .await
    .unwrap();
    let template: serde_json::Value = serde_json::from_str(&text).unwrap();
    let roles = &template["Resources"];
    let condition =
        &roles["AccessRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Condition"];
    assert_eq!(
        condition["StringEquals"]["sts:ExternalId"],
        account.connection.external_id.as_str()
    );
    let diagnose = &roles["DiagnoseRole"]["Properties"];
    assert!(diagnose["AssumeRolePolicyDocument"]["Statement"][0]["Condition"].is_null());
    assert!(text.contains("arn:${AWS::Partition}:iam::000000000001:root"));
}

#[tokio::test]
async fn a_removed_account_is_gone_from_the_catalogue_too() {
    let world = World::new().await;
    let (admin, id) = (caller(Role::Admin), AccountId::parse(ACCOUNT).unwrap());
    accounts::remove(&world.services, &admin, &id)
        .await
        .unwrap();
    assert!(
        world
            .services
            .catalogue
            .resource(&world.orders())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        accounts::list(&world.services, &admin)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn no_template_trusts_an_account_that_nobody_knows() {
    let world = World::new().await;
    let account = world.scope.account.clone();
    let unknown = tidemark_testkit::build::account_id(tidemark_services::accounts::UNKNOWN_ACCOUNT);
    let request = TemplateRequest::one(&account);
    let answer =
        accounts::template(&world.services, &caller(Role::Admin), &request, &unknown).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}
