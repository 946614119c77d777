use serde_json::Value;
use tidemark_domain::{Privilege, Reach, runs::Run};

use crate::Caller;

/// Where a run's parameters hold the key of a record.
const KEYS: [&str; 1] = ["/plan/request/source/partition"];

/// What stands in the place of a key.
const HIDDEN: &str = "(hidden)";

/// Takes the keys of records out of what a run was asked, for a caller who may not see records.
pub(super) fn hide_keys(caller: &Caller, run: &mut Run) {
    if caller.role.allows(Privilege::ReadRecords) != Reach::None {
        return;
    }
    for place in KEYS {
        if let Some(key) = run.params.pointer_mut(place)
            && !key.is_null()
        {
            *key = Value::from(HIDDEN);
        }
    }
}
