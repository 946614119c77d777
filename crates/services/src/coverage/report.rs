use std::{cmp::Reverse, collections::BTreeMap};

use jiff::{SignedDuration, tz::TimeZone};
use tidemark_domain::{
    Invalid, Page, Privilege, Verdict,
    coverage::{
        AccountCoverage, ControlCount, CoverageFilter, CoveragePage, CoverageRow, CoverageTotals,
    },
};

use super::estate::Estate;
use crate::{Caller, ServiceError, Services, authorize};

/// Days of history that the report shows.
const HISTORY: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The report: counts, accounts, controls, history, and a page of the rows asked for. Owners see a report
/// of their own resources, without history.
pub async fn report(
    services: &Services,
    caller: &Caller,
    filter: &CoverageFilter,
) -> Result<CoveragePage, ServiceError> {
    let grant = authorize(
        services,
        caller,
        Privilege::ReadCatalogue,
        "coverage.report",
        "",
    )
    .await?;
    let limit = filter.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Invalid::new("limit", "must lie between 1 and 200").into());
    }
    let begin: usize = match filter.cursor.as_deref() {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Invalid::new("cursor", "must be one that a list gave"))?,
    };
    let estate = Estate::read(services, grant.owner()).await?;
    let mut totals = CoverageTotals::default();
    for row in &estate.rows {
        totals.add(row);
    }
    let history = if grant.owner().is_none() {
        let from = estate.at.checked_sub(HISTORY).unwrap_or(estate.at);
        let day = from.to_zoned(TimeZone::UTC).date();
        services.insight.days(day).await?
    } else {
        Vec::new()
    };
    let rows = matching(&estate, filter);
    Ok(CoveragePage {
        at: estate.at,
        totals,
        accounts: accounts(services, &estate).await?,
        controls: count_controls(&estate),
        history,
        rows: page(&rows, begin, usize::from(limit)),
    })
}

/// The rows of a filter, those that fail most controls first.
pub(super) fn matching<'a>(estate: &'a Estate, filter: &CoverageFilter) -> Vec<&'a CoverageRow> {
    let mut rows: Vec<&CoverageRow> = estate.rows.iter().filter(|row| filter.keeps(row)).collect();
    rows.sort_by(|a, b| {
        (Reverse(a.failed()), a.coverage, &a.name, &a.arn).cmp(&(
            Reverse(b.failed()),
            b.coverage,
            &b.name,
            &b.arn,
        ))
    });
    rows
}

fn page(rows: &[&CoverageRow], begin: usize, limit: usize) -> Page<CoverageRow> {
    let end = begin.saturating_add(limit).min(rows.len());
    Page {
        items: rows
            .get(begin..end)
            .unwrap_or_default()
            .iter()
            .map(|row| (*row).clone())
            .collect(),
        next: (end < rows.len()).then(|| end.to_string()),
        total: Some(rows.len() as u64),
    }
}

pub(super) fn count_controls(estate: &Estate) -> Vec<ControlCount> {
    let mut counts: Vec<ControlCount> = estate
        .controls
        .iter()
        .map(|control| ControlCount {
            control: control.clone(),
            passed: 0,
            failed: 0,
            unknown: 0,
        })
        .collect();
    let places: BTreeMap<String, usize> = counts
        .iter()
        .enumerate()
        .map(|(place, count)| (count.control.id.clone(), place))
        .collect();
    for (id, result) in estate.rows.iter().flat_map(|row| &row.results) {
        let Some(count) = places.get(id).and_then(|place| counts.get_mut(*place)) else {
            continue;
        };
        match result.verdict {
            Verdict::Pass => count.passed += 1,
            Verdict::Fail => count.failed += 1,
            Verdict::Warn | Verdict::Unknown => count.unknown += 1,
        }
    }
    counts
}

async fn accounts(
    services: &Services,
    estate: &Estate,
) -> Result<Vec<AccountCoverage>, ServiceError> {
    let aliases: BTreeMap<_, _> = services
        .accounts
        .list()
        .await?
        .into_iter()
        .map(|account| (account.connection.account, account.alias))
        .collect();
    let mut by_account: BTreeMap<_, AccountCoverage> = BTreeMap::new();
    for row in &estate.rows {
        let account = by_account
            .entry(row.account.clone())
            .or_insert_with(|| AccountCoverage {
                account: row.account.clone(),
                alias: aliases.get(&row.account).cloned().unwrap_or_default(),
                totals: CoverageTotals::default(),
                unprotected_since: None,
            });
        account.totals.add(row);
        account.unprotected_since = match (account.unprotected_since, row.unprotected_since) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let mut accounts: Vec<AccountCoverage> = by_account.into_values().collect();
    accounts.sort_by(|a, b| a.alias.cmp(&b.alias));
    Ok(accounts)
}
