use std::collections::BTreeSet;

use tidemark_domain::{
    Invalid,
    records::{Capture, ComparisonAsk, UndoAsk, UndoChoice},
};
use tidemark_records::{
    key::RecordKey,
    restore::{UndoRequest, plan_undo},
    states::Backup,
};
use uuid::Uuid;

use super::allowed;
use crate::{
    Caller, ServiceError, Services,
    records::{
        compare::{choose, held},
        opened::{Purpose, open_for},
        records_error,
    },
};

/// Records of one plan: it is made while somebody waits for it.
const MOST: usize = 10_000;

/// Plans to give chosen records back what they held before, and writes the plan into the bucket.
/// Answers its id. The table is not changed.
pub async fn plan(
    services: &Services,
    caller: &Caller,
    capture: &str,
    ask: UndoAsk,
) -> Result<String, ServiceError> {
    let capture = allowed(services, caller, capture, "records.undo.plan").await?;
    let now = services.clock.now();
    let after = ask.to.unwrap_or(now);
    if ask.from >= after {
        return Err(Invalid::new("from", "must lie before the moment of the damage").into());
    }
    if after > now {
        return Err(Invalid::new("to", "must not lie in the future").into());
    }
    let matching = matching(services, caller, &capture, &ask).await?;
    let id = format!("undo-{}", Uuid::new_v4());
    let purpose = Purpose::PlanUndo { plan: id.clone() };
    let (backup, access) = open_for(services, caller, &capture, &purpose).await?;
    let keys = match (matching, ask.records) {
        (Some(keys), _) => keys,
        (None, UndoChoice::Keys(texts)) => parsed(&backup, &texts)?,
        (None, UndoChoice::Matching { .. }) => BTreeSet::new(),
    };
    if keys.is_empty() {
        return Err(Invalid::new("records", "must be chosen: tick at least one").into());
    }
    if keys.len() > MOST {
        return Err(Invalid::new(
            "records",
            format!("must be at most {MOST}; narrow the filter and undo them in parts"),
        )
        .into());
    }
    let request = UndoRequest {
        id: id.clone(),
        before: ask.from,
        after,
        keys,
    };
    plan_undo(&backup, &access.table, &access.clock, &request)
        .await
        .map_err(records_error)?;
    Ok(id)
}

/// The keys of all that a filter takes; none where they were chosen one by one.
async fn matching(
    services: &Services,
    caller: &Caller,
    capture: &Capture,
    ask: &UndoAsk,
) -> Result<Option<BTreeSet<String>>, ServiceError> {
    let UndoChoice::Matching {
        compared_at,
        filter,
    } = &ask.records
    else {
        return Ok(None);
    };
    let compared = ComparisonAsk {
        from: ask.from,
        to: ask.to,
        compared_at: *compared_at,
        filter: filter.clone(),
        start: 0,
        rows: 1,
    };
    let held = held(services, caller, capture, &compared).await?;
    let keys = choose(&held, filter)
        .into_iter()
        .map(|change| change.key.to_string())
        .collect();
    Ok(Some(keys))
}

fn parsed(backup: &Backup, texts: &[String]) -> Result<BTreeSet<String>, Invalid> {
    if texts.len() > MOST {
        return Err(Invalid::new("records", format!("must be at most {MOST}")));
    }
    texts
        .iter()
        .map(|text| {
            RecordKey::parse(backup.schema(), text.clone())
                .map(|key| key.to_string())
                .map_err(|error| Invalid::new("key", error.to_string()))
        })
        .collect()
}
