use std::{collections::BTreeMap, sync::Arc};

use super::{
    CaseResult, ensure_eq,
    fixture::{after, append_and_release, by, finished, new_run, request, started},
};
use crate::{NewRun, RunFilter, RunId, RunQuery, RunState, RunStore, StoreError};

pub(super) async fn the_newest_runs_come_first_page_by_page(
    store: Arc<dyn RunStore>,
) -> CaseResult {
    let mut expected = Vec::new();
    for n in 0..25 {
        // Several runs in one millisecond: the id decides.
        expected.push(store.create(new_run(n / 3)).await?.into_run().id);
    }
    expected.sort_unstable();
    expected.reverse();
    let mut query = RunQuery::first(10);
    let mut came = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let page = store.list(&query).await?;
        sizes.push(page.runs.len());
        came.extend(page.runs.iter().map(|run| run.id));
        query.before = page.next;
        if page.next.is_none() {
            break;
        }
    }
    ensure_eq!(came, expected);
    ensure_eq!(sizes, vec![10, 10, 5]);
    let all = store.list(&RunQuery::first(25)).await?;
    ensure_eq!(all.next, None);
    Ok(())
}

async fn ids(store: &dyn RunStore, filter: RunFilter) -> Result<Vec<RunId>, StoreError> {
    let query = RunQuery {
        filter,
        ..RunQuery::first(100)
    };
    let page = store.list(&query).await?;
    let mut ids: Vec<_> = page.runs.iter().map(|run| run.id).collect();
    ids.reverse();
    Ok(ids)
}

fn varied() -> Vec<NewRun> {
    let mut runs: Vec<NewRun> = (0..4).map(|n| new_run(n * 10)).collect();
    runs[1] = by(runs[1].clone(), "ben");
    "other".clone_into(&mut runs[1].kind);
    runs[2].labels.account = Some("999999999999".to_owned());
    runs[2].labels.region = Some("us-east-1".to_owned());
    runs[3].labels.resource = None;
    runs[3].labels.account = None;
    runs
}

pub(super) async fn each_filter_keeps_what_it_names(store: Arc<dyn RunStore>) -> CaseResult {
    let runs = varied();
    for run in &runs {
        store.create(run.clone()).await?;
    }
    let all: Vec<RunId> = runs.iter().map(|run| run.id).collect();
    let some = |chosen: &[usize]| chosen.iter().map(|n| all[*n]).collect::<Vec<_>>();
    let text = |values: &[&str]| values.iter().map(|&v| v.to_owned()).collect::<Vec<_>>();
    let none = RunFilter::default;
    let cases = [
        (none(), some(&[0, 1, 2, 3])),
        (
            RunFilter {
                kinds: text(&["other"]),
                ..none()
            },
            some(&[1]),
        ),
        (
            RunFilter {
                creators: text(&["ana", "eve"]),
                ..none()
            },
            some(&[0, 2, 3]),
        ),
        (
            RunFilter {
                accounts: text(&["000000000001"]),
                ..none()
            },
            some(&[0, 1]),
        ),
        (
            RunFilter {
                accounts: text(&["000000000001", "999999999999"]),
                regions: text(&["us-east-1"]),
                ..none()
            },
            some(&[2]),
        ),
        (
            RunFilter {
                resources: text(&["arn:aws:dynamodb:eu-west-1:000000000001:table/orders"]),
                ..none()
            },
            some(&[0, 1, 2]),
        ),
        (
            RunFilter {
                created_from: Some(after(10)),
                created_before: Some(after(30)),
                ..none()
            },
            some(&[1, 2]),
        ),
        (
            RunFilter {
                states: vec![RunState::Failed, RunState::Running],
                ..none()
            },
            some(&[]),
        ),
        (
            RunFilter {
                states: vec![RunState::Queued],
                creators: text(&["ben"]),
                ..none()
            },
            some(&[1]),
        ),
    ];
    for (filter, expected) in cases {
        ensure_eq!(ids(&*store, filter.clone()).await?, expected);
        let total = store.counts(&filter).await?.total();
        ensure_eq!(usize::try_from(total).ok(), Some(expected.len()));
    }
    Ok(())
}

pub(super) async fn counts_are_by_state_and_filtered(store: Arc<dyn RunStore>) -> CaseResult {
    for (n, creator) in (0..).zip(["ana", "ana", "ana", "ben"]) {
        store.create(by(new_run(n), creator)).await?;
    }
    let claims = store.claim(&request("w1", 10)).await?;
    append_and_release(&*store, &claims[0], 11, vec![finished()]).await?;
    append_and_release(&*store, &claims[1], 11, vec![started("one")]).await?;
    let counts = store.counts(&RunFilter::default()).await?;
    let expected = BTreeMap::from([
        (RunState::Queued, 2),
        (RunState::Running, 1),
        (RunState::Succeeded, 1),
    ]);
    ensure_eq!(counts.by_state, expected);
    let of_ben = RunFilter {
        creators: vec!["ben".to_owned()],
        ..RunFilter::default()
    };
    ensure_eq!(store.counts(&of_ben).await?.total(), 1);
    Ok(())
}
