use serde::{Deserialize, Serialize};

use super::{Hook, Member};
use crate::{AccountId, Region, schedule::AwsCron};

/// The manifest of an application set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetManifest {
    /// Version of the manifest's form: 1.
    pub version: u32,
    /// Name of the set: letters, digits, `-` and `_`.
    pub name: String,
    /// What it is, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Account of members that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Region of members that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// Vault that takes the members' recovery points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
    /// Role that AWS Backup assumes; the account's default by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_role: Option<String>,
    /// How long recovery points are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// What belongs together.
    pub members: Vec<Member>,
    /// How writes are paused for a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// When the application is cold, and when backups and maintenance take place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
    /// Which members may not be newer than which when they are recovered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<OrderRule>,
    /// Temporary files, which do not belong to what is recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Exclusions>,
    /// What the application is asked once the set was restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore: Option<AfterRestore>,
}

/// What the application is asked once every member was restored. Bodies may hold `{{restored.MEMBER}}`, the name or id of
/// what was made of a member, and `{{restored.MEMBER.arn}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterRestore {
    /// Look whether what was restored is as it should be, one after another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify: Vec<Hook>,
    /// Makes the application use what was restored. Carried out only where the person who restores asks for it, while writes
    /// are paused as for a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<Hook>,
}

/// How long recovery points are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Days until a point moves to cold storage; none is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_after_days: Option<i64>,
    /// Days until a point is deleted; none is never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_after_days: Option<i64>,
}

/// How writes are paused while the members are backed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The longest pause in minutes, 1 to 1,440. A backup that takes longer is ended, and writes are resumed.
    pub at_most_minutes: u32,
    /// When writes are resumed: once the backups have been started, or once they are complete.
    #[serde(default)]
    pub resume_when: ResumeWhen,
    /// Pauses writes.
    pub pause: Hook,
    /// Says when the writes that were under way have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Hook>,
    /// Resumes writes: carried out whatever happens.
    pub resume: Hook,
}

/// When writes are resumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResumeWhen {
    /// Once each backup has begun: for services whose backups are of one moment.
    Started,
    /// Once each backup is complete: for file systems, which are read while they are backed up.
    #[default]
    Completed,
}

/// A time that comes again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Name, for people.
    pub name: String,
    /// What takes place in it.
    pub kind: WindowKind,
    /// The member whose backup or maintenance it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// When it begins: a cron expression as AWS Backup takes it.
    pub schedule: AwsCron,
    /// Time zone of the schedule; UTC by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// How long it is.
    pub minutes: u32,
}

/// What takes place in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// The application processes nothing.
    Cold,
    /// A member is backed up.
    Backup,
    /// A member may be restarted by AWS.
    Maintenance,
}

impl WindowKind {
    /// The word of manifests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Backup => "backup",
            Self::Maintenance => "maintenance",
        }
    }
}

/// A rule for what is recovered together: either `member` with `no_later_than`, or `same_second`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRule {
    /// The member that must not be newer than others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Those others: `member` is recovered to a moment no later than the oldest of them, and as close to it as can be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_later_than: Vec<String>,
    /// Members that are recovered to one and the same second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_second: Vec<String>,
}

/// Temporary files. Backups of EFS cannot leave them out; a recovery does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusions {
    /// Names of files; a `*` at the end stands for anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Names of directories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directories: Vec<String>,
}
