use tidemark_domain::{JobFilter, JobKind, JobOutcome};
use tidemark_services::ports::ScopeSnapshot;
use tidemark_store::Store;

use crate::{
    builders::{A, B, account, backup_job, minute, scope, table, table_arn},
    harness::on_both,
};

on_both!(
    jobs_of_all_accounts_come_newest_first_and_page_by_page,
    failures_are_told_by_aws_words,
    an_owner_has_jobs_of_own_resources_only,
);

const DENIED: &str = "Access denied: 100% of the time_out";

/// Four jobs of `orders` in one account, three that failed, and one of `carts` in another account.
async fn filled(store: &Store) {
    for (id, name, jobs) in [
        (
            A,
            "orders",
            &["COMPLETED", "FAILED", "FAILED", "EXPIRED"][..],
        ),
        (B, "carts", &["FAILED"][..]),
    ] {
        store
            .accounts()
            .add(&account(id, &format!("alias-{name}")))
            .await
            .unwrap();
        let mut resource = table(id, name);
        resource
            .tags
            .insert("owner".to_owned(), format!("of-{name}"));
        let jobs = jobs.iter().enumerate().map(|(at, status)| {
            let at = i64::try_from(at).unwrap();
            let mut job = backup_job(id, &format!("{name}-{at}"), &resource.arn, status, at);
            job.message = (*status == "FAILED").then(|| DENIED.to_owned());
            job.kind = if at == 3 {
                JobKind::Copy
            } else {
                JobKind::Backup
            };
            job
        });
        let snapshot = ScopeSnapshot {
            jobs: jobs.collect(),
            resources: vec![resource.clone()],
            ..ScopeSnapshot::default()
        };
        store
            .catalogue()
            .apply_sync(&scope(id), &snapshot, minute(90))
            .await
            .unwrap();
    }
}

async fn found(store: &Store, filter: JobFilter) -> Vec<String> {
    let page = store.catalogue().job_rows(&filter).await.unwrap();
    assert_eq!(page.next, None);
    page.items.into_iter().map(|row| row.job.id).collect()
}

async fn jobs_of_all_accounts_come_newest_first_and_page_by_page(store: Store) {
    filled(&store).await;
    let catalogue = store.catalogue();
    let mut filter = JobFilter {
        limit: Some(2),
        ..JobFilter::default()
    };
    let mut ids = Vec::new();
    loop {
        let page = catalogue.job_rows(&filter).await.unwrap();
        assert!(page.items.len() <= 2);
        ids.extend(page.items.into_iter().map(|row| (row.job.id, row.alias)));
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => break,
        }
    }
    let orders =
        ["orders-3", "orders-2", "orders-1"].map(|id| (id.to_owned(), "alias-orders".to_owned()));
    assert_eq!(ids[..3], orders);
    let mut last: Vec<_> = ids[3..].iter().map(|(id, _)| id.as_str()).collect();
    last.sort_unstable();
    assert_eq!(last, ["carts-0", "orders-0"], "they are equally old");

    let of = |filter: JobFilter| found(&store, filter);
    let failed = JobFilter {
        outcome: Some(JobOutcome::Failed),
        ..JobFilter::default()
    };
    assert_eq!(
        of(failed.clone()).await,
        ["orders-3", "orders-2", "orders-1", "carts-0"]
    );
    let since = Some(minute(2));
    assert_eq!(
        of(JobFilter {
            since,
            ..failed.clone()
        })
        .await,
        ["orders-3", "orders-2"]
    );
    let kind = Some(JobKind::Copy);
    assert_eq!(
        of(JobFilter {
            kind,
            ..failed.clone()
        })
        .await,
        ["orders-3"]
    );
    let account = Some(scope(B).account);
    assert_eq!(
        of(JobFilter {
            account,
            ..failed.clone()
        })
        .await,
        ["carts-0"]
    );
    for (text, hits) in [
        ("100% of", 3),
        ("time_out", 3),
        ("TABLE/CARTS", 1),
        ("100x of", 0),
    ] {
        let text_filter = JobFilter {
            text: Some(text.to_owned()),
            ..failed.clone()
        };
        assert_eq!(of(text_filter).await.len(), hits, "{text}");
    }
}

async fn failures_are_told_by_aws_words(store: Store) {
    filled(&store).await;
    let causes = store
        .catalogue()
        .job_causes(minute(0), None, 10)
        .await
        .unwrap();
    assert_eq!(causes.len(), 2, "{causes:?}");
    let denied = &causes[0];
    assert_eq!(denied.message.as_deref(), Some(DENIED));
    assert_eq!(
        (denied.jobs, denied.resources, denied.accounts, denied.last),
        (3, 2, 2, minute(2))
    );
    let expired = &causes[1];
    assert_eq!(
        (expired.status.as_str(), expired.kind),
        ("EXPIRED", JobKind::Copy)
    );
    assert_eq!(expired.example, Some(table_arn(A, "orders")));
    let later = store
        .catalogue()
        .job_causes(minute(3), None, 10)
        .await
        .unwrap();
    assert_eq!(later.len(), 1);
    let most = store
        .catalogue()
        .job_causes(minute(0), None, 1)
        .await
        .unwrap();
    assert_eq!(most, causes[..1]);
}

async fn an_owner_has_jobs_of_own_resources_only(store: Store) {
    filled(&store).await;
    let mine = JobFilter {
        owner: Some("OF-carts".to_owned()),
        ..JobFilter::default()
    };
    assert_eq!(found(&store, mine).await, ["carts-0"]);
    let causes = store
        .catalogue()
        .job_causes(minute(0), Some("of-carts"), 10)
        .await
        .unwrap();
    assert_eq!((causes.len(), causes[0].jobs), (1, 1));
}
