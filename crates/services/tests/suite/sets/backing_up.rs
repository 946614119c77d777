use jiff::SignedDuration;
use tidemark_domain::{
    Role,
    runs::{RunId, RunState, StepState},
};
use tidemark_services::{
    ServiceError,
    ports::CloudErrorKind,
    sets::{SetBackup, back_up, back_up_manifest},
};
use tidemark_testkit::{FakeTable, When};

use super::{keep, manifest, shop};
use crate::world::{World, caller};

async fn begin(world: &World) -> RunId {
    let wish = SetBackup {
        name: "shop".to_owned(),
        reason: String::new(),
    };
    back_up(&world.services, &caller(Role::Operator), &wish)
        .await
        .unwrap()
}

#[tokio::test]
async fn writes_are_paused_while_the_backups_begin_and_then_resumed() {
    let world = shop().await;
    keep(&world, manifest("started")).await;
    world.hooks.application().in_flight = 3;
    let run = begin(&world).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded, "{view:#?}");
    assert_eq!(view.summary["completed"], 2);
    let names: Vec<_> = view.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "pause-writes",
            "wait-until-paused",
            "start-backup-jobs",
            "resume-writes",
            "wait-for-backup-jobs",
            "report",
            "refresh-catalogue"
        ]
    );
    let application = world.hooks.application().clone();
    assert_eq!(
        (
            application.paused,
            application.resumed,
            application.paused_by.len()
        ),
        (false, 1, 1)
    );
    let at = |name: &str| view.step(name).unwrap().work.finished_at.unwrap();
    assert!(at("resume-writes") < at("wait-for-backup-jobs"));
    // Each look ends one of the three writes that were under way.
    assert!(
        at("wait-until-paused").duration_since(at("pause-writes")) >= SignedDuration::from_secs(2)
    );
}

#[tokio::test]
async fn a_member_that_aws_refuses_does_not_stop_the_others_and_writes_are_resumed() {
    let world = shop().await;
    keep(&world, manifest("completed")).await;
    world
        .cloud
        .fail_nth("start_backup", 1, CloudErrorKind::Invalid, When::Before);
    let run = begin(&world).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::PartlyFailed);
    assert_eq!(
        (&view.summary["completed"], &view.summary["failed"]),
        (&1.into(), &1.into())
    );
    assert_eq!(view.summary["results"][0]["member"], "orders");
    assert_eq!(view.summary["results"][0]["status"], "NOT STARTED");
    assert!(!world.hooks.application().paused);
}

#[tokio::test]
async fn an_application_that_refuses_to_pause_is_left_as_it_is() {
    let world = shop().await;
    keep(&world, manifest("started")).await;
    {
        let mut application = world.hooks.application();
        application.held = true;
        application.paused = true;
    }
    let run = begin(&world).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(
        view.step("resume-writes").unwrap().state,
        StepState::Skipped
    );
    let application = world.hooks.application().clone();
    assert_eq!((application.paused, application.resumed), (true, 0));
}

#[tokio::test]
async fn resuming_goes_on_through_whatever_the_application_answers_and_raises_an_alarm() {
    let world = shop().await;
    keep(&world, manifest("started")).await;
    world.hooks.application().troubles = vec![0, 500, 404, 0, 403, 500, 0, 500, 500, 302, 500, 500];
    let run = begin(&world).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Succeeded);
    let application = world.hooks.application().clone();
    assert_eq!((application.paused, application.resumed), (false, 1));
    let events = world
        .services
        .runs
        .store()
        .events_after(run, 0, u32::MAX)
        .await
        .unwrap();
    let alarm = events.iter().find_map(|event| match &event.kind {
        tidemark_domain::runs::RunEventKind::AlarmRaised { step, .. } => {
            Some((step.clone(), event.at))
        }
        _ => None,
    });
    let (step, at) = alarm.unwrap();
    assert_eq!(step, "resume-writes");
    let began = view.step("resume-writes").unwrap().work.started_at.unwrap();
    assert!(at.duration_since(began) < SignedDuration::from_mins(1));
}

#[tokio::test]
async fn a_pause_that_lasts_too_long_ends_the_backup() {
    let world = shop().await;
    keep(
        &world,
        manifest("completed").replace("every_seconds: 2", "every_seconds: 30"),
    )
    .await;
    // The writes that are under way never end.
    world.hooks.application().in_flight = u32::MAX;
    let run = begin(&world).await;
    let view = world.finish(run).await;
    assert_eq!(view.state, RunState::Failed);
    let started = |name: &str| view.step(name).unwrap().work.started_at.unwrap();
    assert_eq!(
        started("resume-writes").duration_since(started("pause-writes")),
        SignedDuration::from_mins(60)
    );
    assert!(!world.hooks.application().paused);
    assert!(
        view.error
            .unwrap()
            .message
            .contains("within the 60 minutes")
    );
}

#[tokio::test]
async fn one_set_has_one_unfinished_backup() {
    let world = shop().await;
    keep(&world, manifest("started")).await;
    let first = begin(&world).await;
    assert_eq!(begin(&world).await, first);
    let admin = caller(Role::Admin);
    let other = back_up_manifest(&world.services, &admin, &manifest("completed"), "").await;
    assert!(matches!(other, Err(ServiceError::Conflict(_))), "{other:?}");
}

#[tokio::test]
async fn members_that_nobody_knows_and_vaults_that_are_not_there_are_refused_before_anything_is_paused()
 {
    let world = shop().await;
    let admin = caller(Role::Admin);
    for (was, is, says) in [
        (
            "table: parts",
            "table: parst",
            "member parts: arn:aws:dynamodb:eu-west-1:111122223333:table/parst is not in the inventory",
        ),
        (
            "vault: Default\n",
            "vault: Nowhere\n",
            "must be a vault of the resource's account and Region",
        ),
        (
            "vault: Default\n",
            "",
            "must be given here or for the whole set",
        ),
    ] {
        let text = manifest("started").replacen(was, is, 1);
        let error = back_up_manifest(&world.services, &admin, &text, "")
            .await
            .unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(world.hooks.application().paused_by.len(), 0);
}

#[tokio::test]
async fn a_set_of_two_accounts_is_backed_up_in_both() {
    let world = shop().await;
    let other = world.add_account("444455556666").await;
    let _ = world
        .aws
        .clone()
        .with_table(&other, FakeTable::new("archive"));
    tidemark_services::sync::sync_scope(
        &world.services,
        &tidemark_testkit::build::account("444455556666"),
        &other.region,
    )
    .await
    .unwrap();
    let text = manifest("started").replace(
        "  - {name: parts, table: parts}\n",
        "  - {name: parts, table: parts}\n  - {name: archive, table: archive, account: \"444455556666\"}\n",
    );
    let run = back_up_manifest(&world.services, &caller(Role::Admin), &text, "")
        .await
        .unwrap();
    let view = world.finish(run).await;
    assert_eq!(
        (view.state, &view.summary["completed"]),
        (RunState::Succeeded, &3.into()),
        "{view:#?}"
    );
    assert_eq!(view.labels.account, None);
}

#[tokio::test]
async fn a_partly_failed_backup_is_done_again_as_a_whole() {
    let world = shop().await;
    keep(&world, manifest("started")).await;
    world
        .cloud
        .fail_nth("start_backup", 1, CloudErrorKind::Invalid, When::Before);
    let run = begin(&world).await;
    assert_eq!(world.finish(run).await.state, RunState::PartlyFailed);
    let again = tidemark_services::runs::retry(&world.services, &caller(Role::Operator), run)
        .await
        .unwrap();
    let view = world.finish(again).await;
    assert_eq!(
        (view.state, &view.summary["completed"]),
        (RunState::Succeeded, &2.into())
    );
    assert_eq!(world.hooks.application().resumed, 2);
}
