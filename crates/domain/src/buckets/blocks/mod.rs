//! Backups of a replicated block storage cluster in S3, as their vendor describes them ("Backup Structure",
//! documentation.lightbitslabs.com): a folder for each cluster, in it one for each volume, in it one for each snapshot; in
//! that a folder *Header* and a folder *Footer*, each with a JSON file, and a folder *Vector* that says where each range of
//! the data comes from. The vendor names what the files hold, and neither their members nor their names; so a folder is
//! known by what lies in it, members by their letters alone, and what a snapshot builds on by the ids that its vector
//! names.

mod files;
mod folders;
mod snapshots;

pub use files::{SnapshotFooter, SnapshotHeader, ids, read_footer, read_header};
pub use folders::{BlockFolder, SnapshotFolder, folder};
pub use snapshots::{Found, Integrity, SnapshotFiles, SnapshotView, assess};

use serde::{Deserialize, Serialize};

use super::BucketPlace;

/// One folder of such a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockPage {
    /// The bucket.
    pub place: BucketPlace,
    /// The folder; empty for the whole bucket.
    pub prefix: String,
    /// Folders in it that are no snapshots: clusters or volumes.
    pub folders: Vec<BlockFolder>,
    /// Snapshots in it, the newest first.
    pub snapshots: Vec<SnapshotView>,
    /// There are more folders than were read.
    pub more: bool,
}
