use std::collections::BTreeSet;

use tidemark_sandbox_backup::{
    BackupJobFilter, PointFilter,
    model::{Lifecycle, PageRequest},
};

use crate::support::{days, home, minutes, start, world};

#[test]
fn pages_neither_repeat_nor_lose_points_while_others_come_and_go() {
    let world = world();
    let points: Vec<_> = (0..25)
        .map(|n| {
            world
                .backed_up(Lifecycle::default(), start() + minutes(n))
                .arn
        })
        .collect();
    let mut seen = Vec::new();
    let mut request = PageRequest {
        after: None,
        limit: 7,
    };
    loop {
        let page = world
            .engine
            .list_points_by_vault(&home(), "main", &PointFilter::default(), &request)
            .unwrap();
        seen.extend(page.items.into_iter().map(|point| point.arn));
        // A new point, and the loss of one already seen, between any two pages.
        world.backed_up(Lifecycle::default(), start() + days(1));
        world.engine.delete_point(&home(), "main", &seen[0]).ok();
        match page.next {
            Some(next) => request.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 25);
    assert_eq!(
        seen.iter().collect::<BTreeSet<_>>(),
        points.iter().collect::<BTreeSet<_>>()
    );
}

#[test]
fn the_last_page_has_no_token_even_when_it_is_full() {
    let world = world();
    for n in 0..4 {
        world.backed_up(Lifecycle::default(), start() + minutes(n));
    }
    let list = |after: Option<String>| {
        world.engine.list_backup_jobs(
            &home(),
            &BackupJobFilter::default(),
            &PageRequest { after, limit: 2 },
        )
    };
    let first = list(None);
    let second = list(first.next);
    assert_eq!(second.items.len(), 2);
    assert_eq!(second.next, None);
}

#[test]
fn filters_apply_before_pages_are_cut() {
    let world = world();
    for n in 0..10 {
        world.backed_up(Lifecycle::default(), start() + minutes(n));
    }
    let filter = PointFilter {
        created_after: Some(start() + minutes(2)),
        created_before: Some(start() + minutes(6)),
        resource_type: Some("DynamoDB".to_owned()),
        ..PointFilter::default()
    };
    let page = world
        .engine
        .list_points_by_vault(
            &home(),
            "main",
            &filter,
            &PageRequest {
                after: None,
                limit: 3,
            },
        )
        .unwrap();
    assert_eq!(page.items.len(), 3);
    assert_eq!(page.next, None);
}
