//! Record-level backups of DynamoDB tables, as the console and the browser see them.

mod capture;
mod difference;
mod history;
mod setup;
mod shown;
mod status;
mod undo;

pub use capture::{Capture, CaptureLayout, CaptureMode, CaptureState, CaptureView};
pub use difference::{
    AttributeCount, Comparison, ComparisonAsk, DifferenceCounts, DifferenceFilter, DifferenceKind,
    RecordDifference,
};
pub use history::{
    FoundRecord, FoundRecords, KeyAsk, RecordHistory, RecordSearch, RecordVersion, VersionKind,
    VersionOrigin,
};
pub use setup::{
    BucketName, RecordsPrefix, SetupChange, SetupChangeKind, SetupPreview, SetupRequest,
};
pub use shown::{KeyName, KeyPart, Shown, ShownChange, ShownChanges, ShownKey};
pub use status::{
    CaptureStatus, CaptureTrouble, GapBounds, ProofDetail, ProofDifference, ProofSummary,
};
pub use undo::{
    UndoAction, UndoAsk, UndoChoice, UndoCounts, UndoKind, UndoPlan, UndoProgress, UndoResult,
};
