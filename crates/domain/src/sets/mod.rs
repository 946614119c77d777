//! Application sets: resources that are backed up and recovered together, as a manifest says.
//!
//! A manifest is YAML or JSON. It names the members, how writes to them are paused, when they are cold, and which of them
//! may not be newer than which when they are recovered. Its schema is `docs/set-manifest.schema.json`.

mod align;
mod check;
mod datasets;
mod fault;
mod hook;
mod json_path;
mod manifest;
mod member;
mod order;
mod reach;
mod read;
pub mod recovery;
mod restore;
mod stored;
mod templates;
mod tree;
mod words;

pub use align::{Misfit, Occurrence, misfits, upcoming};
pub use datasets::{DatasetEntry, Datasets, read_datasets};
pub use fault::ManifestFault;
pub use hook::{Hook, HookFill, Method, Poll, fill};
pub use json_path::JsonPath;
pub use manifest::{
    AfterRestore, Exclusions, OrderRule, Pause, ResumeWhen, Retention, SetManifest, Window,
    WindowKind,
};
pub use member::Member;
pub use order::{Order, order};
pub use reach::HookReach;
pub use read::{MOST_BYTES, read};
pub use restore::{MemberRestore, MemberWish, SetRestorePlan, SetRestoreRequest};
pub use stored::{SetDetail, SetMemberRow, SetRow, SetVersion, StoredSet};
pub use templates::{TEMPLATES, Template};
