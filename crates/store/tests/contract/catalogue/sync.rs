use jiff::Timestamp;
use tidemark_domain::{Protection, ResourceFilter, ResourceType};
use tidemark_services::ports::{PartialFailure, ScopeSnapshot};
use tidemark_store::Store;

use crate::{
    builders::{
        A, B, account, arn, backup_job, minute, point, scope, scope_error, table, table_arn, vault,
    },
    harness::on_both,
};

on_both!(
    what_a_sync_read_comes_back_as_it_was,
    a_failed_sync_keeps_the_last_good_data,
    points_and_jobs_that_are_gone_go,
    a_resource_that_is_gone_stays_while_points_of_it_remain,
    what_no_service_lists_is_never_called_gone,
    parts_that_could_not_be_read_keep_their_rows,
    a_copy_in_another_account_is_found_on_the_page_of_its_resource,
    a_bucket_belongs_to_the_account_that_lists_it,
    the_last_finished_backup_job_decides_whether_it_fails,
);

fn snapshot() -> ScopeSnapshot {
    let orders = table_arn(A, "orders");
    ScopeSnapshot {
        vaults: vec![vault(A, "daily"), vault(A, "monthly")],
        resources: vec![table(A, "orders"), table(A, "users")],
        points: vec![point(A, "p1", &orders, 10), point(A, "p2", &orders, 20)],
        jobs: vec![backup_job(A, "j1", &orders, "COMPLETED", 20)],
        ..ScopeSnapshot::default()
    }
}

async fn what_a_sync_read_comes_back_as_it_was(store: Store) {
    let catalogue = store.catalogue();
    store.accounts().add(&account(A, "prod")).await.unwrap();
    let read = snapshot();
    catalogue.begin_sync(&scope(A), minute(30)).await.unwrap();
    assert!(catalogue.scopes(None).await.unwrap()[0].syncing);
    for _ in 0..2 {
        catalogue
            .apply_sync(&scope(A), &read, minute(31))
            .await
            .unwrap();
        assert_eq!(catalogue.vaults(&scope(A)).await.unwrap(), read.vaults);
        let orders = catalogue.resource(&read.resources[0].arn).await.unwrap();
        let orders = orders.unwrap();
        assert_eq!(orders.resource, read.resources[0]);
        assert_eq!(orders.alias, "prod");
        assert_eq!(orders.protection, Protection::Protected);
        assert_eq!(orders.points, 2);
        assert_eq!(orders.newest_point, Some(minute(20)));
        assert_eq!(orders.scope.last_success, Some(minute(31)));
        assert!(!orders.scope.syncing);
        let users = catalogue.resource(&read.resources[1].arn).await.unwrap();
        assert_eq!(users.unwrap().protection, Protection::Unprotected);
        for point in &read.points {
            let found = catalogue.point(&point.arn).await.unwrap();
            assert_eq!(found.as_ref(), Some(point));
        }
        let jobs = catalogue.jobs(&read.resources[0].arn, 5).await.unwrap();
        assert_eq!(jobs, read.jobs);
        assert_eq!(catalogue.storage().await.unwrap(), (200, 0, 2));
        let overview = catalogue.overview().await.unwrap();
        assert_eq!((overview[0].protected, overview[0].unprotected), (1, 1));
        assert_eq!(overview[0].oldest_newest_point, Some(minute(20)));
        assert_eq!(overview[0].scopes.len(), 2);
    }
}

async fn a_failed_sync_keeps_the_last_good_data(store: Store) {
    let catalogue = store.catalogue();
    let read = snapshot();
    catalogue
        .apply_sync(&scope(A), &read, minute(31))
        .await
        .unwrap();
    let error = scope_error("dynamodb:ListTables is denied");
    catalogue
        .fail_sync(&scope(A), &error, minute(40))
        .await
        .unwrap();
    let detail = catalogue
        .resource(&read.resources[0].arn)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(detail.points, 2);
    assert_eq!(detail.scope.error, Some(error));
    assert_eq!(detail.scope.last_success, Some(minute(31)));
    assert_eq!(detail.scope.last_attempt, Some(minute(40)));
    catalogue
        .apply_sync(&scope(A), &read, minute(50))
        .await
        .unwrap();
    let state = catalogue.scopes(Some(&scope(A).account)).await.unwrap();
    assert_eq!(state[0].error, None);
}

async fn points_and_jobs_that_are_gone_go(store: Store) {
    let catalogue = store.catalogue();
    let mut read = snapshot();
    catalogue
        .apply_sync(&scope(A), &read, minute(31))
        .await
        .unwrap();
    let gone = read.points.remove(1);
    read.jobs.clear();
    read.vaults.remove(0);
    catalogue
        .apply_sync(&scope(A), &read, minute(32))
        .await
        .unwrap();
    assert_eq!(catalogue.point(&gone.arn).await.unwrap(), None);
    let detail = catalogue
        .resource(&gone.resource_arn)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((detail.points, detail.newest_point), (1, Some(minute(10))));
    assert!(
        catalogue
            .jobs(&gone.resource_arn, 5)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(catalogue.vaults(&scope(A)).await.unwrap(), read.vaults);
    assert_eq!(catalogue.storage().await.unwrap(), (100, 0, 1));
}

/// File systems of `FSx`, and whatever else AWS Backup protects beside the types that are read.
async fn what_no_service_lists_is_never_called_gone(store: Store) {
    let catalogue = store.catalogue();
    let mut read = snapshot();
    for resource in &mut read.resources {
        resource.resource_type = ResourceType::from("FSx");
    }
    for point in &mut read.points {
        point.resource_type = ResourceType::from("FSx");
    }
    let deleted = async |at: Timestamp, read: &ScopeSnapshot| {
        catalogue.apply_sync(&scope(A), read, at).await.unwrap();
        let found = catalogue.resource(&table_arn(A, "orders")).await.unwrap();
        found.unwrap().resource.deleted
    };
    assert!(!deleted(minute(31), &read).await);
    // Only its points tell of it from now on, and nobody asked its own service.
    read.resources.clear();
    assert!(!deleted(minute(32), &read).await);
    assert!(!deleted(minute(33), &read).await);
    // Once no point of it remains, it is forgotten.
    read.points.clear();
    catalogue
        .apply_sync(&scope(A), &read, minute(35))
        .await
        .unwrap();
    let found = catalogue.resource(&table_arn(A, "orders")).await.unwrap();
    assert_eq!(found, None);
}

async fn a_resource_that_is_gone_stays_while_points_of_it_remain(store: Store) {
    let catalogue = store.catalogue();
    let mut read = snapshot();
    catalogue
        .apply_sync(&scope(A), &read, minute(31))
        .await
        .unwrap();
    let (orders, users) = (table_arn(A, "orders"), table_arn(A, "users"));
    read.resources.clear();
    catalogue
        .apply_sync(&scope(A), &read, minute(32))
        .await
        .unwrap();
    assert!(
        catalogue
            .resource(&orders)
            .await
            .unwrap()
            .unwrap()
            .resource
            .deleted
    );
    assert_eq!(catalogue.resource(&users).await.unwrap(), None);
    read.points.clear();
    catalogue
        .apply_sync(&scope(A), &read, minute(33))
        .await
        .unwrap();
    assert_eq!(catalogue.resource(&orders).await.unwrap(), None);
    let again = snapshot();
    catalogue
        .apply_sync(&scope(A), &again, minute(34))
        .await
        .unwrap();
    assert!(
        !catalogue
            .resource(&orders)
            .await
            .unwrap()
            .unwrap()
            .resource
            .deleted
    );
}

async fn parts_that_could_not_be_read_keep_their_rows(store: Store) {
    let catalogue = store.catalogue();
    let read = snapshot();
    catalogue
        .apply_sync(&scope(A), &read, minute(31))
        .await
        .unwrap();
    let partial = ["DynamoDB", "points:daily", "jobs", "vaults"].map(|part| PartialFailure {
        part: part.to_owned(),
        error: scope_error(part),
    });
    let nothing = ScopeSnapshot {
        partial: partial.to_vec(),
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &nothing, minute(32))
        .await
        .unwrap();
    assert_eq!(catalogue.vaults(&scope(A)).await.unwrap(), read.vaults);
    assert_eq!(catalogue.storage().await.unwrap(), (200, 0, 2));
    let detail = catalogue
        .resource(&read.resources[0].arn)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(detail.resource, read.resources[0]);
    assert_eq!(detail.scope.error, Some(scope_error("DynamoDB")));
    assert_eq!(detail.scope.last_success, Some(minute(32)));
    assert_eq!(
        catalogue.jobs(&read.resources[0].arn, 5).await.unwrap(),
        read.jobs
    );
    catalogue
        .apply_sync(&scope(A), &ScopeSnapshot::default(), minute(33))
        .await
        .unwrap();
    assert_eq!(catalogue.storage().await.unwrap(), (0, 0, 0));
    let page = catalogue
        .resources(&ResourceFilter::default())
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.total), (0, Some(0)));
}

async fn a_copy_in_another_account_is_found_on_the_page_of_its_resource(store: Store) {
    let catalogue = store.catalogue();
    let orders = table_arn(A, "orders");
    let copies = ScopeSnapshot {
        points: vec![point(B, "copy", &orders, 15)],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(B), &copies, minute(31))
        .await
        .unwrap();
    let before = catalogue.resource(&orders).await.unwrap().unwrap();
    assert_eq!((before.resource.account.as_str(), before.points), (A, 1));
    assert!(
        !before.resource.deleted,
        "nobody looked into its account yet"
    );
    assert_eq!(before.scope.last_attempt, None);

    catalogue
        .apply_sync(&scope(A), &snapshot(), minute(32))
        .await
        .unwrap();
    let both = catalogue.resource(&orders).await.unwrap().unwrap();
    assert_eq!((both.points, both.newest_point), (3, Some(minute(20))));
    assert_eq!(both.resource, table(A, "orders"));

    catalogue.forget(&scope(A).account).await.unwrap();
    let left = catalogue.resource(&orders).await.unwrap().unwrap();
    assert_eq!((left.points, left.newest_point), (1, Some(minute(15))));
    assert_eq!(
        catalogue.resource(&table_arn(A, "users")).await.unwrap(),
        None
    );
    catalogue.forget(&scope(B).account).await.unwrap();
    assert_eq!(catalogue.resource(&orders).await.unwrap(), None);
    assert_eq!(catalogue.storage().await.unwrap(), (0, 0, 0));
}

async fn a_bucket_belongs_to_the_account_that_lists_it(store: Store) {
    let catalogue = store.catalogue();
    let mut bucket = table(A, "ledger");
    bucket.arn = arn("arn:aws:s3:::ledger");
    bucket.resource_type = "S3".into();
    let mut copy = point(B, "copy", &bucket.arn, 15);
    copy.resource_type = "S3".into();
    let listing = ScopeSnapshot {
        resources: vec![bucket.clone()],
        ..ScopeSnapshot::default()
    };
    let copies = ScopeSnapshot {
        points: vec![copy],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(B), &copies, minute(1))
        .await
        .unwrap();
    catalogue
        .apply_sync(&scope(A), &listing, minute(2))
        .await
        .unwrap();
    catalogue
        .apply_sync(&scope(B), &copies, minute(3))
        .await
        .unwrap();
    let detail = catalogue.resource(&bucket.arn).await.unwrap().unwrap();
    assert_eq!(detail.resource, bucket);
    assert_eq!(detail.points, 1);
}

async fn the_last_finished_backup_job_decides_whether_it_fails(store: Store) {
    let catalogue = store.catalogue();
    let orders = table_arn(A, "orders");
    let mut read = snapshot();
    let cases: [(&[&str], Protection); 5] = [
        (&["COMPLETED", "FAILED"], Protection::Failing),
        (&["FAILED", "COMPLETED"], Protection::Protected),
        (&["EXPIRED", "RUNNING"], Protection::Failing),
        (&["FAILED", "ABORTED"], Protection::Protected),
        (&[], Protection::Protected),
    ];
    for (statuses, protection) in cases {
        read.jobs = (0..)
            .zip(statuses)
            .map(|(n, status)| backup_job(A, &format!("j{n}"), &orders, status, n))
            .collect();
        catalogue
            .apply_sync(&scope(A), &read, minute(31))
            .await
            .unwrap();
        let detail = catalogue.resource(&orders).await.unwrap().unwrap();
        assert_eq!(detail.protection, protection, "{statuses:?}");
        let filter = ResourceFilter {
            protection: Some(protection),
            ..ResourceFilter::default()
        };
        let page = catalogue.resources(&filter).await.unwrap();
        assert_eq!((page.items.len(), page.total), (1, Some(1)), "{statuses:?}");
    }
}
