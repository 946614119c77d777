//! Many accounts at once, their templates, new external ids, and what stays behind.

use std::fmt::Write as _;

use jiff::SignedDuration;
use serde_json::Value;
use tidemark_domain::{AccountId, ExternalId, Features, Role, enrol::EnrolPlan};
use tidemark_services::{
    ServiceError,
    accounts::{self, Enrol, Format, TemplateRequest},
    ports::AccountStore as _,
    sync::sync_scope,
};
use tidemark_testkit::build;

use crate::world::{ACCOUNT, World, caller};

const CONSOLE: &str = "000000000001";

async fn plan(world: &World, file: &str) -> EnrolPlan {
    accounts::plan_enrolment(&world.services, &caller(Role::Admin), file)
        .await
        .unwrap()
}

fn file(count: usize) -> String {
    let mut file = "account,alias,regions,features\n".to_owned();
    for number in 0..count {
        let _ = writeln!(
            file,
            "{:012},team {number:03},eu-west-1;eu-central-1,backup;plans",
            200_000_000_000_u64 + number as u64
        );
    }
    file
}

async fn apply(
    world: &World,
    file: &str,
    digest: &str,
    skip_wrong: bool,
) -> Result<tidemark_domain::enrol::Enrolled, ServiceError> {
    let request = Enrol {
        file: file.to_owned(),
        digest: digest.to_owned(),
        skip_wrong,
    };
    accounts::enrol(&world.services, &caller(Role::Admin), &request).await
}

#[tokio::test]
async fn a_file_is_registered_as_it_was_shown_each_account_with_an_id_of_its_own() {
    let world = World::new().await;
    let file = file(100);
    let shown = plan(&world, &file).await;
    assert_eq!((shown.accounts.len(), shown.wrong.len()), (100, 0));
    assert_eq!(world.accounts.list().await.unwrap().len(), 1, "only shown");
    let done = apply(&world, &file, &shown.digest, false).await.unwrap();
    assert!(done.accounts.iter().all(|one| one.added));
    let all = world.accounts.list().await.unwrap();
    let ids: std::collections::BTreeSet<&str> = all
        .iter()
        .map(|account| account.connection.external_id.as_str())
        .collect();
    assert_eq!((all.len(), ids.len()), (101, 101));
    let added = world.audit.records();
    let added = added.iter().filter(|r| r.entry.action == "account.add");
    assert_eq!(added.count(), 100);
    // A second time the plan is another one, and everything is wrong.
    let again = apply(&world, &file, &shown.digest, false).await;
    assert!(matches!(again, Err(ServiceError::Conflict(_))), "{again:?}");
    let shown = plan(&world, &file).await;
    assert_eq!((shown.accounts.len(), shown.wrong.len()), (0, 100));
    assert_eq!(shown.wrong[0].place(), "line 2, column 1 (account)");
}

#[tokio::test]
async fn nothing_of_a_file_with_something_wrong_is_registered_unless_that_is_asked_for() {
    let world = World::new().await;
    let file = format!(
        "{}1234,wrong,eu-west-1,\n{ACCOUNT},there,eu-west-1,\n",
        file(2)
    );
    let shown = plan(&world, &file).await;
    assert_eq!((shown.accounts.len(), shown.wrong.len()), (2, 2));
    let refused = apply(&world, &file, &shown.digest, false).await;
    let Err(ServiceError::Conflict(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(
        why.contains("2 things are wrong") && why.contains("line 4"),
        "{why}"
    );
    assert_eq!(world.accounts.list().await.unwrap().len(), 1);
    let done = apply(&world, &file, &shown.digest, true).await.unwrap();
    assert_eq!((done.accounts.len(), done.wrong.len()), (2, 2));
    assert_eq!(world.accounts.list().await.unwrap().len(), 3);
}

async fn written(world: &World, request: &TemplateRequest) -> String {
    let console = AccountId::parse(CONSOLE).unwrap();
    accounts::template(&world.services, &caller(Role::Admin), request, &console)
        .await
        .unwrap()
}

#[tokio::test]
async fn one_template_serves_every_account_of_a_file_and_allows_what_was_chosen() {
    let world = World::new().await;
    accounts::remove(&world.services, &caller(Role::Admin), &world.scope.account)
        .await
        .unwrap();
    let file = file(3);
    let shown = plan(&world, &file).await;
    apply(&world, &file, &shown.digest, false).await.unwrap();
    let text = written(&world, &TemplateRequest::default()).await;
    let template: Value = serde_json::from_str(&text).unwrap();
    for account in world.accounts.list().await.unwrap() {
        let id = account.connection.account.as_str();
        assert_eq!(
            template["Mappings"]["Accounts"][id]["ExternalId"],
            account.connection.external_id.as_str()
        );
    }
    assert!(text.contains("backup:StartBackupJob") && text.contains("backup:CreateBackupPlan"));
    assert!(!text.contains("dynamodb:RestoreTableToPointInTime"));
    assert!(
        text.contains("iam:SimulatePrincipalPolicy") && text.contains("backup:ListBackupVaults")
    );
    for format in [Format::Terraform, Format::Json] {
        let request = TemplateRequest {
            format,
            ..TemplateRequest::default()
        };
        let text = written(&world, &request).await;
        for account in world.accounts.list().await.unwrap() {
            assert!(text.contains(account.connection.external_id.as_str()));
        }
        assert!(
            !text.contains("AWS::") && !text.contains("@external"),
            "{text}"
        );
        assert!(!text.contains("dynamodb:RestoreTableToPointInTime"));
    }
    // Reading alone, whatever they are registered with.
    let request = TemplateRequest {
        features: Some(Features::chosen([])),
        ..TemplateRequest::default()
    };
    let text = written(&world, &request).await;
    assert!(!text.contains("backup:StartBackupJob") && text.contains("backup:ListBackupVaults"));
}

#[tokio::test]
async fn accounts_that_no_one_template_can_serve_are_named() {
    let world = World::new().await;
    let file = file(1);
    let shown = plan(&world, &file).await;
    apply(&world, &file, &shown.digest, false).await.unwrap();
    let console = AccountId::parse(CONSOLE).unwrap();
    let admin = caller(Role::Admin);
    let request = TemplateRequest::default();
    let answer = accounts::template(&world.services, &admin, &request, &console).await;
    let Err(ServiceError::Conflict(why)) = answer else {
        panic!("{answer:?}");
    };
    assert!(
        why.contains("team 000") && why.contains("everything"),
        "{why}"
    );
}

#[tokio::test]
async fn an_external_id_changes_without_a_moment_at_which_none_works() {
    let world = World::new().await;
    let (admin, id) = (caller(Role::Admin), world.scope.account.clone());
    let read = async || {
        let account = world.accounts.get(&id).await.unwrap().unwrap();
        sync_scope(&world.services, &account, &world.scope.region)
            .await
            .unwrap();
        let states = world.services.catalogue.scopes(Some(&id)).await.unwrap();
        assert_eq!(states[0].error, None);
        world.accounts.get(&id).await.unwrap().unwrap()
    };
    let old = read().await.connection.external_id;
    let account = accounts::rotate(&world.services, &admin, &id, false)
        .await
        .unwrap();
    let new = account.pending.unwrap().external_id;
    // The template names both, and the role as it stands is entered with the old one.
    let text = written(&world, &TemplateRequest::one(&id)).await;
    assert!(text.contains(old.as_str()) && text.contains(new.as_str()));
    let account = read().await;
    assert_eq!(account.connection.external_id, old);
    assert!(account.pending.is_some());
    let twice = accounts::rotate(&world.services, &admin, &id, false).await;
    assert!(matches!(twice, Err(ServiceError::Conflict(_))), "{twice:?}");
    // The template was applied.
    world.aws.set_external_id(&id, new.clone());
    let account = read().await;
    assert_eq!(account.connection.external_id, new);
    assert_eq!(account.pending, None);
    let text = written(&world, &TemplateRequest::one(&id)).await;
    assert!(!text.contains(old.as_str()) && text.contains(new.as_str()));
    let last = world.audit.records().pop().map(|r| r.entry.action);
    assert_eq!(last.as_deref(), Some("account.template"));
    let done = |action: &str| {
        let records = world.audit.records();
        records.iter().filter(|r| r.entry.action == action).count()
    };
    assert_eq!(
        (done("account.rotate"), done("account.rotate.done")),
        (1, 1)
    );
}

#[tokio::test]
async fn a_new_external_id_can_be_given_up() {
    let world = World::new().await;
    let (admin, id) = (caller(Role::Admin), world.scope.account.clone());
    let none = accounts::rotate(&world.services, &admin, &id, true).await;
    assert!(matches!(none, Err(ServiceError::Conflict(_))), "{none:?}");
    accounts::rotate(&world.services, &admin, &id, false)
        .await
        .unwrap();
    accounts::rotate(&world.services, &admin, &id, true)
        .await
        .unwrap();
    let account = world.accounts.get(&id).await.unwrap().unwrap();
    assert_eq!(account.pending, None);
    let old = ExternalId::parse(format!("external-{ACCOUNT}")).unwrap();
    assert_eq!(account.connection.external_id, old);
}

#[tokio::test]
async fn a_new_account_is_waited_for_and_an_old_one_is_not() {
    let world = World::new().await;
    let admin = caller(Role::Admin);
    let file = file(1);
    let shown = plan(&world, &file).await;
    apply(&world, &file, &shown.digest, false).await.unwrap();
    let id = build::account_id("200000000000");
    let awaited = async || {
        let account = accounts::get(&world.services, &admin, &id).await.unwrap();
        account.awaited_until.is_some()
    };
    assert!(awaited().await);
    world.clock.advance(SignedDuration::from_mins(31));
    assert!(!awaited().await);
}

#[tokio::test]
async fn what_stays_behind_is_said_before_an_account_is_removed() {
    let world = World::new().await;
    let (admin, id) = (caller(Role::Admin), world.scope.account.clone());
    let leaving = accounts::leaving(&world.services, &admin, &id)
        .await
        .unwrap();
    assert_eq!(leaving.roles, ["TidemarkAccess", "TidemarkDiagnose"]);
    assert!(!leaving.warns());
    let said = leaving.sentences().join(" ");
    assert!(
        said.contains("TidemarkAccess and TidemarkDiagnose"),
        "{said}"
    );
    accounts::remove(&world.services, &admin, &id)
        .await
        .unwrap();
    assert_eq!(world.services.permissions.rows().await.unwrap(), []);
}

#[tokio::test]
async fn templates_pass_cfn_lint() {
    let Ok(cfn_lint) = std::env::var("TIDEMARK_TEST_CFN_LINT") else {
        eprintln!("SKIPPED: TIDEMARK_TEST_CFN_LINT does not say where cfn-lint is");
        return;
    };
    let world = World::new().await;
    let one = TemplateRequest::one(&world.scope.account);
    let mut texts = vec![written(&world, &one).await];
    accounts::rotate(
        &world.services,
        &caller(Role::Admin),
        &world.scope.account,
        false,
    )
    .await
    .unwrap();
    let file = file(2).replace(",backup;plans", ",");
    let shown = plan(&world, &file).await;
    apply(&world, &file, &shown.digest, false).await.unwrap();
    texts.push(written(&world, &TemplateRequest::default()).await);
    for features in [
        Features::chosen([]),
        Features::parse("backup,records").unwrap(),
    ] {
        let request = TemplateRequest {
            features: Some(features),
            ..TemplateRequest::default()
        };
        texts.push(written(&world, &request).await);
    }
    let folder = std::env::temp_dir().join(format!("tidemark-roles-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = std::process::Command::new(&cfn_lint);
    command.args(["--regions", "eu-west-1", "--"]);
    for (number, text) in texts.iter().enumerate() {
        let file = folder.join(format!("roles-{number}.json"));
        std::fs::write(&file, text).unwrap();
        command.arg(file);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::remove_dir_all(&folder).unwrap();
}
