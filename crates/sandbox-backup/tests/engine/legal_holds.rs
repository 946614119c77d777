use tidemark_sandbox_backup::{
    CreateLegalHold, ErrorKind,
    model::{HoldSelection, HoldStatus, LegalHold, Lifecycle, PageRequest, PointStatus},
};

use crate::support::{World, days, home, start, table, world};

fn hold(world: &World, selection: HoldSelection) -> LegalHold {
    world
        .engine
        .create_legal_hold(
            &home(),
            CreateLegalHold {
                title: "case 7".to_owned(),
                description: "asked by counsel".to_owned(),
                idempotency_token: Some("case-7".to_owned()),
                selection,
                ..CreateLegalHold::default()
            },
            start() + days(1),
        )
        .unwrap()
}

#[test]
fn a_held_point_is_not_deleted_and_expires_in_name_only() {
    let world = world();
    let point = world.backed_up(Lifecycle::delete_after(10), start());
    let hold = hold(&world, HoldSelection::default());
    let refused = world
        .engine
        .delete_point(&home(), "main", &point.arn)
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::InvalidRequest);

    world.engine.tick(start() + days(11));
    let kept = world.points("main").remove(0);
    assert_eq!(kept.status, PointStatus::Expired);
    assert!(kept.status_message.unwrap().contains("legal hold"));

    world
        .engine
        .cancel_legal_hold(&home(), &hold.id, "closed", Some(30), start() + days(12))
        .unwrap();
    world.engine.tick(start() + days(12));
    assert!(world.points("main").is_empty());
    let hold = world.engine.legal_hold(&home(), &hold.id).unwrap();
    assert_eq!(hold.status, HoldStatus::Canceled);
    assert_eq!(hold.retain_record_until, Some(start() + days(42)));
}

#[test]
fn a_hold_covers_only_what_it_selects_and_what_existed() {
    let world = world();
    let before = world.backed_up(Lifecycle::default(), start());
    let by_resource = hold(
        &world,
        HoldSelection {
            vault_names: vec!["main".to_owned()],
            resource_identifiers: vec![table("orders")],
            date_range: Some((start() - days(1), start() + days(1))),
        },
    );
    let after = world.backed_up(Lifecycle::default(), start() + days(2));
    let covered = world
        .engine
        .list_points_by_legal_hold(&home(), &by_resource.id, &PageRequest::default())
        .unwrap();
    let arns: Vec<_> = covered.items.into_iter().map(|point| point.arn).collect();
    assert_eq!(arns, [before.arn]);
    world
        .engine
        .delete_point(&home(), "main", &after.arn)
        .unwrap();
}

#[test]
fn the_same_token_makes_one_hold_and_a_cancelled_hold_stays_cancelled() {
    let world = world();
    let first = hold(&world, HoldSelection::default());
    let again = hold(&world, HoldSelection::default());
    assert_eq!(first.id, again.id);
    assert_eq!(
        world
            .engine
            .list_legal_holds(&home(), &PageRequest::default())
            .items
            .len(),
        1
    );
    let cancel = || {
        world
            .engine
            .cancel_legal_hold(&home(), &first.id, "closed", None, start() + days(2))
    };
    cancel().unwrap();
    assert_eq!(cancel().unwrap_err().kind, ErrorKind::InvalidState);
}
