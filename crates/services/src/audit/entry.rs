use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Something that someone did or tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: login name, or `system`, or the name that a failed sign-in gave.
    pub actor: String,
    /// From where: `page`, `api`, `cli` or `worker`, and the address where one is known.
    pub origin: String,
    /// What, as `noun.verb`: `restore.start`, `session.sign_in`.
    pub action: String,
    /// On what: an ARN, account id, run id or user name.
    pub subject: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Digest of the plan, where one was applied.
    pub plan_digest: Option<String>,
    /// The reason given, or why it was refused.
    pub detail: Option<String>,
    /// AWS request ids, where known.
    pub request_ids: Vec<String>,
}

/// How an audited action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// Done, or begun where it goes on by itself.
    Allowed,
    /// Refused.
    Denied,
    /// Tried and failed.
    Failed,
}

/// An entry in its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// The entry.
    pub entry: AuditEntry,
    /// Hash of the record before, hex; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over number, previous hash and entry, hex.
    pub hash: String,
}

impl AuditRecord {
    /// The hash before the first record.
    pub const GENESIS: &'static str =
        "0000000000000000000000000000000000000000000000000000000000000000";

    /// Puts an entry behind the record with hash `previous`.
    pub fn chain(number: i64, previous: &str, entry: AuditEntry) -> Self {
        let hash = hash_of(number, previous, &entry);
        Self {
            number,
            entry,
            previous: previous.to_owned(),
            hash,
        }
    }

    /// Whether the record is unaltered and follows the one with that number and hash.
    pub fn follows(&self, number: i64, hash: &str) -> bool {
        self.number == number + 1
            && self.previous == hash
            && self.hash == hash_of(self.number, &self.previous, &self.entry)
    }
}

fn hash_of(number: i64, previous: &str, entry: &AuditEntry) -> String {
    let entry = serde_json::to_string(entry).unwrap_or_default();
    let mut hasher = Sha256::new();
    hasher.update(number.to_be_bytes());
    hasher.update(previous.as_bytes());
    hasher.update(entry.as_bytes());
    hex::encode(hasher.finalize())
}
