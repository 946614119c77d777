use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{Arn, LegalHold, PointFilter, vaults::HeldPreview};

use crate::{ServiceError, Services};

/// Points that are counted at most.
const MOST: u64 = 10_000;
/// Rows of one page.
const PAGE: u16 = 1_000;
/// Points that are shown.
const SHOWN: usize = 20;

/// The known points that a hold takes.
pub(super) async fn preview(
    services: &Services,
    hold: &LegalHold,
    now: Timestamp,
) -> Result<HeldPreview, ServiceError> {
    let mut found = HeldPreview::default();
    for filter in filters(hold) {
        let mut filter = filter;
        loop {
            let page = services.catalogue.points(&filter).await?;
            for point in page.items {
                if !hold.covers(&point) {
                    continue;
                }
                if found.points == MOST {
                    found.more = true;
                    return Ok(found);
                }
                found.points += 1;
                found.bytes = found.bytes.saturating_add(point.size_bytes.unwrap_or(0));
                found.overdue += u64::from(point.delete_at.is_some_and(|at| at <= now));
                if found.examples.len() < SHOWN {
                    found.examples.push(point);
                }
            }
            match page.next {
                Some(next) => filter.cursor = Some(next),
                None => break,
            }
        }
    }
    found
        .examples
        .sort_by_key(|point| std::cmp::Reverse(point.created_at));
    Ok(found)
}

/// One list for each vault and resource that the hold names, which together have all that it takes.
fn filters(hold: &LegalHold) -> Vec<PointFilter> {
    let one_or_all = |list: &[String]| -> Vec<Option<String>> {
        if list.is_empty() {
            vec![None]
        } else {
            list.iter().cloned().map(Some).collect()
        }
    };
    let mut filters = Vec::new();
    for resource in one_or_all(&hold.resources) {
        // What is no ARN has no points.
        let Ok(resource) = resource.map(Arn::parse).transpose() else {
            continue;
        };
        for vault in one_or_all(&hold.vaults) {
            filters.push(PointFilter {
                account: Some(hold.account.clone()),
                region: Some(hold.region.clone()),
                resource: resource.clone(),
                vault,
                from: hold.from,
                // The filter's end is not part of it.
                until: hold
                    .until
                    .and_then(|until| until.checked_add(SignedDuration::from_secs(1)).ok()),
                limit: Some(PAGE),
                ..PointFilter::default()
            });
        }
    }
    filters
}
