use std::fmt;

use serde::{Deserialize, Serialize};

/// What is wrong with a manifest, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFault {
    /// The line, from 1; none where it is no line's fault.
    pub line: Option<usize>,
    /// The member by its path, such as `members[2].table`; empty for the whole file.
    pub path: String,
    /// The rule that it breaks.
    pub rule: String,
}

impl ManifestFault {
    pub(super) fn new(
        line: Option<usize>,
        path: impl Into<String>,
        rule: impl Into<String>,
    ) -> Self {
        Self {
            line,
            path: path.into(),
            rule: rule.into(),
        }
    }
}

impl fmt::Display for ManifestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.rule)
    }
}

impl std::error::Error for ManifestFault {}
