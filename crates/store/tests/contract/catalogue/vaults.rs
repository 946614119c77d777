use tidemark_domain::{
    LegalHold, RecoveryPoint, Tier, Vault, VaultFilter, VaultKind,
    plan::VaultLimits,
    vaults::{HoldFilter, OutsidePoints},
};
use tidemark_services::ports::{PartialFailure, ScopeSnapshot};
use tidemark_store::Store;

use crate::{
    builders::{
        A, B, account, account_id, arn, minute, point, region, scope, scope_error, table_arn, vault,
    },
    harness::on_both,
};

on_both!(
    every_field_of_vaults_and_holds_comes_back,
    vaults_of_all_accounts_come_by_name_page_by_page,
    what_lies_in_a_vault_is_summed_up,
    what_could_not_be_read_of_a_vault_stays_as_it_was,
    holds_of_all_accounts_come_newest_first_page_by_page,
    points_outside_of_limits_are_counted,
);

fn hold(id: &str, vaults: &[&str]) -> LegalHold {
    LegalHold {
        id: id.to_owned(),
        arn: arn(&format!("arn:aws:backup:eu-west-1:{A}:legal-hold:{id}")),
        account: account_id(A),
        region: region("eu-west-1"),
        title: "Case".to_owned(),
        description: "why".to_owned(),
        status: "ACTIVE".to_owned(),
        created_at: minute(3),
        cancelled_at: Some(minute(4)),
        vaults: vaults.iter().map(|name| (*name).to_owned()).collect(),
        resources: vec![table_arn(A, "orders").to_string()],
        from: Some(minute(1)),
        until: Some(minute(2)),
        points: 7,
    }
}

fn full(name: &str) -> Vault {
    Vault {
        kind: VaultKind::AirGapped,
        created_at: Some(minute(5)),
        encryption_key: Some(arn("arn:aws:kms:eu-west-1:111111111111:key/k")),
        access_policy: Some(r#"{"Version":"2012-10-17"}"#.to_owned()),
        ..vault(A, name)
    }
}

async fn apply(store: &Store, snapshot: &ScopeSnapshot) {
    let catalogue = store.catalogue();
    catalogue
        .apply_sync(&scope(A), snapshot, minute(90))
        .await
        .unwrap();
}

async fn every_field_of_vaults_and_holds_comes_back(store: Store) {
    store.accounts().add(&account(A, "alias-a")).await.unwrap();
    let snapshot = ScopeSnapshot {
        vaults: vec![full("daily"), vault(A, "weekly")],
        holds: vec![hold("one", &["daily"]), hold("two", &["weekly"])],
        ..ScopeSnapshot::default()
    };
    apply(&store, &snapshot).await;
    let catalogue = store.catalogue();
    assert_eq!(catalogue.vaults(&scope(A)).await.unwrap()[0], full("daily"));
    let detail = catalogue.vault(&full("daily").arn).await.unwrap().unwrap();
    assert_eq!(detail.vault, full("daily"));
    assert_eq!(detail.alias, "alias-a");
    assert_eq!(detail.holds, [hold("one", &["daily"])]);
    assert_eq!((detail.vaults, detail.active_holds), (2, 2));
    assert_eq!(catalogue.holds(&scope(A)).await.unwrap().len(), 2);
    apply(&store, &ScopeSnapshot::default()).await;
    assert!(catalogue.holds(&scope(A)).await.unwrap().is_empty());
    assert_eq!(catalogue.vault(&full("daily").arn).await.unwrap(), None);
}

async fn holds_of_all_accounts_come_newest_first_page_by_page(store: Store) {
    store.accounts().add(&account(A, "alias-a")).await.unwrap();
    let catalogue = store.catalogue();
    let holds: Vec<LegalHold> = (0..5)
        .map(|number| LegalHold {
            created_at: minute(number),
            cancelled_at: None,
            status: if number == 0 { "CANCELED" } else { "ACTIVE" }.to_owned(),
            title: format!("Case {number}"),
            ..hold(&number.to_string(), &["daily"])
        })
        .collect();
    let snapshot = ScopeSnapshot {
        holds,
        ..ScopeSnapshot::default()
    };
    apply(&store, &snapshot).await;
    let titles = async |filter: &HoldFilter| -> (Vec<String>, Option<String>) {
        let page = catalogue.hold_rows(filter).await.unwrap();
        assert!(page.items.iter().all(|row| row.alias == "alias-a"));
        let titles = page.items.into_iter().map(|row| row.hold.title);
        (titles.collect(), page.next)
    };
    let mut filter = HoldFilter {
        limit: Some(2),
        ..HoldFilter::default()
    };
    let mut all = Vec::new();
    for _ in 0..3 {
        let (page, next) = titles(&filter).await;
        all.extend(page);
        filter.cursor = next;
    }
    assert_eq!(all, ["Case 4", "Case 3", "Case 2", "Case 1", "Case 0"]);
    assert_eq!(filter.cursor, None);
    let released = HoldFilter {
        active: Some(false),
        ..HoldFilter::default()
    };
    assert_eq!(titles(&released).await.0, ["Case 0"]);
    let named = HoldFilter {
        text: Some("case 3".to_owned()),
        active: Some(true),
        account: Some(account_id(A)),
        region: Some(region("eu-west-1")),
        ..HoldFilter::default()
    };
    assert_eq!(titles(&named).await.0, ["Case 3"]);
    let elsewhere = HoldFilter {
        account: Some(account_id(B)),
        ..HoldFilter::default()
    };
    assert!(titles(&elsewhere).await.0.is_empty());
}

async fn points_outside_of_limits_are_counted(store: Store) {
    let kept = |id: &str, days: Option<i64>| {
        let point = point(A, id, &table_arn(A, "orders"), 1);
        RecoveryPoint {
            vault: Some("daily".to_owned()),
            delete_at: days
                .map(|days| point.created_at + jiff::SignedDuration::from_hours(24 * days)),
            ..point
        }
    };
    let other = RecoveryPoint {
        vault: Some("weekly".to_owned()),
        ..kept("5", Some(1))
    };
    let snapshot = ScopeSnapshot {
        vaults: vec![vault(A, "daily"), vault(A, "weekly")],
        points: vec![
            kept("1", Some(6)),
            kept("2", Some(7)),
            kept("3", Some(366)),
            kept("4", None),
            other,
        ],
        ..ScopeSnapshot::default()
    };
    apply(&store, &snapshot).await;
    let catalogue = store.catalogue();
    let limits = VaultLimits {
        min_days: Some(7),
        max_days: Some(365),
    };
    let counts = catalogue
        .outside(&scope(A), "daily", &limits)
        .await
        .unwrap();
    assert_eq!(
        counts,
        OutsidePoints {
            points: 4,
            too_short: 1,
            too_long: 1,
            forever: 1,
        }
    );
    let none = VaultLimits::default();
    let counts = catalogue.outside(&scope(A), "daily", &none).await.unwrap();
    assert_eq!((counts.points, counts.outside(&none)), (4, 0));
    let nowhere = catalogue.outside(&scope(B), "daily", &none).await.unwrap();
    assert_eq!(nowhere, OutsidePoints::default());
}

async fn vaults_of_all_accounts_come_by_name_page_by_page(store: Store) {
    let catalogue = store.catalogue();
    for of in [A, B] {
        let snapshot = ScopeSnapshot {
            vaults: ["b", "a", "c_1", "cx1"]
                .map(|name| vault(of, name))
                .to_vec(),
            ..ScopeSnapshot::default()
        };
        catalogue
            .apply_sync(&scope(of), &snapshot, minute(1))
            .await
            .unwrap();
    }
    let mut filter = VaultFilter {
        limit: Some(3),
        ..VaultFilter::default()
    };
    let mut names = Vec::new();
    loop {
        let page = catalogue.vault_rows(&filter).await.unwrap();
        names.extend(page.items.into_iter().map(|row| row.vault.name));
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(names, ["a", "a", "b", "b", "c_1", "c_1", "cx1", "cx1"]);
    let filter = VaultFilter {
        text: Some("C_".to_owned()),
        account: Some(account_id(B)),
        ..VaultFilter::default()
    };
    let page = catalogue.vault_rows(&filter).await.unwrap();
    assert_eq!(page.items.len(), 1);
    let open = VaultFilter {
        locked: Some(false),
        ..VaultFilter::default()
    };
    assert!(catalogue.vault_rows(&open).await.unwrap().items.is_empty());
}

async fn what_lies_in_a_vault_is_summed_up(store: Store) {
    let orders = table_arn(A, "orders");
    let mut points: Vec<_> = (1..=6)
        .map(|n| point(A, &format!("p-{n}"), &orders, n))
        .collect();
    points[0].tier = Tier::Cold;
    points[1].held = true;
    "EXPIRED".clone_into(&mut points[2].status);
    points[5].vault = Some("other".to_owned());
    let snapshot = ScopeSnapshot {
        vaults: vec![vault(A, "daily")],
        points,
        ..ScopeSnapshot::default()
    };
    apply(&store, &snapshot).await;
    let catalogue = store.catalogue();
    let page = catalogue.vault_rows(&VaultFilter::default()).await.unwrap();
    let contents = page.items[0].contents;
    assert_eq!((contents.points, contents.bytes), (5, 500));
    assert_eq!((contents.cold, contents.expired, contents.held), (1, 1, 1));
    assert_eq!(contents.oldest, Some(minute(1)));
    assert_eq!(contents.newest, Some(minute(5)));
}

async fn what_could_not_be_read_of_a_vault_stays_as_it_was(store: Store) {
    let snapshot = ScopeSnapshot {
        vaults: vec![full("daily")],
        holds: vec![hold("one", &[])],
        ..ScopeSnapshot::default()
    };
    apply(&store, &snapshot).await;
    let partial = ScopeSnapshot {
        vaults: vec![Vault {
            access_policy: None,
            points: 9,
            ..full("daily")
        }],
        partial: ["policy:daily", "legal-holds"]
            .map(|part| PartialFailure {
                part: part.to_owned(),
                error: scope_error(part),
            })
            .to_vec(),
        ..ScopeSnapshot::default()
    };
    apply(&store, &partial).await;
    let catalogue = store.catalogue();
    let detail = catalogue.vault(&full("daily").arn).await.unwrap().unwrap();
    assert_eq!(detail.vault.points, 9);
    assert_eq!(detail.vault.access_policy, full("daily").access_policy);
    assert_eq!(detail.holds.len(), 1);
}
