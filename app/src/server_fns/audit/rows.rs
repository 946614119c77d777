use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::query::{Query, pairs};

/// An entry of the audit log as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number in the chain.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// From where.
    pub origin: String,
    /// What.
    pub action: String,
    /// On what.
    pub subject: String,
    /// `allowed`, `denied` or `failed`.
    pub outcome: String,
    /// The reason given, or why it was refused.
    pub detail: Option<String>,
    /// Digest of the plan.
    pub plan_digest: Option<String>,
    /// Hash of the record.
    pub hash: String,
}

/// Whether the chain of the log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChainState {
    /// Nothing was altered, removed or reordered; so many entries.
    Holds(u64),
    /// The entry of that number does not follow the one before it.
    BrokenAt(i64),
}

/// A list of audit entries as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// Only entries of this person.
    pub actor: String,
    /// Only entries of this action.
    pub action: String,
    /// Cursor of the page.
    pub cursor: String,
}

impl AuditQuery {
    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut list = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "actor" => list.actor = value,
                "action" => list.action = value,
                "cursor" => list.cursor = value,
                _ => {}
            }
        }
        list
    }

    /// The address of the same list at the page of a cursor; an empty one is the first page.
    pub fn href(&self, cursor: &str) -> String {
        let mut query = Query::default();
        query
            .push("actor", &self.actor)
            .push("action", &self.action)
            .push("cursor", cursor);
        query.on("/audit")
    }
}
