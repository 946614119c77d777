use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Misfit, Occurrence};
use crate::{Arn, PitrWindow, ResourceType, runs::RunId};

/// A set as it is stored: its newest manifest, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSet {
    /// Name.
    pub name: String,
    /// Version, from 1; each change makes a new one.
    pub version: u32,
    /// The manifest as text, with its comments.
    pub manifest: String,
    /// Who wrote this version.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
}

/// A version of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetVersion {
    /// Version.
    pub version: u32,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
}

/// A set as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRow {
    /// Name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Version.
    pub version: u32,
    /// How many members it has.
    pub members: u32,
    /// Who wrote this version.
    pub written_by: String,
    /// When.
    pub written_at: Timestamp,
}

/// A set with what the catalogue knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetDetail {
    /// As it is stored.
    pub stored: StoredSet,
    /// What it is.
    pub description: String,
    /// How writes are paused for a backup, in a sentence.
    pub pause: String,
    /// The rules for a recovery, a sentence each.
    pub rules: Vec<String>,
    /// Its versions, newest first.
    pub versions: Vec<SetVersion>,
    /// The members, in the order of the manifest.
    pub members: Vec<SetMemberRow>,
    /// When its windows take place next.
    pub upcoming: Vec<Occurrence>,
    /// What does not line up, and what else is worth a warning.
    pub misfits: Vec<Misfit>,
    /// The run that backs it up or did so last, where one is known.
    #[serde(default)]
    pub last_run: Option<RunId>,
}

/// A member as the page of a set shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetMemberRow {
    /// Name in the set.
    pub name: String,
    /// What it stands for.
    pub arn: Arn,
    /// Type.
    pub resource_type: ResourceType,
    /// Whether the catalogue knows it, and it exists.
    pub known: bool,
    /// When its newest usable recovery point was begun.
    pub newest_point: Option<Timestamp>,
    /// The seconds of its point-in-time recovery.
    pub pitr: Option<PitrWindow>,
}
