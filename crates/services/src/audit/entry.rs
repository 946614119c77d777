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

impl AuditEntry {
    /// Characters of a text that an entry keeps whole.
    pub const MOST: usize = 512;

    /// The same entry with texts that nobody can make large: of a longer one stay its beginning, its
    /// length and its SHA-256, by which the whole can still be recognised. The log only grows, so
    /// whoever could write much into it, by being refused if need be, could fill the disk.
    #[must_use]
    pub fn capped(mut self) -> Self {
        for text in [
            &mut self.actor,
            &mut self.origin,
            &mut self.action,
            &mut self.subject,
        ] {
            cap(text);
        }
        self.plan_digest.as_mut().map(cap);
        self.detail.as_mut().map(cap);
        self.request_ids.truncate(32);
        self.request_ids.iter_mut().for_each(cap);
        self
    }
}

fn cap(text: &mut String) {
    let Some((end, _)) = text.char_indices().nth(AuditEntry::MOST) else {
        return;
    };
    let length = text.chars().count();
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    text.truncate(end);
    text.push_str("… (");
    text.push_str(&length.to_string());
    text.push_str(" characters, SHA-256 ");
    text.push_str(&hash);
    text.push(')');
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

    /// Puts an entry behind the record with hash `previous`, its texts capped.
    pub fn chain(number: i64, previous: &str, entry: AuditEntry) -> Self {
        let entry = entry.capped();
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn entry(subject: &str, detail: &str) -> AuditEntry {
        AuditEntry {
            at: Timestamp::UNIX_EPOCH,
            actor: "viewer".to_owned(),
            origin: "api".to_owned(),
            action: "coverage.remove".to_owned(),
            subject: subject.to_owned(),
            outcome: AuditOutcome::Denied,
            plan_digest: None,
            detail: Some(detail.to_owned()),
            request_ids: Vec::new(),
        }
    }

    #[test]
    fn a_long_text_keeps_its_beginning_its_length_and_its_hash() {
        let long = "ä".repeat(240_000);
        let record = AuditRecord::chain(1, AuditRecord::GENESIS, entry(&long, &long));
        let subject = &record.entry.subject;
        assert!(subject.chars().count() < 650, "{}", subject.len());
        assert!(subject.starts_with(&"ä".repeat(512)));
        assert!(subject.contains("240000 characters"));
        let hash = hex::encode(Sha256::digest(long.as_bytes()));
        assert!(record.entry.detail.unwrap().contains(&hash));
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let short = "x".repeat(512);
        let before = entry(&short, "why");
        assert_eq!(before.clone().capped(), before);
        let record = AuditRecord::chain(1, AuditRecord::GENESIS, before);
        assert!(record.follows(0, AuditRecord::GENESIS));
    }
}
