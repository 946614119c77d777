use serde::Serialize;
use serde_json::Value;

/// What Lambda is told of a batch (`ReportBatchItemFailures`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The earliest record that could not be stored: it and all after it come again. Empty when
    /// all are stored.
    pub batch_item_failures: Vec<ItemFailure>,
    /// What the next invocation of the same window and shard is told; Lambda wants it where the
    /// mapping has windows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Value>,
}

/// A record that must come again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// Its sequence number.
    pub item_identifier: String,
}

impl Response {
    /// From this record on, all must come again.
    pub fn again_from(sequence: impl Into<String>) -> Self {
        Self {
            batch_item_failures: vec![ItemFailure {
                item_identifier: sequence.into(),
            }],
            state: None,
        }
    }

    /// The same with what the next invocation is told.
    #[must_use]
    pub(super) fn telling(mut self, state: Option<Value>) -> Self {
        self.state = state;
        self
    }
}
