use jiff::Timestamp;
use serde_json::{Value, json};
use tidemark_records::{
    capture::Marks,
    index::ShardEntry,
    ports::{StreamRecord, Watermark},
};

/// The tumbling window of an event (Lambda Developer Guide, "Implementing stateful DynamoDB stream
/// processing"): it says which shard the records are of, and the shard's records come in order.
/// An event source mapping without `TumblingWindowInSeconds` says nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    shard: String,
    /// How far the shard is stored, as the invocation before said.
    stored: Option<Watermark>,
    /// Nothing more follows in this window.
    is_last: bool,
}

impl Window {
    /// The window of an event; none where the mapping has none.
    pub(super) fn of(event: &Value) -> Option<Self> {
        let shard = event["shardId"].as_str()?.to_owned();
        let state = &event["state"];
        let stored = state["sequence"].as_str().map(|sequence| Watermark {
            sequence: Some(sequence.to_owned()),
            at: state["at"]
                .as_i64()
                .and_then(|at| Timestamp::from_millisecond(at).ok()),
            closed: false,
        });
        let is_true = |member: &str| event[member].as_bool() == Some(true);
        Some(Self {
            shard,
            stored,
            is_last: is_true("isFinalInvokeForWindow") || is_true("isWindowTerminatedEarly"),
        })
    }

    /// Whether this is the last invocation of its window.
    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }

    /// How far the shard is stored once these records are.
    pub(super) fn after(mut self, records: &[StreamRecord]) -> Self {
        if let Some(last) = records.last() {
            let before = self.stored.as_ref().and_then(|stored| stored.at);
            self.stored = Some(Watermark {
                sequence: Some(last.sequence_number.clone()),
                at: before.max(Some(last.created)),
                closed: false,
            });
        }
        self
    }

    /// The marks that say so.
    pub(super) fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        if let Some(mark) = &self.stored {
            let entry = ShardEntry {
                parent: None,
                mark: mark.clone(),
            };
            marks.shards.insert(self.shard.clone(), entry);
        }
        marks
    }

    /// What the next invocation is told.
    pub(super) fn state(&self) -> Value {
        let Some(stored) = &self.stored else {
            return json!({});
        };
        json!({
            "sequence": stored.sequence,
            "at": stored.at.map(Timestamp::as_millisecond),
        })
    }
}
