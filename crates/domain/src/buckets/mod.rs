//! Buckets that backups lie in: what they must be like, what lies in them, copies of what lies in them.

mod change;
mod lifecycle;
mod place;
mod requirements;
mod settings;

pub use change::{PlannedFix, SettingsFix, SettingsPlan, SettingsRequest};
pub use lifecycle::{Expiration, LifecycleRule, NoncurrentExpiration, Transition};
pub use place::BucketPlace;
pub use requirements::{BucketReport, Requirement, requirements};
pub use settings::{
    BucketSettings, DefaultRetention, Encryption, Known, ObjectLock, PublicAccess, ReplicationRule,
    Versioning,
};
