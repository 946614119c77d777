use serde::{Deserialize, Serialize};

/// A rule of a bucket's lifecycle configuration, as far as it matters to backups. The rule itself is changed in AWS's own
/// form, so that nothing of it is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleRule {
    /// `ID`; S3 gives one to rules without.
    pub id: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// Which keys, by their beginning; empty for all.
    pub prefix: String,
    /// What else an object must be like, each in words, such as `tag kind=log`.
    pub only: Vec<String>,
    /// When current objects expire.
    pub expiration: Option<Expiration>,
    /// Whether delete markers go under which nothing is left (`ExpiredObjectDeleteMarker`).
    pub removes_markers: bool,
    /// When versions go that are no longer current.
    pub noncurrent: Option<NoncurrentExpiration>,
    /// Days after which uploads go that were never completed.
    pub abort_uploads_after: Option<i64>,
    /// Moves to other storage classes.
    pub transitions: Vec<Transition>,
}

/// When a current object expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiration {
    /// So many days after it was written.
    Days(i64),
    /// On a date.
    Date(String),
}

/// When versions go that are no longer current.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoncurrentExpiration {
    /// So many days after another took their place.
    pub days: i64,
    /// How many are kept all the same.
    pub keep: Option<i64>,
}

/// A move to another storage class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The storage class, as S3 names it.
    pub class: String,
    /// When, such as `30 days after it was written`.
    pub when: String,
    /// Of versions that are no longer current.
    pub noncurrent: bool,
}

impl LifecycleRule {
    /// Whether it takes away objects that are current: what a chain of increments cannot bear.
    pub const fn expires_objects(&self) -> bool {
        self.enabled && self.expiration.is_some()
    }

    /// Whether anything is left of it once it expires nothing any more. S3 takes no rule without an action.
    pub fn does_more_than_expire(&self) -> bool {
        self.abort_uploads_after.is_some() || !self.transitions.is_empty() || self.removes_markers
    }

    /// Moves of current objects to classes from which they cannot be read at once.
    pub fn archives(&self) -> Vec<&Transition> {
        let archive = |class: &str| matches!(class, "GLACIER" | "DEEP_ARCHIVE");
        self.transitions
            .iter()
            .filter(|to| !to.noncurrent && archive(&to.class))
            .collect()
    }

    /// Which objects it takes, in words.
    pub fn scope(&self) -> String {
        let mut scope = if self.prefix.is_empty() {
            "every object".to_owned()
        } else {
            format!("keys that begin with {}", self.prefix)
        };
        if !self.only.is_empty() {
            scope.push_str(" with ");
            scope.push_str(&self.only.join(" and "));
        }
        scope
    }

    /// What it does, in words.
    pub fn words(&self) -> String {
        let mut does = Vec::new();
        match &self.expiration {
            Some(Expiration::Days(days)) => {
                does.push(format!(
                    "expires objects {days} days after they were written"
                ));
            }
            Some(Expiration::Date(date)) => does.push(format!("expires objects on {date}")),
            None => {}
        }
        if let Some(noncurrent) = &self.noncurrent {
            let keep = noncurrent
                .keep
                .map(|keep| format!(", but keeps the newest {keep}"))
                .unwrap_or_default();
            does.push(format!(
                "deletes versions {} days after they were replaced or deleted{keep}",
                noncurrent.days
            ));
        }
        if self.removes_markers {
            does.push("removes delete markers under which nothing is left".to_owned());
        }
        if let Some(days) = self.abort_uploads_after {
            does.push(format!(
                "ends uploads that are unfinished after {days} days"
            ));
        }
        for to in &self.transitions {
            let what = if to.noncurrent {
                "older versions"
            } else {
                "objects"
            };
            does.push(format!("moves {what} to {} {}", to.class, to.when));
        }
        let does = if does.is_empty() {
            "does nothing".to_owned()
        } else {
            does.join("; ")
        };
        let off = if self.enabled { "" } else { " (switched off)" };
        format!("For {}: {does}{off}", self.scope())
    }
}
