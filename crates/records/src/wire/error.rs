/// Text that is not an item in wire form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record in wire form: {what} (byte {at})")]
pub struct WireError {
    /// Where, in bytes from the start.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl WireError {
    pub(crate) fn new(at: usize, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
        }
    }
}
