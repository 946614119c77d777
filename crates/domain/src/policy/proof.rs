use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Verdict;

/// How it was found out whether access works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowProved {
    /// The call was made as the role itself.
    Tried,
    /// The policies were evaluated.
    Evaluated,
}

impl HowProved {
    /// The word shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tried => "tried as the role",
            Self::Evaluated => "by evaluating the policies",
        }
    }
}

/// Whether one role may do one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantProof {
    /// ARN of the role.
    pub principal: String,
    /// As IAM names it.
    pub action: String,
    /// On what.
    pub resource: String,
    /// Whether it is allowed.
    pub verdict: Verdict,
    /// How that was found out.
    pub how: HowProved,
    /// What was found, in a sentence; where it is not allowed, it names the statement.
    pub detail: String,
    /// The statement that is missing, over lines, to copy: of the bucket's policy, or of the role's.
    pub missing: Option<String>,
}

/// Whether roles may do what they are to do with a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessProof {
    /// Each role and action.
    pub grants: Vec<GrantProof>,
    /// Why roles were not tried themselves, and what else is worth knowing.
    pub notes: Vec<String>,
    /// When.
    pub checked_at: Timestamp,
}

impl AccessProof {
    /// The worst verdict: access works where it is a pass.
    pub fn verdict(&self) -> Verdict {
        let any = |verdict: Verdict| self.grants.iter().any(|grant| grant.verdict == verdict);
        [Verdict::Fail, Verdict::Unknown, Verdict::Warn]
            .into_iter()
            .find(|verdict| any(*verdict))
            .unwrap_or(Verdict::Pass)
    }

    /// What does not work, in sentences, each once.
    pub fn failures(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for grant in &self.grants {
            if grant.verdict != Verdict::Pass && !all.contains(&grant.detail) {
                all.push(grant.detail.clone());
            }
        }
        all
    }
}
