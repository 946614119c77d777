use tidemark_domain::{
    Role, Verdict,
    policy::{AccessChange, AccessTask, Document, StatementFate},
    runs::RunState,
};
use tidemark_services::{ServiceError, policies, runs};

use super::{BUCKET, FOREIGN, INSTANCE, begin, carried_out, confirmed, request, world};
use crate::world::{ACCOUNT, caller};

#[tokio::test]
async fn access_is_shown_given_and_proved_and_nothing_is_left_behind() {
    let world = world().await;
    let admin = caller(Role::Admin);
    let plan = policies::plan(&world.services, &admin, request(AccessChange::Grant))
        .await
        .unwrap();
    assert_eq!(plan.before.as_deref(), Some(FOREIGN));
    let fates: Vec<StatementFate> = plan.changes.iter().map(|change| change.fate).collect();
    assert_eq!(
        fates,
        [
            StatementFate::Kept,
            StatementFate::Added,
            StatementFate::Added
        ]
    );
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    assert!(plan.can_start(), "{:?}", plan.checks);
    assert!(plan.session_policy.contains("PutBucketPolicy"));
    // Nothing is written before somebody says so.
    assert_eq!(world.policies.policy_of(BUCKET).as_deref(), Some(FOREIGN));

    let view = carried_out(&world, AccessChange::Grant).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let policy = world.policies.policy_of(BUCKET).unwrap();
    assert_eq!(Some(&policy), plan.after.as_ref());
    let document = Document::read(&policy).unwrap();
    assert!(FOREIGN.contains(document.statement_text(0).unwrap()));
    let proof = &view.step("prove-access").unwrap().output;
    let how: Vec<(&str, &str)> = proof["grants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["principal"].as_str().unwrap(),
                one["how"].as_str().unwrap(),
            )
        })
        .collect();
    // One role was tried itself; of the other the policies were evaluated, and that is said.
    assert_eq!(how.iter().filter(|(_, how)| *how == "tried").count(), 2);
    assert!(
        how.iter()
            .all(|(role, how)| (*role == INSTANCE) == (*how == "tried"))
    );
    assert!(
        proof["notes"][0].as_str().unwrap().contains("LambdaRole-1"),
        "{proof}"
    );
    assert!(world.policies.objects().is_empty());
    let audit = world.audit.records();
    let entry = audit
        .iter()
        .find(|r| r.entry.action == "policy.change")
        .unwrap();
    assert!(entry.entry.detail.as_ref().unwrap().contains(INSTANCE));
}

#[tokio::test]
async fn given_twice_it_stands_once() {
    let world = world().await;
    carried_out(&world, AccessChange::Grant).await;
    let once = world.policies.policy_of(BUCKET);
    let view = carried_out(&world, AccessChange::Grant).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(world.policies.policy_of(BUCKET), once);
    assert_eq!(world.policies.writes().len(), 1);
}

#[tokio::test]
async fn a_policy_that_changed_since_it_was_shown_is_not_overwritten() {
    let world = world().await;
    let (services, admin) = (&world.services, caller(Role::Admin));
    let wish = || request(AccessChange::Grant);
    let plan = policies::plan(services, &admin, wish()).await.unwrap();
    let other = FOREIGN.replace("Tls", "Changed");
    world.policies.set_policy(BUCKET, Some(&other));
    let error = policies::start(services, &admin, wish(), &confirmed(&plan))
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");

    // Or between the start and the write.
    let run = begin(&world, AccessChange::Grant).await;
    world.policies.set_policy(BUCKET, Some(FOREIGN));
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(world.policies.policy_of(BUCKET).as_deref(), Some(FOREIGN));
    assert!(world.policies.writes().is_empty());
}

#[tokio::test]
async fn the_policy_comes_back_as_it_was_before_a_run() {
    let world = world().await;
    let run = begin(&world, AccessChange::Grant).await;
    world.finish(run).await;
    let back = AccessChange::Return { run };
    let plan = policies::plan(&world.services, &caller(Role::Admin), request(back))
        .await
        .unwrap();
    assert_eq!(plan.after.as_deref(), Some(FOREIGN));
    let removed = plan
        .changes
        .iter()
        .filter(|c| c.fate == StatementFate::Removed);
    assert_eq!(removed.count(), 2);
    let view = carried_out(&world, back).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert_eq!(world.policies.policy_of(BUCKET).as_deref(), Some(FOREIGN));
    // Once more there is nothing to do.
    let admin = caller(Role::Admin);
    let again = policies::plan(&world.services, &admin, request(back))
        .await
        .unwrap();
    assert!(!again.changes_anything());
    // A run over another bucket's policy gives nothing back here.
    let mut other = request(back);
    world.policies.add_bucket(ACCOUNT, "another-bucket", None);
    other.bucket = "another-bucket".parse().unwrap();
    let error = policies::plan(&world.services, &admin, other)
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
}

#[tokio::test]
async fn a_bucket_without_a_policy_gets_one_and_loses_it_again() {
    let world = world().await;
    world.policies.set_policy(BUCKET, None);
    let run = begin(&world, AccessChange::Grant).await;
    assert_eq!(world.finish(run).await.state, RunState::Succeeded);
    assert!(world.policies.policy_of(BUCKET).is_some());
    let view = carried_out(&world, AccessChange::Return { run }).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(world.policies.policy_of(BUCKET), None);
}

#[tokio::test]
async fn access_is_taken_back_and_that_is_looked_at() {
    let world = world().await;
    carried_out(&world, AccessChange::Grant).await;
    let view = carried_out(&world, AccessChange::Revoke).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    let document = Document::of(world.policies.policy_of(BUCKET).as_deref()).unwrap();
    assert_eq!(document.statements().len(), 1);
    // Where another statement lets the roles in all the same, the run says so.
    let public = r#"{"Statement":[{"Sid":"All","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::volumes-archive/*"}]}"#;
    world.policies.set_policy(BUCKET, Some(public));
    carried_out(&world, AccessChange::Grant).await;
    let view = carried_out(&world, AccessChange::Revoke).await;
    assert_eq!(view.state, RunState::SucceededWithWarnings);
    let error = format!("{:?}", view.step("prove-access").unwrap());
    assert!(error.contains("The statement All"), "{error}");
}

#[tokio::test]
async fn a_role_that_is_not_there_or_has_another_path_is_refused_before() {
    let world = world().await;
    let admin = caller(Role::Admin);
    for (role, says) in [
        (
            "arn:aws:iam::222233334444:role/InstanceRole-1",
            "role/lb/InstanceRole-1",
        ),
        ("arn:aws:iam::222233334444:role/Nobody", "There is no"),
    ] {
        let mut wish = request(AccessChange::Grant);
        wish.roles = vec![role.parse().unwrap()];
        let plan = policies::plan(&world.services, &admin, wish.clone())
            .await
            .unwrap();
        let failed = plan
            .checks
            .iter()
            .find(|check| check.verdict == Verdict::Fail)
            .unwrap();
        assert!(failed.detail.contains(says), "{failed:?}");
        let error = policies::start(&world.services, &admin, wish, &confirmed(&plan))
            .await
            .unwrap_err();
        assert!(matches!(error, ServiceError::Checks(_)), "{error}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_field() {
    let world = world().await;
    let admin = caller(Role::Admin);
    let wish = || request(AccessChange::Grant);
    let mut cases = vec![
        ("task", wish()),
        ("roles", wish()),
        ("roles", wish()),
        ("prefix", wish()),
    ];
    cases[0].1.task = None;
    cases[1].1.roles.clear();
    cases[2].1.roles = vec!["arn:aws-cn:iam::222233334444:role/x".parse().unwrap()];
    cases[3].1.prefix = "a*".to_owned();
    let mut both = request(AccessChange::Return {
        run: tidemark_domain::runs::RunId::new(world.clock.now()),
    });
    both.task = Some(AccessTask::BlockStorage);
    cases.push(("change", both));
    for (field, wish) in cases {
        let error = policies::plan(&world.services, &admin, wish)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, ServiceError::Invalid(invalid) if invalid.field == field),
            "{field}: {error}"
        );
    }
    world
        .policies
        .set_policy(BUCKET, Some(r#"{"Version":"2012-10-17"}"#));
    let error = policies::plan(&world.services, &admin, wish())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, ServiceError::Invalid(invalid) if invalid.field == "bucket"),
        "{error}"
    );
}

#[tokio::test]
async fn a_denial_by_somebody_elses_statement_is_a_warning_before() {
    let world = world().await;
    let deny = r#"{"Statement":[{"Sid":"OnlyInside","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}]}"#;
    world.policies.set_policy(BUCKET, Some(deny));
    let admin = caller(Role::Admin);
    let plan = policies::plan(&world.services, &admin, request(AccessChange::Grant))
        .await
        .unwrap();
    let warned = plan
        .checks
        .iter()
        .find(|c| c.name == "Nothing else denies it")
        .unwrap();
    assert_eq!(warned.verdict, Verdict::Warn);
    assert!(warned.detail.contains("OnlyInside"), "{warned:?}");
    assert_eq!(plan.findings[0].statement.as_deref(), Some("OnlyInside"));
    let view = carried_out(&world, AccessChange::Grant).await;
    assert_eq!(view.state, RunState::SucceededWithWarnings);
}

#[tokio::test]
async fn one_bucket_has_one_unfinished_run() {
    let world = world().await;
    let run = begin(&world, AccessChange::Grant).await;
    let admin = caller(Role::Admin);
    let mut wish = request(AccessChange::Grant);
    wish.roles.truncate(1);
    let plan = policies::plan(&world.services, &admin, wish.clone())
        .await
        .unwrap();
    let error = policies::start(&world.services, &admin, wish, &confirmed(&plan))
        .await
        .unwrap_err();
    assert!(matches!(error, ServiceError::Conflict(_)), "{error}");
    // The same wish is the same run.
    assert_eq!(begin(&world, AccessChange::Grant).await, run);
    let error = runs::retry(&world.services, &caller(Role::Operator), run)
        .await
        .unwrap_err();
    assert!(!matches!(error, ServiceError::NotFound(_)), "{error}");
}
