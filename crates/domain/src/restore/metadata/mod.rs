//! Restore metadata, type by type: which keys are known, which of them say where the data goes, and
//! what a new destination is called.
//!
//! Sources: "Restoring a backup" in the AWS Backup developer guide (a page per type), the keys that
//! `GetRecoveryPointRestoreMetadata` answers, and the naming rules of each service.

mod fresh;
mod keys;
mod names;
mod read;
mod rules;
mod types;

pub use fresh::fresh;
pub use keys::{check_table_metadata, is_unfamiliar};
pub use names::NameRule;
pub use read::{RestoreInto, read};
pub use rules::{Naming, Rules};
pub use types::rules;

/// The restore metadata of one recovery point.
pub type Metadata = std::collections::BTreeMap<String, String>;
