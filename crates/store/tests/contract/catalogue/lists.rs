use std::collections::BTreeSet;

use tidemark_domain::{Arn, Page, Protection, Resource, ResourceFilter, ResourceRow, ResourceSort};
use tidemark_services::{
    error::StoreError,
    ports::{Catalogue, ScopeSnapshot},
};
use tidemark_store::Store;

use crate::{
    builders::{A, B, account, account_id, backup_job, minute, point, region, scope, table},
    harness::on_both,
};

on_both!(
    every_order_goes_both_ways_page_by_page,
    rows_that_arrive_between_pages_neither_repeat_nor_hide_others,
    each_filter_keeps_what_it_names,
    a_text_is_found_in_any_case_and_taken_literally,
    a_frequent_text_is_found_page_by_page,
    parts_of_names_are_found_in_every_order_among_many_that_have_their_letters,
    names_that_change_and_resources_that_go_are_no_longer_found,
    a_cursor_is_good_for_its_own_list_only,
    a_limit_outside_the_bounds_is_refused,
    the_alias_of_an_account_is_shown_and_else_its_id,
);

/// Ten tables in two accounts; those with an even number have a point, the sixth fails.
async fn seed(store: &Store) {
    for id in [A, B] {
        let mut snapshot = ScopeSnapshot::default();
        for n in 0..10_u32 {
            let mut resource = table(id, &format!("Table-{n}"));
            resource.size_bytes = (n != 7).then(|| u64::from((n * 7) % 10));
            if n % 3 == 0 {
                resource.tags.insert("Owner".to_owned(), "Anna".to_owned());
            }
            if n % 2 == 0 {
                let at = i64::from((n * 3) % 10);
                let point = point(id, &format!("p{n}"), &resource.arn, at);
                snapshot.points.push(point);
            }
            if n == 6 {
                let job = backup_job(id, "j", &resource.arn, "EXPIRED", 50);
                snapshot.jobs.push(job);
            }
            snapshot.resources.push(resource);
        }
        let catalogue = store.catalogue();
        catalogue
            .apply_sync(&scope(id), &snapshot, minute(60))
            .await
            .unwrap();
    }
}

async fn all(catalogue: &dyn Catalogue, mut filter: ResourceFilter) -> Vec<ResourceRow> {
    let mut rows = Vec::new();
    loop {
        let page: Page<ResourceRow> = catalogue.resources(&filter).await.unwrap();
        if let Some(limit) = filter.limit {
            assert!(page.items.len() <= usize::from(limit));
        }
        rows.extend(page.items);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return rows,
        }
    }
}

async fn every_order_goes_both_ways_page_by_page(store: Store) {
    seed(&store).await;
    let catalogue = store.catalogue();
    for sort in [
        ResourceSort::Name,
        ResourceSort::NewestPoint,
        ResourceSort::Size,
    ] {
        let key = |row: &ResourceRow| match sort {
            ResourceSort::Name => row.name.clone(),
            ResourceSort::NewestPoint => format!("{:?}", row.newest_point),
            ResourceSort::Size => format!("{:?}", row.size_bytes),
        };
        for descending in [false, true] {
            let filter = |limit| ResourceFilter {
                sort,
                descending,
                limit: Some(limit),
                ..ResourceFilter::default()
            };
            let whole = all(&*catalogue, filter(200)).await;
            let mut sorted = whole.clone();
            sorted.sort_by_key(key);
            if descending {
                sorted.reverse();
            }
            let keys = |rows: &[ResourceRow]| rows.iter().map(key).collect::<Vec<_>>();
            assert_eq!(whole.len(), 20);
            assert_eq!(keys(&whole), keys(&sorted), "{sort:?} {descending}");
            assert_eq!(all(&*catalogue, filter(3)).await, whole);
            assert_eq!(all(&*catalogue, filter(20)).await, whole);
        }
    }
}

async fn rows_that_arrive_between_pages_neither_repeat_nor_hide_others(store: Store) {
    seed(&store).await;
    let catalogue = store.catalogue();
    let mut filter = ResourceFilter {
        limit: Some(7),
        ..ResourceFilter::default()
    };
    let first = catalogue.resources(&filter).await.unwrap();
    let others = ScopeSnapshot {
        resources: vec![
            table("333333333333", "aaa"),
            table("333333333333", "table-3"),
            table("333333333333", "zzz"),
        ],
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope("333333333333"), &others, minute(61))
        .await
        .unwrap();
    filter.cursor = first.next;
    let rest = all(&*catalogue, filter).await;
    let mut arns: Vec<_> = first.items.iter().chain(&rest).map(|r| &r.arn).collect();
    let old = arns
        .iter()
        .filter(|a| a.account() != "333333333333")
        .count();
    assert_eq!(old, 20);
    arns.sort();
    arns.dedup();
    assert_eq!(arns.len(), first.items.len() + rest.len());
    assert!(rest.iter().any(|row| row.name == "zzz"));
}

async fn each_filter_keeps_what_it_names(store: Store) {
    seed(&store).await;
    let catalogue = store.catalogue();
    let count = async |filter: ResourceFilter| {
        let page = catalogue.resources(&filter).await.unwrap();
        (page.items.len(), page.total)
    };
    let any = ResourceFilter::default;
    assert_eq!(count(any()).await, (20, Some(20)));
    let mut filter = any();
    filter.account = Some(account_id(A));
    assert_eq!(count(filter.clone()).await, (10, Some(10)));
    filter.protection = Some(Protection::Protected);
    assert_eq!(count(filter.clone()).await, (4, Some(4)));
    filter.protection = Some(Protection::Unprotected);
    assert_eq!(count(filter.clone()).await, (5, Some(5)));
    filter.protection = Some(Protection::Failing);
    assert_eq!(count(filter.clone()).await, (1, Some(1)));
    filter.region = Some(region("us-east-1"));
    assert_eq!(count(filter.clone()).await, (0, Some(0)));
    filter.region = Some(region("eu-west-1"));
    filter.protection = None;
    filter.resource_type = Some("DynamoDB".into());
    assert_eq!(count(filter).await, (10, Some(10)));
    let mut filter = any();
    filter.region = Some(region("eu-west-1"));
    filter.resource_type = Some("DynamoDB".into());
    assert_eq!(count(filter.clone()).await, (20, None));
    filter.resource_type = Some("EFS".into());
    assert_eq!(count(filter).await, (0, None));
    let mut filter = any();
    filter.owner = Some("anna".to_owned());
    assert_eq!(count(filter.clone()).await, (8, None));
    filter.account = Some(account_id(B));
    filter.text = Some("table-9".to_owned());
    assert_eq!(count(filter.clone()).await, (1, None));
    filter.owner = Some("ann".to_owned());
    assert_eq!(count(filter).await, (0, None));
}

async fn a_text_is_found_in_any_case_and_taken_literally(store: Store) {
    let catalogue = store.catalogue();
    let names = [
        "100%_Orders",
        "100x-orders",
        "say \"hi\"",
        "back\\slash",
        "Größe",
        "it's",
    ];
    let resources = (0..).zip(names).map(|(n, name)| {
        let mut resource = table(A, &format!("t{n}"));
        name.clone_into(&mut resource.name);
        resource
    });
    let snapshot = ScopeSnapshot {
        resources: resources.collect(),
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(1))
        .await
        .unwrap();
    for (text, found) in [
        ("0%_o", &names[..1]),
        ("100", &names[..2]),
        ("ORDERS", &names[..2]),
        ("%", &names[..1]),
        ("_", &names[..1]),
        ("\"hi\"", &names[2..3]),
        ("\"", &names[2..3]),
        ("k\\s", &names[3..4]),
        ("GRÖSSE", &[]),
        ("GRÖß", &names[4..5]),
        ("öß", &names[4..5]),
        ("it's", &names[5..]),
        ("' OR 1=1 --", &[]),
        ("table/t5", &names[5..]),
        ("  t5  ", &names[5..]),
        ("nothing", &[]),
        ("", &names[..]),
        ("   ", &names[..]),
    ] {
        let filter = ResourceFilter {
            text: Some(text.to_owned()),
            ..ResourceFilter::default()
        };
        let mut came: Vec<String> = catalogue
            .resources(&filter)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|row| row.name)
            .collect();
        came.sort_unstable();
        let mut expected = found.to_vec();
        expected.sort_unstable();
        assert_eq!(came, expected, "{text:?}");
    }
    // The search follows a change of the name.
    let mut renamed = snapshot;
    "renamed".clone_into(&mut renamed.resources[0].name);
    catalogue
        .apply_sync(&scope(A), &renamed, minute(2))
        .await
        .unwrap();
    for (text, number) in [("renamed", 1), ("0%_o", 0)] {
        let filter = ResourceFilter {
            text: Some(text.to_owned()),
            ..ResourceFilter::default()
        };
        let page = catalogue.resources(&filter).await.unwrap();
        assert_eq!(page.items.len(), number, "{text}");
    }
}

async fn a_frequent_text_is_found_page_by_page(store: Store) {
    let catalogue = store.catalogue();
    let snapshot = ScopeSnapshot {
        resources: (0..2500)
            .map(|n| table(A, &format!("often-{n:04}")))
            .collect(),
        ..ScopeSnapshot::default()
    };
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(1))
        .await
        .unwrap();
    let filter = ResourceFilter {
        text: Some("OFTEN".to_owned()),
        limit: Some(200),
        ..ResourceFilter::default()
    };
    let rows = all(&*catalogue, filter).await;
    let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), 2500);
    assert!(names.is_sorted());
}

const SYLLABLES: [&str; 5] = ["able", "born", "cold", "dusk", "east"];

fn syllable(n: usize) -> &'static str {
    SYLLABLES[n % SYLLABLES.len()]
}

/// Every name has its letters from few syllables, so that none are rare; some tables are called by a name that is
/// not the end of their ARN.
fn of_syllables(n: usize) -> Resource {
    let end = [syllable(n), syllable(n / 5), syllable(n / 25)].concat();
    let mut resource = table(A, &format!("{end}{n:04}"));
    resource.size_bytes = u64::try_from(n * 7919 % 4001).ok();
    if n.is_multiple_of(3) {
        resource.name = format!("{}-{}", syllable(n / 7), syllable(n / 35));
    }
    if n.is_multiple_of(4) {
        resource.resource_type = "EFS".into();
    }
    resource
}

fn holds(resource: &Resource, text: &str) -> bool {
    let text = text.to_lowercase();
    resource.name.contains(&text) || resource.arn.as_str().to_lowercase().contains(&text)
}

async fn write_resources(store: &Store, resources: &[Resource], at: i64) {
    let snapshot = ScopeSnapshot {
        resources: resources.to_vec(),
        ..ScopeSnapshot::default()
    };
    let catalogue = store.catalogue();
    catalogue
        .apply_sync(&scope(A), &snapshot, minute(at))
        .await
        .unwrap();
}

async fn parts_of_names_are_found_in_every_order_among_many_that_have_their_letters(store: Store) {
    let catalogue = store.catalogue();
    let resources: Vec<Resource> = (0..4000).map(of_syllables).collect();
    write_resources(&store, &resources, 1).await;
    for text in [
        "able",
        "ableborn",
        "ebo",
        "eastEAST",
        "dusk-c",
        "cold39",
        "cold2",
        "t-a",
        "001",
        "st",
        "dynamo",
        "table/able",
        "duskdusk1",
        "tab",
        "ablex",
        "able-able",
        "444455556666",
    ] {
        for resource_type in [None, Some("EFS")] {
            let is_wanted = |resource: &&Resource| {
                let of_type = |wanted| resource.resource_type.as_str() == wanted;
                holds(resource, text) && resource_type.is_none_or(of_type)
            };
            let mut wanted: Vec<&Resource> = resources.iter().filter(is_wanted).collect();
            wanted.sort_by_key(|resource| resource.size_bytes);
            let by_size: Vec<&Arn> = wanted.iter().map(|resource| &resource.arn).collect();
            wanted.sort_by_key(|resource| &resource.name);
            let by_name: Vec<&str> = wanted
                .iter()
                .map(|resource| resource.name.as_str())
                .collect();
            for descending in [false, true] {
                let filter = |sort| ResourceFilter {
                    text: Some(text.to_owned()),
                    resource_type: resource_type.map(Into::into),
                    limit: Some(200),
                    sort,
                    descending,
                    ..ResourceFilter::default()
                };
                let what = format!("{text:?} {resource_type:?} {descending}");
                let mut came = all(&*catalogue, filter(ResourceSort::Name)).await;
                let distinct: BTreeSet<_> = came.iter().map(|row| row.arn.clone()).collect();
                assert_eq!(distinct.len(), came.len(), "{what}");
                let mut sized = all(&*catalogue, filter(ResourceSort::Size)).await;
                if descending {
                    came.reverse();
                    sized.reverse();
                }
                let came: Vec<&str> = came.iter().map(|row| row.name.as_str()).collect();
                assert_eq!(came, by_name, "{what}");
                let sized: Vec<&Arn> = sized.iter().map(|row| &row.arn).collect();
                assert_eq!(sized, by_size, "{what}");
            }
        }
    }
}

async fn names_that_change_and_resources_that_go_are_no_longer_found(store: Store) {
    let catalogue = store.catalogue();
    let mut resources: Vec<Resource> = (0..300).map(of_syllables).collect();
    write_resources(&store, &resources, 1).await;
    resources.truncate(200);
    for resource in &mut resources {
        resource.name = format!("north-{}", resource.name);
    }
    write_resources(&store, &resources, 2).await;
    for text in ["north-", "north-able", "ableborn", "0299"] {
        let filter = ResourceFilter {
            text: Some(text.to_owned()),
            limit: Some(200),
            ..ResourceFilter::default()
        };
        let came = all(&*catalogue, filter).await.into_iter();
        let came: BTreeSet<_> = came.map(|row| row.arn).collect();
        let wanted = resources.iter().filter(|resource| holds(resource, text));
        let wanted: BTreeSet<_> = wanted.map(|resource| resource.arn.clone()).collect();
        assert_eq!(came, wanted, "{text}");
    }
}

async fn a_cursor_is_good_for_its_own_list_only(store: Store) {
    seed(&store).await;
    let catalogue = store.catalogue();
    let by_name = ResourceFilter {
        limit: Some(3),
        ..ResourceFilter::default()
    };
    let next = catalogue.resources(&by_name).await.unwrap().next.unwrap();
    let with = |cursor: &str, sort, descending| ResourceFilter {
        cursor: Some(cursor.to_owned()),
        sort,
        descending,
        ..ResourceFilter::default()
    };
    let long = "A".repeat(100_000);
    let mut cases = vec![
        with(&next, ResourceSort::Size, false),
        with(&next, ResourceSort::NewestPoint, false),
        with(&next, ResourceSort::Name, true),
    ];
    for garbage in ["", "x", "%%%", "e30", "bnVsbA", "W10", &next[1..], &long] {
        cases.push(with(garbage, ResourceSort::Name, false));
    }
    for filter in cases {
        let answer = catalogue.resources(&filter).await;
        let refused = matches!(&answer, Err(StoreError::Invalid(i)) if i.field == "cursor");
        assert!(refused, "{filter:?} {answer:?}");
    }
}

async fn a_limit_outside_the_bounds_is_refused(store: Store) {
    let catalogue = store.catalogue();
    for limit in [0, 201, u16::MAX] {
        let filter = ResourceFilter {
            limit: Some(limit),
            ..ResourceFilter::default()
        };
        let answer = catalogue.resources(&filter).await;
        let refused = matches!(&answer, Err(StoreError::Invalid(i)) if i.field == "limit");
        assert!(refused, "{limit} {answer:?}");
    }
}

async fn the_alias_of_an_account_is_shown_and_else_its_id(store: Store) {
    seed(&store).await;
    store.accounts().add(&account(A, "prod")).await.unwrap();
    let rows = all(&*store.catalogue(), ResourceFilter::default()).await;
    for row in rows {
        let expected = if row.account.as_str() == A { "prod" } else { B };
        assert_eq!(row.alias, expected);
    }
}
