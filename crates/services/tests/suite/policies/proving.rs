use tidemark_domain::{
    Role, Verdict,
    policy::{AccessChange, Document},
    runs::RunState,
};
use tidemark_services::{policies, ports::RoleSays, runs};
use tidemark_testkit::FakeRole;

use super::{BUCKET, EXPORTS, FOREIGN, LAMBDA, begin, carried_out, request, world};
use crate::world::{ACCOUNT, World, caller};

async fn failures(world: &World) -> Vec<String> {
    let admin = caller(Role::Admin);
    let proof = policies::check(&world.services, &admin, request(AccessChange::Grant))
        .await
        .unwrap();
    proof.failures()
}

#[tokio::test]
async fn a_statement_that_was_broken_by_hand_is_named_and_repaired() {
    let world = world().await;
    carried_out(&world, AccessChange::Grant).await;
    assert_eq!(failures(&world).await, Vec::<String>::new());
    let whole = world.policies.policy_of(BUCKET).unwrap();
    let admin = caller(Role::Admin);
    let plan = policies::plan(&world.services, &admin, request(AccessChange::Grant))
        .await
        .unwrap();
    let sid = plan
        .changes
        .iter()
        .find(|c| c.words.contains("LambdaRole-1"))
        .unwrap()
        .label
        .clone();

    // Changed: the action is gone.
    let document = Document::read(&whole).unwrap();
    let statement = (0..document.statements().len())
        .map(|index| document.statement_text(index).unwrap())
        .find(|text| text.contains(&sid))
        .unwrap();
    let other = statement.replacen("\"s3:PutObject\"", "\"s3:PutObjectTagging\"", 1);
    let broken = whole.replace(statement, &other);
    assert_ne!(broken, whole);
    world.policies.set_policy(BUCKET, Some(&broken));
    let found = failures(&world).await;
    assert_eq!(found.len(), 1, "{found:?}");
    for part in [sid.as_str(), "s3:PutObject", "LambdaRole-1", "was changed"] {
        assert!(found[0].contains(part), "{part}: {found:?}");
    }

    // Missing altogether: both actions, with the statement to copy.
    let rest = tidemark_domain::policy::remove(&document, &[&sid]).unwrap();
    world.policies.set_policy(BUCKET, rest.as_deref());
    let proof = policies::check(&world.services, &admin, request(AccessChange::Grant))
        .await
        .unwrap();
    let lacking: Vec<_> = proof
        .grants
        .iter()
        .filter(|g| g.verdict == Verdict::Fail)
        .collect();
    assert_eq!(lacking.len(), 2);
    for grant in lacking {
        assert!(
            grant.principal == LAMBDA && grant.detail.contains("is missing"),
            "{grant:?}"
        );
        assert!(grant.missing.as_ref().unwrap().contains(&sid));
    }

    // The same grant repairs it, to the byte.
    let view = carried_out(&world, AccessChange::Grant).await;
    assert_eq!(view.state, RunState::Succeeded);
    assert_eq!(failures(&world).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_put_stays_when_only_the_proof_fails_and_a_retry_proves_again() {
    let world = world().await;
    world
        .policies
        .add_role(LAMBDA, FakeRole::allowing(&["s3:GetObject"]));
    let run = begin(&world, AccessChange::Grant).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::SucceededWithWarnings, "{view:?}");
    let told = format!("{:?}", view.step("prove-access").unwrap());
    assert!(
        told.contains("LambdaRole-1 has no statement") && told.contains("s3:PutObject"),
        "{told}"
    );
    let put = world.policies.policy_of(BUCKET);
    assert_ne!(put.as_deref(), Some(FOREIGN));
    assert!(world.policies.objects().is_empty());

    world
        .policies
        .add_role(LAMBDA, FakeRole::allowing(&EXPORTS));
    let again = runs::retry(&world.services, &caller(Role::Admin), run)
        .await
        .unwrap();
    let view = world.finish(again).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:?}");
    assert!(view.step("put-bucket-policy").is_none());
    assert_eq!(world.policies.writes().len(), 1);
    // It needs what the kind needs, and nothing less.
    let error = runs::retry(&world.services, &caller(Role::Operator), run)
        .await
        .unwrap_err();
    assert!(
        matches!(error, tidemark_services::ServiceError::Forbidden(_)),
        "{error}"
    );
}

#[tokio::test]
async fn a_denial_of_the_role_itself_is_told_from_what_is_missing() {
    let world = world().await;
    carried_out(&world, AccessChange::Grant).await;
    let mut role = FakeRole::allowing(&EXPORTS);
    role.says
        .insert("s3:PutObject".to_owned(), RoleSays::Denied);
    world.policies.add_role(LAMBDA, role);
    let found = failures(&world).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("denies s3:PutObject"), "{found:?}");
}

#[tokio::test]
async fn of_an_account_that_is_not_registered_only_one_side_is_known() {
    let world = world().await;
    carried_out(&world, AccessChange::Grant).await;
    let admin = caller(Role::Admin);
    let cluster = tidemark_testkit::build::account_id(super::CLUSTER);
    tidemark_services::accounts::remove(&world.services, &admin, &cluster)
        .await
        .unwrap();
    let proof = policies::check(&world.services, &admin, request(AccessChange::Grant))
        .await
        .unwrap();
    assert_eq!(proof.verdict(), Verdict::Unknown);
    assert!(
        proof.grants[0].detail.contains("not registered"),
        "{proof:?}"
    );
}

#[tokio::test]
async fn nothing_is_put_where_it_could_not_be_taken_away() {
    for (what, says) in [("lock", "object lock"), ("deny", "could not take it away")] {
        let world = world().await;
        match what {
            "lock" => world.policies.lock_bucket(BUCKET),
            _ => world.policies.deny("s3:DeleteObject"),
        }
        let view = carried_out(&world, AccessChange::Grant).await;
        assert_eq!(view.state, RunState::Succeeded, "{view:?}");
        let proof = &view.step("prove-access").unwrap().output;
        let grants = proof["grants"].as_array().unwrap();
        assert!(
            grants.iter().all(|one| one["how"] == "evaluated"),
            "{proof}"
        );
        assert!(
            proof["notes"][0].as_str().unwrap().contains(says),
            "{proof}"
        );
        assert!(world.policies.objects().is_empty());
    }
}

#[tokio::test]
async fn in_the_buckets_own_account_one_side_is_enough() {
    let world = world().await;
    let own = format!("arn:aws:iam::{ACCOUNT}:role/Exporter");
    world.policies.add_role(&own, FakeRole::allowing(&[]));
    let admin = caller(Role::Admin);
    let mut wish = request(AccessChange::Grant);
    wish.roles = vec![own.parse().unwrap()];
    let check = || policies::check(&world.services, &admin, wish.clone());
    assert_eq!(check().await.unwrap().verdict(), Verdict::Fail);
    world.policies.add_role(&own, FakeRole::allowing(&EXPORTS));
    assert_eq!(check().await.unwrap().verdict(), Verdict::Pass);
    world.policies.add_role(&own, FakeRole::allowing(&[]));
    let plan = policies::plan(&world.services, &admin, wish.clone())
        .await
        .unwrap();
    world.policies.set_policy(BUCKET, plan.after.as_deref());
    assert_eq!(check().await.unwrap().verdict(), Verdict::Pass);
    // The account as a whole leaves it to the role's own policies.
    let whole = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{ACCOUNT}"}},"Action":"s3:*","Resource":"arn:aws:s3:::{BUCKET}/*"}}]}}"#
    );
    world.policies.set_policy(BUCKET, Some(&whole));
    assert_eq!(check().await.unwrap().verdict(), Verdict::Fail);
}
