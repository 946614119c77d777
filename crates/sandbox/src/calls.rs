use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use serde::Serialize;

/// How many calls are remembered before the oldest is forgotten.
const CAPACITY: usize = 100_000;

/// One API call, as `CloudTrail` would tell it.
#[derive(Clone, Debug, Serialize)]
pub struct CallRecord {
    /// When the call came in, on the simulated clock.
    pub time: Timestamp,
    /// Account whose credentials signed it.
    pub account: String,
    /// Region of the signature.
    pub region: String,
    /// Signing name of the service: `dynamodb`, `backup`, `sts`, …
    pub service: String,
    /// Operation: `CreateTable`, `StartRestoreJob`, …
    pub action: String,
    /// ARN of the caller; for a role session the `assumed-role` ARN.
    pub principal_arn: String,
    /// Session name of an assumed role.
    pub session_name: Option<String>,
    /// Source identity of the session, or the one asked for by `AssumeRole` itself.
    pub source_identity: Option<String>,
    /// Access key id that signed the call.
    pub access_key_id: String,
    /// HTTP status answered, also where the answer got lost; 0 when the call was dropped before.
    pub status: u16,
    /// AWS error code, when the call failed.
    pub error_code: Option<String>,
    /// Request id answered.
    pub request_id: String,
    /// ARNs the call touches, as far as they are known.
    pub resources: Vec<String>,
}

/// Which calls to show.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct CallFilter {
    /// Only this account.
    pub account: Option<String>,
    /// Only this service.
    pub service: Option<String>,
    /// Only this operation.
    pub action: Option<String>,
    /// Only calls at or after this moment.
    pub since: Option<Timestamp>,
}

/// The calls that were made, oldest first.
#[derive(Debug, Default)]
pub struct CallLog {
    records: Mutex<VecDeque<CallRecord>>,
}

impl CallLog {
    pub(crate) fn record(&self, call: CallRecord) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() == CAPACITY {
            records.pop_front();
        }
        records.push_back(call);
    }

    /// The calls that pass the filter, oldest first.
    pub fn list(&self, filter: &CallFilter) -> Vec<CallRecord> {
        let matches = |wanted: &Option<String>, value: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == value)
        };
        self.records
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter(|call| {
                matches(&filter.account, &call.account)
                    && matches(&filter.service, &call.service)
                    && matches(&filter.action, &call.action)
                    && filter.since.is_none_or(|since| call.time >= since)
            })
            .cloned()
            .collect()
    }

    /// Forgets every call.
    pub fn clear(&self) {
        self.records
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
