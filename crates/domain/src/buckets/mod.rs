//! Buckets that backups lie in: what they must be like, what lies in them, copies of what lies in them.

pub mod blocks;
mod browse;
mod change;
mod copy;
mod lifecycle;
mod place;
mod requirements;
mod settings;

pub use browse::{BrowsePage, BrowseRequest, ListedObject, ListedVersion, Listing};
pub use change::{PlannedFix, SettingsFix, SettingsPlan, SettingsRequest};
pub use copy::{CopyCounts, CopyNote, CopyPlan, CopyRequest, Existing, Fate};
pub use lifecycle::{Expiration, LifecycleRule, NoncurrentExpiration, Transition};
pub use place::BucketPlace;
pub use requirements::{BucketReport, Requirement, requirements};
pub use settings::{
    BucketSettings, DefaultRetention, Encryption, Known, ObjectLock, PublicAccess, ReplicationRule,
    Versioning,
};
