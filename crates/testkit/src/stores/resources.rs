//! Rows of resources: how they are joined, filtered and ordered.

use std::cmp::Ordering;

use tidemark_domain::{JobKind, Resource, ResourceFilter, ResourceRow, ResourceSort};

use super::known::Data;

/// A resource with what its points and jobs say of it.
pub(crate) fn row(data: &Data, resource: &Resource, alias: String) -> ResourceRow {
    let of_it = || {
        data.points
            .values()
            .filter(|p| p.resource_arn == resource.arn)
    };
    let last_backup = data
        .jobs
        .values()
        .filter(|j| j.kind == JobKind::Backup && j.resource_arn.as_ref() == Some(&resource.arn))
        .max_by_key(|j| j.created_at);
    ResourceRow {
        arn: resource.arn.clone(),
        resource_type: resource.resource_type.clone(),
        account: resource.account.clone(),
        alias,
        region: resource.region.clone(),
        name: resource.name.clone(),
        owner: resource.owner().map(str::to_owned),
        size_bytes: resource.size_bytes,
        points: of_it().count().try_into().unwrap_or(u64::MAX),
        newest_point: of_it()
            .filter(|p| p.is_usable())
            .map(|p| p.created_at)
            .max(),
        pitr: resource.pitr,
        failing: last_backup.is_some_and(|j| {
            matches!(
                j.status.as_str(),
                "FAILED" | "EXPIRED" | "ABORTED" | "PARTIAL"
            )
        }),
        deleted: resource.deleted,
    }
}

/// Whether a list with this filter shows the row.
pub(crate) fn shown(filter: &ResourceFilter, row: &ResourceRow) -> bool {
    let text = filter.text.as_deref().unwrap_or_default().to_lowercase();
    let contains = |value: &str| value.to_lowercase().contains(&text);
    (contains(&row.name) || contains(row.arn.as_str()))
        && filter.account.as_ref().is_none_or(|a| *a == row.account)
        && filter.region.as_ref().is_none_or(|r| *r == row.region)
        && filter
            .resource_type
            .as_ref()
            .is_none_or(|t| *t == row.resource_type)
        && filter.protection.is_none_or(|p| p == row.protection())
        && filter.owner.as_ref().is_none_or(|wanted| {
            row.owner
                .as_ref()
                .is_some_and(|o| o.eq_ignore_ascii_case(wanted))
        })
}

/// The order that the filter asks for; ARNs decide between equals.
pub(crate) fn order(filter: &ResourceFilter, a: &ResourceRow, b: &ResourceRow) -> Ordering {
    let by = match filter.sort {
        ResourceSort::Name => a.name.cmp(&b.name),
        ResourceSort::NewestPoint => a.newest_point.cmp(&b.newest_point),
        ResourceSort::Size => a.size_bytes.cmp(&b.size_bytes),
    };
    let by = by.then_with(|| a.arn.cmp(&b.arn));
    if filter.descending { by.reverse() } else { by }
}
