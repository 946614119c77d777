//! Legal holds in a list, and points outside of a lock's limits.

use std::cmp::Reverse;

use tidemark_domain::{
    AccountId, Scope,
    plan::VaultLimits,
    vaults::{HoldFilter, HoldRow, OutsidePoints},
};

use super::known::Data;

/// The holds that a filter shows, newest first.
pub(super) fn rows(
    data: &Data,
    filter: &HoldFilter,
    alias: impl Fn(&AccountId) -> String,
) -> Vec<HoldRow> {
    let text = filter
        .text
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let mut rows: Vec<HoldRow> = data
        .holds
        .values()
        .filter(|hold| {
            filter.account.as_ref().is_none_or(|a| *a == hold.account)
                && filter.region.as_ref().is_none_or(|r| *r == hold.region)
                && filter
                    .active
                    .is_none_or(|active| active == hold.is_active())
                && (hold.title.to_lowercase().contains(&text)
                    || hold.description.to_lowercase().contains(&text))
        })
        .map(|hold| HoldRow {
            alias: alias(&hold.account),
            hold: hold.clone(),
        })
        .collect();
    rows.sort_by_key(|row| Reverse((row.hold.created_at, row.hold.id.clone())));
    rows
}

pub(super) fn outside(
    data: &Data,
    scope: &Scope,
    vault: &str,
    limits: &VaultLimits,
) -> OutsidePoints {
    let (least, most) = OutsidePoints::bounds(limits);
    let mut counts = OutsidePoints::default();
    for ((of, _), point) in &data.points {
        if of != scope || point.vault.as_deref() != Some(vault) {
            continue;
        }
        counts.points += 1;
        match point.delete_at {
            None => counts.forever += 1,
            Some(at) => {
                let kept = at.as_second() - point.created_at.as_second();
                counts.too_short += u64::from(least.is_some_and(|least| kept < least));
                counts.too_long += u64::from(most.is_some_and(|most| kept > most));
            }
        }
    }
    counts
}
