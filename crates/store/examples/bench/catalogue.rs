//! The catalogue: ingest, and the queries of the pages at two sizes.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use tidemark_domain::{Arn, PointFilter, Protection, ResourceFilter, ResourceSort, Tier};
use tidemark_services::ports::{Catalogue, TimelineQuery};

use crate::{
    Failure,
    estate::{Estate, name, spread},
    report::{Report, p95},
    target::Target,
};

/// Calls of each query.
const SAMPLES: usize = 400;

struct Latencies {
    timeline: Duration,
    dense: Duration,
    lanes: Duration,
    list: Duration,
    search: Duration,
    page: Duration,
    points: Duration,
    overview: Duration,
}

pub(crate) async fn measure(
    target: Target,
    points: usize,
    report: &Report,
    by_filter: bool,
) -> Result<(), Failure> {
    let small = at_size(target, points / 10, report, false, by_filter).await?;
    let large = at_size(target, points, report, true, by_filter).await?;
    let on = target.name();
    let size = thousands(points);
    report.at_most(
        &format!("Timeline window p95, {size} points, {on}"),
        30,
        large.timeline,
    );
    report.at_most(
        &format!(
            "Timeline window p95, one resource with {} points, {on}",
            thousands(points / 10)
        ),
        30,
        large.dense,
    );
    report.at_most(
        &format!("Timeline of 20 resources p95, {size} points, {on}"),
        30,
        large.lanes,
    );
    report.at_most(
        &format!("List page, filter and sort, p95, {size} points, {on}"),
        20,
        large.list,
    );
    report.at_most(
        &format!("List page, part of a name and sort, p95, {size} points, {on}"),
        20,
        large.search,
    );
    report.at_most(
        &format!("Resource page p95, {size} points, {on}"),
        20,
        large.page,
    );
    report.at_most(
        &format!("Recovery points page p95, {size} points, {on}"),
        20,
        large.points,
    );
    report.at_most(
        &format!("Overview p95, {size} points, {on}"),
        20,
        large.overview,
    );
    for (what, small, large) in [
        ("timeline window", small.timeline, large.timeline),
        ("timeline of the densest resource", small.dense, large.dense),
        ("timeline of 20 resources", small.lanes, large.lanes),
        ("list page", small.list, large.list),
        ("list page by part of a name", small.search, large.search),
        ("resource page", small.page, large.page),
    ] {
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        // What holds a part of a name grows with the estate: docs/decisions/0017.
        let is_bounded = !what.contains("part of a name");
        report.row(
            &format!(
                "Growth of {what} p95, {} → {size} points, {on}",
                thousands(points / 10)
            ),
            if is_bounded { "≤ 1.5 ×" } else { "" },
            &format!("{ratio:.2} ×"),
            is_bounded.then_some(ratio <= 1.5),
        );
    }
    Ok(())
}

/// Writes an estate of so many points that ends now, and prints the ARN of its densest resource.
pub(crate) async fn fill(url: &str, points: usize) -> Result<(), Failure> {
    let store = tidemark_store::Store::open(url).await?;
    store.migrate().await?;
    let mut estate = Estate::of(points);
    estate.now = jiff::Timestamp::now();
    for account in estate.accounts()? {
        store.accounts().add(&account).await?;
    }
    ingest(&*store.catalogue(), &estate).await?;
    store.close().await;
    println!("{}", estate.resource_arn(0)?);
    Ok(())
}

async fn at_size(
    target: Target,
    points: usize,
    report: &Report,
    full: bool,
    by_filter: bool,
) -> Result<Latencies, Failure> {
    let database = target.create().await?;
    let estate = Estate::of(points);
    for account in estate.accounts()? {
        database.store.accounts().add(&account).await?;
    }
    let catalogue = database.store.catalogue();
    let rate = ingest(&*catalogue, &estate).await?;
    if full {
        let budget = (target == Target::Sqlite).then_some(20_000);
        let on = target.name();
        let size = thousands(points);
        report.at_least(
            &format!("Catalogue ingest, {size} points, {on}"),
            budget,
            "points/s",
            rate,
        );
        let rate = ingest(&*catalogue, &estate).await?;
        report.at_least(
            &format!("Full sync without a change, {size} points, {on}"),
            None,
            "points/s",
            rate,
        );
    }
    database.settle().await?;
    let latencies = queries(&catalogue, &estate, by_filter).await?;
    database.drop_it().await?;
    Ok(latencies)
}

/// Points per second, without the time that it takes to make them up.
async fn ingest(catalogue: &dyn Catalogue, estate: &Estate) -> Result<f64, Failure> {
    let mut busy = Duration::ZERO;
    let mut points = 0_u32;
    for number in estate.all_scopes() {
        let (scope, snapshot) = (estate.scope(number)?, estate.snapshot(number)?);
        let begin = Instant::now();
        catalogue.apply_sync(&scope, &snapshot, estate.now).await?;
        busy += begin.elapsed();
        points += u32::try_from(snapshot.points.len())?;
    }
    Ok(f64::from(points) / busy.as_secs_f64())
}

/// With `by_filter`, also says on standard error what each kind of filter takes.
async fn queries(
    catalogue: &Arc<dyn Catalogue>,
    estate: &Estate,
    by_filter: bool,
) -> Result<Latencies, Failure> {
    let catalogue = &**catalogue;
    let some = |n: usize| {
        let number = usize::try_from(spread(n, 77)).unwrap_or(0) % estate.resources();
        estate.resource_arn(number)
    };
    let mut latencies: [Vec<Duration>; 8] = Default::default();
    let [mut lists, mut points, mut windows] = [const { ByFilter::new() }; 3];
    for n in 0..SAMPLES {
        let arn = some(n)?;
        let window = window(estate, arn.clone(), 24 * (5 + 395 * (n as i64 % 8) / 7));
        timed(&mut latencies[0], catalogue.lanes(&window)).await?;
        let filter = filter(estate, n)?;
        timed(&mut latencies[6], page_of_lanes(catalogue, estate, n)).await?;
        let list = if filter.text.is_some() { 7 } else { 1 };
        timed(&mut latencies[list], list_pages(catalogue, filter)).await?;
        note(&mut lists, n / 6 % 14, &latencies[list]);
        timed(&mut latencies[2], resource_page(catalogue, estate, &arn)).await?;
        timed(
            &mut latencies[3],
            catalogue.points(&point_filter(estate, n)?),
        )
        .await?;
        note(&mut points, n % 16, &latencies[3]);
        timed(&mut latencies[4], async {
            catalogue.overview().await?;
            catalogue.storage().await
        })
        .await?;
    }
    let hottest = estate.resource_arn(0)?;
    for n in 0..40_usize {
        let window = window(estate, hottest.clone(), 24 * (5 + 395 * (n as i64 % 8) / 7));
        timed(&mut latencies[5], catalogue.lanes(&window)).await?;
        note(&mut windows, n % 8, &latencies[5]);
    }
    if by_filter {
        let all = [
            ("list", lists),
            ("recovery points", points),
            ("densest resource", windows),
        ];
        for (what, filters) in all {
            for (filter, samples) in filters {
                let p95 = p95(samples).as_secs_f64() * 1000.0;
                eprintln!("{what}, number {filter}: p95 {p95:.2} ms");
            }
        }
    }
    let [timeline, list, page, points, overview, dense, lanes, search] = latencies.map(p95);
    Ok(Latencies {
        timeline,
        dense,
        lanes,
        list,
        search,
        page,
        points,
        overview,
    })
}

/// Samples by the number of their filter.
type ByFilter = BTreeMap<usize, Vec<Duration>>;

fn note(by_filter: &mut ByFilter, filter: usize, samples: &[Duration]) {
    let newest = samples.last().copied();
    by_filter.entry(filter).or_default().extend(newest);
}

async fn timed<T>(
    samples: &mut Vec<Duration>,
    query: impl Future<Output = Result<T, tidemark_services::error::StoreError>>,
) -> Result<T, Failure> {
    let begin = Instant::now();
    let answer = query.await?;
    samples.push(begin.elapsed());
    Ok(answer)
}

/// So much of the past, and half as much of what is to come.
fn window(estate: &Estate, resource: Arn, hours: i64) -> TimelineQuery {
    TimelineQuery {
        resources: vec![resource],
        from: estate.now - SignedDuration::from_hours(hours),
        until: estate.now + SignedDuration::from_hours(hours / 2),
        columns: 2000,
        now: estate.now,
    }
}

/// A page of the timeline: the resources of an account and their lanes.
async fn page_of_lanes(
    catalogue: &dyn Catalogue,
    estate: &Estate,
    n: usize,
) -> Result<(), tidemark_services::error::StoreError> {
    let filter = ResourceFilter {
        account: estate.scope(n % 400).ok().map(|scope| scope.account),
        limit: Some(20),
        ..ResourceFilter::default()
    };
    let page = catalogue.resources(&filter).await?;
    let query = TimelineQuery {
        resources: page.items.into_iter().map(|row| row.arn).collect(),
        from: estate.now - SignedDuration::from_hours(24 * (5 + 395 * (n as i64 % 8) / 7)),
        until: estate.now,
        columns: 1000,
        now: estate.now,
    };
    catalogue.lanes(&query).await.map(|_| ())
}

/// One page of a list.
async fn list_pages(
    catalogue: &dyn Catalogue,
    filter: ResourceFilter,
) -> Result<(), tidemark_services::error::StoreError> {
    catalogue.resources(&filter).await.map(|_| ())
}

/// All that a resource's page asks for.
async fn resource_page(
    catalogue: &dyn Catalogue,
    estate: &Estate,
    arn: &Arn,
) -> Result<(), tidemark_services::error::StoreError> {
    catalogue.resource(arn).await?;
    catalogue
        .lanes(&window(estate, arn.clone(), 24 * 35))
        .await?;
    let filter = PointFilter {
        resource: Some(arn.clone()),
        ..PointFilter::default()
    };
    catalogue.points(&filter).await?;
    catalogue.jobs(arn, 10).await?;
    Ok(())
}

/// Filters of recovery points as people use them, and some that are hard: few and many combinations,
/// rare states, times far back, texts, the oldest first.
fn point_filter(estate: &Estate, n: usize) -> Result<PointFilter, Failure> {
    let number = usize::try_from(spread(n, 9))? % 400;
    let index = usize::try_from(spread(n, 11))? % estate.resources_per_scope();
    let scope = estate.scope(number)?;
    let days = |days: i64| estate.now - SignedDuration::from_hours(24 * days);
    let mut filter = PointFilter {
        oldest_first: n.is_multiple_of(3),
        ..PointFilter::default()
    };
    match n % 16 {
        0 => filter.account = Some(scope.account),
        1 => filter.region = Some(scope.region),
        2 => filter.until = Some(days(30)),
        3 => filter.tier = Some(Tier::Cold),
        4 => filter.status = Some("EXPIRED".to_owned()),
        5 => filter.held = Some(true),
        6 => filter.plan = Some(format!("2f1d0e3c-plan-{}", n % 28)),
        7 => {
            filter.account = Some(scope.account);
            filter.vault = Some("weekly".to_owned());
            filter.until = Some(days(90));
        }
        8 => {
            filter.vault = Some("archive".to_owned());
            filter.tier = Some(Tier::Warm);
            filter.until = Some(days(200));
        }
        9 => filter.resource_type = Some("EFS".into()),
        10 => filter.text = Some(name(number, index)),
        11 => filter.text = Some("ledger".to_owned()),
        12 => filter.owner = Some(format!("owner-{:03}", number / 3 * 3)),
        13 => {
            filter.status = Some("EXPIRED".to_owned());
            filter.held = Some(false);
            filter.region = Some(scope.region);
        }
        14 => filter.status = Some("PARTIAL".to_owned()),
        _ => {}
    }
    Ok(filter)
}

/// Filters and orders as people use them, and some that are hard: rare and frequent texts, texts that
/// nothing holds, several conditions at once.
fn filter(estate: &Estate, n: usize) -> Result<ResourceFilter, Failure> {
    let number = usize::try_from(spread(n, 3))? % 400;
    let index = usize::try_from(spread(n, 5))? % estate.resources_per_scope();
    let scope = estate.scope(number)?;
    let mut filter = ResourceFilter {
        sort: [
            ResourceSort::Name,
            ResourceSort::NewestPoint,
            ResourceSort::Size,
        ][n % 3],
        descending: n.is_multiple_of(2),
        ..ResourceFilter::default()
    };
    match n / 6 % 14 {
        0 => {}
        1 => filter.account = Some(scope.account),
        2 => filter.region = Some(scope.region),
        3 => filter.resource_type = Some("EFS".into()),
        4 => filter.protection = Some(Protection::Failing),
        5 => filter.protection = Some(Protection::Protected),
        6 => filter.owner = Some(format!("owner-{:03}", number / 3 * 3)),
        7 => filter.text = Some(name(number, index)),
        8 => filter.text = Some("LEDGER".to_owned()),
        9 => filter.text = Some("nothing holds this".to_owned()),
        10 => filter.text = Some("ta".to_owned()),
        11 => {
            filter.account = Some(scope.account);
            filter.protection = Some(Protection::Failing);
        }
        12 => {
            filter.region = Some(scope.region);
            filter.resource_type = Some("DynamoDB".into());
            filter.protection = Some(Protection::Failing);
        }
        _ => {
            filter.text = Some("orders-1".to_owned());
            filter.resource_type = Some("RDS".into());
        }
    }
    Ok(filter)
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
