use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tidemark_domain::{
    Invalid, Privilege,
    records::{
        Capture, Comparison, ComparisonAsk, DifferenceFilter, DifferenceKind, RecordDifference,
    },
};
use tidemark_records::{diff::RecordChange, states::Backup, wire::unescape};

use super::{
    held::{Held, HeldId},
    work::work,
};
use crate::{
    Caller, ServiceError, Services,
    ports::{CloudError, CloudErrorKind},
    records::{
        find,
        opened::{Purpose, open_for},
        records_error,
        shown::{self, Room},
    },
};

/// What is shown of one record.
const ROOM: Room = Room {
    attributes: 6,
    value: 300,
};

/// How long a comparison may take, so that there is an answer while somebody waits for it.
const PATIENCE: Duration = Duration::from_secs(25);

/// What differs between two moments, or between a moment and the live table.
pub async fn compare(
    services: &Services,
    caller: &Caller,
    capture: &str,
    ask: &ComparisonAsk,
) -> Result<Comparison, ServiceError> {
    let view = find(
        services,
        caller,
        capture,
        Privilege::ReadRecords,
        "records.compare",
    )
    .await?;
    if !(1..=ComparisonAsk::MOST_ROWS).contains(&ask.rows) {
        return Err(Invalid::new(
            "rows",
            format!("must lie between 1 and {}", ComparisonAsk::MOST_ROWS),
        )
        .into());
    }
    let held = held(services, caller, &view.capture, ask).await?;
    let taken = choose(&held, &ask.filter);
    let matching = number(taken.len());
    let start = ask.start.min(matching);
    let records = taken
        .into_iter()
        .skip(usize::try_from(start).unwrap_or(usize::MAX))
        .take(usize::from(ask.rows))
        .map(difference)
        .collect();
    Ok(Comparison {
        from: held.id.from,
        to: held.id.to,
        compared_at: held.compared_at,
        counts: held.counts,
        held: number(held.changes.len()),
        attributes: held.attributes.clone(),
        matching,
        start,
        records,
        notes: held.notes.clone(),
        troubles: held.troubles.clone(),
    })
}

/// The comparison that was made before, or else a new one. Authorise first.
pub(in crate::records) async fn held(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
    ask: &ComparisonAsk,
) -> Result<Arc<Held>, ServiceError> {
    let now = services.clock.now();
    check_order(ask.from, ask.to, now)?;
    let id = HeldId {
        capture: capture.id.clone(),
        from: ask.from,
        to: ask.to,
    };
    let comparisons = &services.comparisons;
    if let Some(held) = comparisons.find(&id, ask.compared_at, now) {
        return Ok(held);
    }
    let purpose = match ask.to {
        Some(_) => Purpose::Read,
        None => Purpose::CompareWithTable,
    };
    let make = async {
        let _place = comparisons.places.acquire().await;
        let (backup, access) = open_for(services, caller, capture, &purpose).await?;
        check_known(&backup, ask.from)?;
        work(id, &backup, &access, now).await.map_err(records_error)
    };
    let held = tokio::time::timeout(PATIENCE, make)
        .await
        .map_err(|_| too_slow())??;
    let held = Arc::new(held);
    comparisons.keep(Arc::clone(&held));
    Ok(held)
}

fn check_order(from: Timestamp, to: Option<Timestamp>, now: Timestamp) -> Result<(), Invalid> {
    if from > now {
        return Err(Invalid::new("from", "must not lie in the future"));
    }
    match to {
        Some(to) if to > now => Err(Invalid::new("to", "must not lie in the future")),
        Some(to) if to <= from => Err(Invalid::new("to", format!("must lie after {from}"))),
        _ => Ok(()),
    }
}

/// Before the first copy was whole, a record that is missing says nothing.
fn check_known(backup: &Backup, from: Timestamp) -> Result<(), Invalid> {
    let Some(document) = backup.document() else {
        return Ok(());
    };
    let windows = document.windows();
    let is_known = windows
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&from));
    let complete = document.complete_from();
    if is_known || complete.is_some_and(|complete| from >= complete) {
        return Ok(());
    }
    let mut known: Vec<String> = windows
        .iter()
        .filter(|(first, _)| Some(*first) != complete)
        .map(|(first, last)| format!("between {first} and {last}"))
        .collect();
    known.extend(
        complete.map(|complete| format!("not before {complete}, since when every second is known")),
    );
    if known.is_empty() {
        return Err(Invalid::new(
            "from",
            "cannot be compared yet: the first copy of the table is not whole",
        ));
    }
    let known = known.join(", or ");
    Err(Invalid::new("from", format!("must lie {known}")))
}

fn too_slow() -> ServiceError {
    ServiceError::Cloud(CloudError::local(
        CloudErrorKind::Timeout,
        "records:Compare",
        format!(
            "the comparison was not done within {} s; tidemark records diff makes it without a limit",
            PATIENCE.as_secs()
        ),
    ))
}

/// The differences that a filter takes.
pub(in crate::records) fn choose<'h>(
    held: &'h Held,
    filter: &DifferenceFilter,
) -> Vec<&'h RecordChange> {
    held.changes
        .iter()
        .filter(|change| takes(change, filter))
        .collect()
}

fn takes(change: &RecordChange, filter: &DifferenceFilter) -> bool {
    if filter.kind.is_some_and(|kind| kind != kind_of(change)) {
        return false;
    }
    if !filter.text.is_empty() && !unescape(change.key.as_str()).contains(&filter.text) {
        return false;
    }
    if filter.attribute.is_empty() {
        return true;
    }
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => shown::differing(before, after).contains(&filter.attribute),
        _ => false,
    }
}

fn kind_of(change: &RecordChange) -> DifferenceKind {
    match (&change.before, &change.after) {
        (None, _) => DifferenceKind::Created,
        (Some(_), None) => DifferenceKind::Deleted,
        (Some(_), Some(_)) => DifferenceKind::Changed,
    }
}

fn difference(change: &RecordChange) -> RecordDifference {
    RecordDifference {
        key: shown::key(&change.key),
        kind: kind_of(change),
        changes: shown::changes(change.before.as_ref(), change.after.as_ref(), ROOM),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
