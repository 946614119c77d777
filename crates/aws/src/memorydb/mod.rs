//! MemoryDB, one operation per file.

mod list_clusters;
mod list_snapshots;

pub(crate) use list_clusters::list_clusters;
pub(crate) use list_snapshots::list_snapshots;
