use serde::Serialize;

/// What Lambda is told of a batch (`ReportBatchItemFailures`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The earliest record that could not be stored: it and all after it come again. Empty when
    /// all are stored.
    pub batch_item_failures: Vec<ItemFailure>,
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
        }
    }
}
