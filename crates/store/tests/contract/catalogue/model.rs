//! Random syncs, compared with the reference after each.

use std::collections::BTreeMap;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tidemark_domain::{
    Arn, Job, JobKind, PitrWindow, PointFilter, Protection, RecoveryPoint, Resource,
    ResourceFilter, Scope, Tier,
};
use tidemark_services::ports::{Catalogue, CopyOf, PartialFailure, ScopeSnapshot};
use tidemark_store::Store;

use super::reference::Reference;
use crate::{
    builders::{
        A, B, account, account_id, arn, backup_job, minute, point, region, scope_error, table,
        vault,
    },
    harness::{on_postgres, on_sqlite},
};

#[derive(Clone, Debug)]
enum Act {
    Apply(usize, Box<ScopeSnapshot>),
    Forget(usize),
}

fn scopes() -> [Scope; 3] {
    [(A, "eu-west-1"), (A, "us-east-1"), (B, "eu-west-1")].map(|(account, of)| Scope {
        account: account_id(account),
        region: region(of),
    })
}

/// Tables at home in each scope, and a bucket whose ARN names no home.
fn universe() -> Vec<Arn> {
    let mut arns: Vec<Arn> = scopes()
        .iter()
        .flat_map(|scope| {
            ["one", "two"].map(|name| {
                arn(&format!(
                    "arn:aws:dynamodb:{}:{}:table/{name}",
                    scope.region, scope.account
                ))
            })
        })
        .collect();
    arns.push(arn("arn:aws:s3:::ledger"));
    arns
}

fn type_of(arn: &Arn) -> &'static str {
    if arn.service() == "s3" {
        "S3"
    } else {
        "DynamoDB"
    }
}

fn any_resource(of: Scope) -> impl Strategy<Value = Resource> {
    let size = prop::option::of(0..3_u64);
    (0..universe().len(), size, any::<bool>(), 0..3_i64).prop_map(move |(n, size, pitr, tag)| {
        let arn = universe()[n].clone();
        let mut resource = table(A, arn.name());
        resource.resource_type = type_of(&arn).into();
        resource.arn = arn;
        resource.account = of.account.clone();
        resource.region = of.region.clone();
        resource.size_bytes = size;
        resource.pitr = pitr.then(|| PitrWindow {
            earliest: minute(tag),
            latest: minute(tag + 5),
        });
        let tags = [("owner".to_owned(), format!("owner-{tag}"))];
        resource.tags = BTreeMap::from(tags);
        resource
    })
}

fn any_point(number: usize, of: Scope) -> impl Strategy<Value = RecoveryPoint> {
    let vault = prop::option::weighted(0.8, prop::sample::select(vec!["daily", "weekly"]));
    let status = prop::sample::select(vec!["COMPLETED", "AVAILABLE", "CREATING", "EXPIRED"]);
    let size = prop::option::of(0..9_u64);
    (
        0..8_u8,
        0..universe().len(),
        0..6_i64,
        vault,
        status,
        size,
        any::<[bool; 3]>(),
    )
        .prop_map(
            move |(id, n, at, vault, status, size, [cold, locked, held])| {
                let resource = universe()[n].clone();
                let mut point = point(
                    of.account.as_str(),
                    &format!("{number}-{id}"),
                    &resource,
                    at,
                );
                point.resource_type = type_of(&resource).into();
                point.region = of.region.clone();
                point.vault = vault.map(ToOwned::to_owned);
                status.clone_into(&mut point.status);
                point.size_bytes = size;
                point.tier = if cold { Tier::Cold } else { Tier::Warm };
                point.locked = locked;
                point.held = held;
                point
            },
        )
}

fn any_job(number: usize, of: Scope) -> impl Strategy<Value = Job> {
    let status = prop::sample::select(vec!["COMPLETED", "FAILED", "EXPIRED", "RUNNING", "ABORTED"]);
    (
        0..5_u8,
        0..universe().len(),
        status,
        0..4_i64,
        any::<bool>(),
    )
        .prop_map(move |(id, n, status, at, backup)| {
            let id = format!("{number}-{id}");
            let mut job = backup_job(of.account.as_str(), &id, &universe()[n], status, at);
            job.region = of.region.clone();
            if !backup {
                job.kind = JobKind::Copy;
            }
            job
        })
}

/// A copy of any scope, known or not, and a source in any other.
fn any_copy() -> impl Strategy<Value = CopyOf> {
    let any = || (0..scopes().len(), 0..8_u8);
    let arn_of = |(number, id): (usize, u8)| {
        let of = &scopes()[number];
        let resource = &universe()[0];
        point(of.account.as_str(), &format!("{number}-{id}"), resource, 0).arn
    };
    (any(), any()).prop_map(move |(copy, source)| CopyOf {
        copy: arn_of(copy),
        source: arn_of(source),
    })
}

fn any_snapshot(number: usize) -> impl Strategy<Value = ScopeSnapshot> {
    let of = scopes()[number].clone();
    let vaults = prop::sample::subsequence(vec!["daily", "weekly"], 0..=2);
    let parts = vec![
        "DynamoDB",
        "S3",
        "vaults",
        "jobs",
        "points:daily",
        "legal-holds",
    ];
    let partial = prop_oneof![
        3 => Just(vec![]),
        1 => prop::sample::subsequence(parts, 1..=3),
    ];
    let here = of.clone();
    (
        vaults,
        prop::collection::vec(any_resource(of.clone()), 0..6),
        prop::collection::vec(any_point(number, of.clone()), 0..10),
        prop::collection::vec(any_job(number, of), 0..6),
        prop::collection::vec(any_copy(), 0..3),
        partial,
    )
        .prop_map(
            move |(vaults, resources, points, jobs, copies, partial)| ScopeSnapshot {
                vaults: vaults
                    .into_iter()
                    .map(|name| {
                        let mut vault = vault(here.account.as_str(), name);
                        vault.region = here.region.clone();
                        vault
                    })
                    .collect(),
                resources,
                points,
                copies,
                holds: Vec::new(),
                jobs,
                versioned: Vec::new(),
                partial: partial
                    .into_iter()
                    .map(|part| PartialFailure {
                        part: part.to_owned(),
                        error: scope_error(part),
                    })
                    .collect(),
                ..ScopeSnapshot::default()
            },
        )
}

fn any_acts() -> impl Strategy<Value = Vec<Act>> {
    let apply = (0..3_usize).prop_flat_map(|number| {
        any_snapshot(number).prop_map(move |s| Act::Apply(number, Box::new(s)))
    });
    let act = prop_oneof![8 => apply, 1 => (0..3_usize).prop_map(Act::Forget)];
    prop::collection::vec(act, 1..10)
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

#[test]
fn sqlite_does_what_the_reference_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runner(96)
        .run(&any_acts(), |acts| {
            runtime.block_on(on_sqlite(|store| play(store, acts)));
            Ok(())
        })
        .unwrap();
}

#[test]
fn postgres_does_what_the_reference_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runner(24)
        .run(&any_acts(), |acts| {
            runtime.block_on(on_postgres(|store| play(store, acts)));
            Ok(())
        })
        .unwrap();
}

async fn play(store: Store, acts: Vec<Act>) {
    store.accounts().add(&account(A, "a")).await.unwrap();
    store.accounts().add(&account(B, "b")).await.unwrap();
    let catalogue = store.catalogue();
    let mut reference = Reference::default();
    for act in acts {
        match act {
            Act::Apply(number, snapshot) => {
                let scope = &scopes()[number];
                reference.apply(scope, &snapshot);
                catalogue
                    .apply_sync(scope, &snapshot, minute(100))
                    .await
                    .unwrap();
            }
            Act::Forget(number) => {
                let account = &scopes()[number].account;
                reference.forget(account);
                catalogue.forget(account).await.unwrap();
            }
        }
        compare_resources(&*catalogue, &reference).await;
        compare_points(&*catalogue, &reference).await;
        compare_sums(&*catalogue, &reference).await;
        compare_filters(&*catalogue, &reference).await;
    }
}

async fn compare_resources(catalogue: &dyn Catalogue, reference: &Reference) {
    let expected = reference.resources();
    for arn in universe() {
        let came = catalogue.resource(&arn).await.unwrap();
        let Some(&resource) = expected.get(&arn) else {
            assert_eq!(came, None, "{arn}");
            continue;
        };
        let came = came.unwrap_or_else(|| panic!("{arn} is missing"));
        assert_eq!(came.resource, *resource);
        let points = reference.points_of(&arn);
        let newest = points
            .iter()
            .filter(|p| p.is_usable())
            .map(|p| p.created_at)
            .max();
        assert_eq!(
            (came.points, came.newest_point),
            (points.len() as u64, newest),
            "{arn}"
        );
        assert_eq!(came.protection, reference.protection(resource), "{arn}");
        let jobs: Vec<Job> = reference.jobs_of(&arn).into_iter().cloned().collect();
        assert_eq!(catalogue.jobs(&arn, 100).await.unwrap(), jobs, "{arn}");
    }
    let page = catalogue
        .resources(&ResourceFilter::default())
        .await
        .unwrap();
    assert_eq!(page.total, Some(expected.len() as u64));
    let mut rows: Vec<(&Arn, Protection, bool)> = page
        .items
        .iter()
        .map(|row| (&row.arn, row.protection(), row.deleted))
        .collect();
    rows.sort_by_key(|row| row.0);
    let expected: Vec<(&Arn, Protection, bool)> = expected
        .into_iter()
        .map(|(arn, resource)| (arn, reference.protection(resource), resource.deleted))
        .collect();
    assert_eq!(rows, expected);
}

async fn compare_points(catalogue: &dyn Catalogue, reference: &Reference) {
    let filter = PointFilter {
        limit: Some(1000),
        ..PointFilter::default()
    };
    let mut came = catalogue.points(&filter).await.unwrap().items;
    came.sort_by(|a, b| a.arn.cmp(&b.arn));
    let mut expected: Vec<RecoveryPoint> = reference.points.values().cloned().collect();
    expected.sort_by(|a, b| a.arn.cmp(&b.arn));
    assert_eq!(came, expected);
    for scope in scopes() {
        let expected: Vec<_> = reference
            .vaults
            .iter()
            .filter(|((of, _), _)| *of == scope)
            .map(|(_, vault)| vault.clone())
            .collect();
        assert_eq!(catalogue.vaults(&scope).await.unwrap(), expected);
    }
}

/// Lists filtered by what is summed up beside the points, and their totals.
async fn compare_filters(catalogue: &dyn Catalogue, reference: &Reference) {
    let none = PointFilter::default;
    let filters = [
        PointFilter {
            tier: Some(Tier::Cold),
            ..none()
        },
        PointFilter {
            held: Some(true),
            ..none()
        },
        PointFilter {
            held: Some(false),
            locked: Some(true),
            ..none()
        },
        PointFilter {
            status: Some("EXPIRED".to_owned()),
            ..none()
        },
        PointFilter {
            vault: Some("daily".to_owned()),
            account: Some(account_id(A)),
            ..none()
        },
        PointFilter {
            resource_type: Some("S3".into()),
            region: Some(region("eu-west-1")),
            ..none()
        },
        PointFilter {
            resource: Some(universe()[0].clone()),
            tier: Some(Tier::Warm),
            ..none()
        },
        PointFilter {
            plan: Some("plan-1".to_owned()),
            from: Some(minute(2)),
            ..none()
        },
    ];
    for filter in filters {
        let page = catalogue.points(&filter).await.unwrap();
        let mut came: Vec<&Arn> = page.items.iter().map(|p| &p.arn).collect();
        came.sort();
        let expected: Vec<&Arn> = reference
            .points
            .iter()
            .filter(|((scope, _), p)| {
                filter.tier.is_none_or(|tier| tier == p.tier)
                    && filter.held.is_none_or(|held| held == p.held)
                    && filter.locked.is_none_or(|locked| locked == p.locked)
                    && filter
                        .status
                        .as_ref()
                        .is_none_or(|status| *status == p.status)
                    && filter.vault.is_none_or_is(p.vault.as_ref())
                    && filter.plan.is_none_or_is(p.plan_id.as_ref())
                    && filter
                        .resource_type
                        .as_ref()
                        .is_none_or(|t| *t == p.resource_type)
                    && filter
                        .resource
                        .as_ref()
                        .is_none_or(|r| *r == p.resource_arn)
                    && filter.account.as_ref().is_none_or(|a| *a == scope.account)
                    && filter.region.as_ref().is_none_or(|r| *r == scope.region)
                    && filter.from.is_none_or(|from| p.created_at >= from)
            })
            .map(|(_, p)| &p.arn)
            .collect();
        let mut expected = expected;
        expected.sort();
        assert_eq!(came, expected, "{filter:?}");
        assert_eq!(page.total, Some(expected.len() as u64), "{filter:?}");
    }
}

trait NoneOrIs {
    fn is_none_or_is(&self, value: Option<&String>) -> bool;
}

impl NoneOrIs for Option<String> {
    fn is_none_or_is(&self, value: Option<&String>) -> bool {
        self.is_none() || self.as_ref() == value
    }
}

async fn compare_sums(catalogue: &dyn Catalogue, reference: &Reference) {
    let bytes = |tier: Tier| {
        let points = reference.points.values().filter(|p| p.tier == tier);
        points.filter_map(|p| p.size_bytes).sum::<u64>()
    };
    let points = reference.points.len() as u64;
    let expected = (bytes(Tier::Warm), bytes(Tier::Cold), points);
    assert_eq!(catalogue.storage().await.unwrap(), expected);
    for overview in catalogue.overview().await.unwrap() {
        let resources = reference.resources();
        let of_account: Vec<_> = resources
            .values()
            .filter(|r| r.account == overview.account && !r.deleted)
            .collect();
        let count = |protection| {
            let standing = of_account.iter().map(|r| reference.protection(r));
            standing.filter(|p| *p == protection).count() as u64
        };
        let newest = |resource: &Resource| {
            let points = reference.points_of(&resource.arn);
            points
                .iter()
                .filter(|p| p.is_usable())
                .map(|p| p.created_at)
                .max()
        };
        let oldest = of_account
            .iter()
            .filter(|r| reference.protection(r) == Protection::Protected)
            .filter_map(|r| newest(r))
            .min();
        assert_eq!(overview.protected, count(Protection::Protected));
        assert_eq!(overview.unprotected, count(Protection::Unprotected));
        assert_eq!(overview.failing, count(Protection::Failing));
        assert_eq!(overview.oldest_newest_point, oldest);
    }
}
