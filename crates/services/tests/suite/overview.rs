use tidemark_domain::{BackupRequest, JobFilter, JobOutcome, Role};
use tidemark_services::{backup, jobs, overview};
use tidemark_testkit::{JobEnd, JobScript};

use crate::world::{World, caller};

#[tokio::test]
async fn the_first_page_tells_what_failed_and_owners_of_their_own() {
    let world = World::new().await;
    let owner = caller(Role::Owner);
    world.aws.script_backups(JobScript {
        polls: 1,
        end: JobEnd::With("FAILED".to_owned(), "no more room".to_owned()),
    });
    let request = BackupRequest {
        resource: world.orders(),
        vault: "Default".to_owned(),
        delete_after_days: Some(30),
        cold_after_days: None,
        service_role: None,
        reason: String::new(),
    };
    let run = backup::start(&world.services, &caller(Role::Operator), request)
        .await
        .unwrap();
    world.finish(run).await;
    world.sync().await;

    let everybody = overview::get(&world.services, &caller(Role::Viewer))
        .await
        .unwrap();
    assert_eq!((everybody.accounts.len(), everybody.mine), (1, None));
    assert_eq!(everybody.causes.len(), 1, "{:?}", everybody.causes);
    assert_eq!(everybody.causes[0].message.as_deref(), Some("no more room"));
    assert_eq!(
        (everybody.causes[0].jobs, everybody.causes[0].resources),
        (1, 1)
    );

    let own = overview::get(&world.services, &owner).await.unwrap();
    assert!(
        own.accounts.is_empty(),
        "totals of others are not an owner's"
    );
    assert_eq!(own.causes, everybody.causes);
    let mine = own.mine.unwrap();
    assert_eq!(
        mine.protected + mine.unprotected + mine.failing,
        1,
        "{mine:?}"
    );

    let failed = JobFilter {
        outcome: Some(JobOutcome::Failed),
        ..JobFilter::default()
    };
    let page = jobs::list(&world.services, &owner, failed.clone())
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    let page = jobs::list(
        &world.services,
        &caller(Role::Viewer),
        JobFilter {
            text: Some("elsewhere".to_owned()),
            ..failed
        },
    )
    .await
    .unwrap();
    assert!(page.items.is_empty());
}
