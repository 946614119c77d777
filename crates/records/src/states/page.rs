use crate::{
    error::Trouble,
    event::{Change, Version},
    key::RecordKey,
    wire::Item,
};

/// What one record was at each of the moments asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordStates {
    /// Its key.
    pub key: RecordKey,
    /// For each moment, in the order asked: the version that held then; none where the record was
    /// not heard of by then.
    pub states: Vec<Option<Version>>,
}

impl RecordStates {
    /// The record at one of the moments; none where it was not there.
    pub fn item(&self, place: usize) -> Option<&Item> {
        self.states
            .get(place)?
            .as_ref()
            .and_then(|version| version.change.item())
    }

    /// The record was there at none of the moments.
    pub fn is_absent(&self) -> bool {
        self.states
            .iter()
            .flatten()
            .all(|version| version.change == Change::Delete)
    }
}

/// Some records, and what could not be read on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatesPage {
    /// The records. Those of segments come sorted by key.
    pub records: Vec<RecordStates>,
    /// Parts that could not be read; the records in them are missing here.
    pub troubles: Vec<Trouble>,
    /// Where this page ends: for [`super::States::resume`]. None where nothing was read.
    pub cursor: Option<String>,
}
