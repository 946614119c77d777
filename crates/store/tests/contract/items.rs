use tidemark_domain::{
    Scope,
    change::{ItemFilter, ItemState, NewLifecycle, RunItem},
};
use tidemark_services::ports::{ItemOutcome, RunItems};
use tidemark_store::Store;
use uuid::Uuid;

use crate::{
    builders::{A, account_id, arn, minute, region, table_arn},
    harness::on_both,
};

on_both!(
    a_list_is_written_once_and_comes_back_page_by_page,
    items_that_were_asked_for_come_first_and_what_is_done_stays_done,
    sums_are_told_vault_by_vault,
    items_with_a_job_are_looked_at_and_a_new_attempt_gets_a_new_job,
);

fn item(number: u32, vault: &str) -> RunItem {
    RunItem {
        number,
        account: account_id(A),
        region: region("eu-west-1"),
        vault: vault.to_owned(),
        point: arn(&format!(
            "arn:aws:backup:eu-west-1:{A}:recovery-point:{number}"
        )),
        resource: table_arn(A, "orders"),
        created_at: minute(i64::from(number)),
        size_bytes: Some(10),
        lifecycle: NewLifecycle {
            cold_after_days: Some(30),
            delete_after_days: None,
        },
        state: ItemState::Pending,
        message: None,
        request_id: None,
        at: None,
        job: None,
        made: None,
        attempt: 0,
    }
}

fn outcome(number: u32, state: ItemState) -> ItemOutcome {
    ItemOutcome {
        number,
        state,
        message: Some("why".to_owned()),
        request_id: Some("request-1".to_owned()),
        job: None,
        made: None,
    }
}

async fn all(items: &dyn RunItems, list: Uuid) -> Vec<RunItem> {
    let mut filter = ItemFilter {
        limit: Some(300),
        ..ItemFilter::default()
    };
    let mut rows = Vec::new();
    loop {
        let page = items.page(list, &filter).await.unwrap();
        rows.extend(page.items);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return rows,
        }
    }
}

async fn a_list_is_written_once_and_comes_back_page_by_page(store: Store) {
    let items = store.items();
    let list = Uuid::new_v4();
    let written: Vec<RunItem> = (0..700).map(|n| item(n, "daily")).collect();
    items.add(list, &written).await.unwrap();
    items.add(list, &[item(9_999, "other")]).await.unwrap();
    assert_eq!(all(&*items, list).await, written);
    assert!(all(&*items, Uuid::new_v4()).await.is_empty());
}

async fn items_that_were_asked_for_come_first_and_what_is_done_stays_done(store: Store) {
    let items = store.items();
    let list = Uuid::new_v4();
    let written: Vec<RunItem> = (0..6).map(|n| item(n, "daily")).collect();
    items.add(list, &written).await.unwrap();
    items.ask(list, &[3, 4], minute(100)).await.unwrap();
    let numbers = |items: Vec<RunItem>| items.iter().map(|i| i.number).collect::<Vec<_>>();
    assert_eq!(
        numbers(items.open(list, 4, &[]).await.unwrap()),
        [3, 4, 0, 1]
    );
    let outcomes = [
        outcome(3, ItemState::Done),
        outcome(4, ItemState::Failed),
        outcome(0, ItemState::Left),
    ];
    items.record(list, &outcomes, minute(101)).await.unwrap();
    items
        .record(list, &[outcome(3, ItemState::Left)], minute(102))
        .await
        .unwrap();
    items.ask(list, &[3, 0], minute(103)).await.unwrap();
    assert_eq!(numbers(items.open(list, 9, &[]).await.unwrap()), [1, 2, 5]);
    let rows = all(&*items, list).await;
    assert_eq!(rows[3].state, ItemState::Done);
    assert_eq!(rows[3].at, Some(minute(101)));
    assert_eq!(rows[3].request_id.as_deref(), Some("request-1"));
    assert_eq!(items.reopen(list).await.unwrap(), 1);
    assert_eq!(
        numbers(items.open(list, 9, &[]).await.unwrap()),
        [1, 2, 4, 5]
    );
    let scope = Scope {
        account: written[0].account.clone(),
        region: written[0].region.clone(),
    };
    let elsewhere = Scope {
        region: region("eu-north-1"),
        ..scope.clone()
    };
    let open = items.open(list, 9, &[elsewhere]).await.unwrap();
    assert_eq!(numbers(open), [1, 2, 4, 5]);
    assert!(items.open(list, 9, &[scope]).await.unwrap().is_empty());
}

async fn sums_are_told_vault_by_vault(store: Store) {
    let items = store.items();
    let list = Uuid::new_v4();
    let written: Vec<RunItem> = (0..5)
        .map(|n| item(n, if n < 3 { "daily" } else { "weekly" }))
        .collect();
    items.add(list, &written).await.unwrap();
    let outcomes = [
        outcome(0, ItemState::Done),
        outcome(1, ItemState::Done),
        outcome(3, ItemState::Left),
        outcome(4, ItemState::Failed),
    ];
    items.record(list, &outcomes, minute(1)).await.unwrap();
    let counts = items.counts(list).await.unwrap();
    let [daily, weekly] = &counts[..] else {
        panic!("{counts:?}");
    };
    assert_eq!((daily.done, daily.pending, daily.bytes_done), (2, 1, 20));
    assert_eq!((weekly.left, weekly.failed, weekly.total()), (1, 1, 2));
}

async fn items_with_a_job_are_looked_at_and_a_new_attempt_gets_a_new_job(store: Store) {
    let list = Uuid::new_v4();
    let items = store.items();
    let items = &*items;
    let five: Vec<RunItem> = (0..5).map(|number| item(number, "daily")).collect();
    items.add(list, &five).await.unwrap();
    items.ask(list, &[0, 1, 2, 3], minute(10)).await.unwrap();
    let named = |number: u32, state| ItemOutcome {
        job: Some(format!("job-{number}")),
        ..outcome(number, state)
    };
    let under_way = [0, 1, 2].map(|number| named(number, ItemState::Asked));
    items.record(list, &under_way, minute(11)).await.unwrap();

    let numbers = |rows: Vec<RunItem>| rows.iter().map(|row| row.number).collect::<Vec<_>>();
    assert_eq!(numbers(items.open(list, 9, &[]).await.unwrap()), [3, 4]);
    assert_eq!(
        numbers(items.under_way(list, None, 2).await.unwrap()),
        [0, 1]
    );
    assert_eq!(
        numbers(items.under_way(list, Some(1), 9).await.unwrap()),
        [2]
    );
    let counts: Vec<u64> = items
        .jobs_under_way(list)
        .await
        .unwrap()
        .into_values()
        .collect();
    assert_eq!(counts, [3]);

    let made = arn(&format!("arn:aws:backup:eu-west-1:{A}:recovery-point:copy"));
    let ended = [
        ItemOutcome {
            made: Some(made.clone()),
            ..outcome(0, ItemState::Done)
        },
        outcome(1, ItemState::Failed),
    ];
    items.record(list, &ended, minute(12)).await.unwrap();
    assert_eq!(items.reopen(list).await.unwrap(), 1);
    let rows = all(items, list).await;
    assert_eq!(
        (rows[0].job.as_deref(), rows[0].made.as_ref()),
        (Some("job-0"), Some(&made))
    );
    assert_eq!((rows[1].job.as_deref(), rows[1].attempt), (None, 1));
    assert_eq!(
        (rows[2].job.as_deref(), rows[2].attempt),
        (Some("job-2"), 0)
    );
    assert_eq!(numbers(items.open(list, 9, &[]).await.unwrap()), [3, 1, 4]);
}
