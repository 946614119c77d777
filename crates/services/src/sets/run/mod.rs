//! The run that backs a set up.

pub(super) mod hook;
mod jobs;
mod kind;
mod policy;
mod report;

pub use kind::{BACK_UP_SET_KIND, BackUpSetRun};
pub(super) use policy::{scopes, session_policy};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidemark_domain::{AccountId, Arn, BackupRequest, Region, Scope, runs::RunView, sets::Pause};

pub(super) const PAUSE: &str = "pause-writes";
pub(super) const PAUSED: &str = "wait-until-paused";
const START: &str = "start-backup-jobs";
pub(super) const RESUME: &str = "resume-writes";
const WAIT: &str = "wait-for-backup-jobs";
pub(super) const REPORT: &str = "report";

/// The parameters of a backup of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SetBackupParams {
    /// Name of the set.
    pub(super) set: String,
    /// Version of its manifest; 0 for one that is not kept.
    pub(super) version: u32,
    /// How writes are paused.
    pub(super) pause: Option<Pause>,
    /// The members.
    pub(super) members: Vec<MemberWork>,
}

/// What is done for a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MemberWork {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) account: AccountId,
    pub(super) region: Region,
    pub(super) how: How,
}

impl MemberWork {
    fn scope(&self) -> Scope {
        Scope {
            account: self.account.clone(),
            region: self.region.clone(),
        }
    }

    /// What AWS Backup is asked for, if it is.
    fn request(&self) -> Option<&BackupRequest> {
        match &self.how {
            How::AwsBackup { request } => Some(request),
            How::Own { .. } => None,
        }
    }
}

/// How a member is backed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum How {
    /// By a job of AWS Backup.
    AwsBackup {
        /// The job.
        request: BackupRequest,
    },
    /// By its own service; the run does nothing for it.
    Own {
        /// Why.
        why: String,
    },
}

/// What has become of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberResult {
    /// Name of the member.
    pub member: String,
    /// The backup job, once there is one.
    pub job: Option<String>,
    /// Of a backup the job's status as AWS words it, `NOT STARTED`, or `LEFT` for a member that its own service backs up. Of
    /// a restore `RESTORING`, `RESTORED`, `EMPTY`, `FAILED`, or `LEFT` for one that was left out.
    pub status: String,
    /// Why.
    pub message: Option<String>,
    /// The recovery point, once there is one.
    pub point: Option<Arn>,
    /// Of a restore: what was made of the member, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Arn>,
}

/// What has become of each member, as far as the run has come.
pub(super) fn newest_results(view: &RunView) -> Vec<MemberResult> {
    let read = |value: &Value| Vec::<MemberResult>::deserialize(value).ok();
    let of = |name: &str| {
        let step = view.step(name)?;
        read(&step.output).or_else(|| step.work.memo.as_ref().and_then(read))
    };
    of(WAIT).or_else(|| of(START)).unwrap_or_default()
}
