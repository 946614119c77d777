use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Invalid, Verdict};

/// Something about a plan or a selection that a person should know before saving it: the field, the
/// rule that it breaks or the consequence that it has, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// [`Verdict::Fail`]: AWS would refuse it, or every job would fail. [`Verdict::Warn`]: it works, but
    /// not as it looks.
    pub verdict: Verdict,
    /// Path of the field, such as `Rules[0].Lifecycle.DeleteAfterDays`.
    pub field: String,
    /// The rule or the consequence.
    pub rule: String,
    /// What to do.
    pub fix: String,
}

impl Finding {
    /// A finding.
    pub fn new(
        verdict: Verdict,
        field: impl Into<String>,
        rule: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            verdict,
            field: field.into(),
            rule: rule.into(),
            fix: fix.into(),
        }
    }

    /// A finding that stands in the way of saving.
    pub fn error(
        field: impl Into<String>,
        rule: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(Verdict::Fail, field, rule, fix)
    }

    /// A finding that does not stand in the way of saving.
    pub fn warning(
        field: impl Into<String>,
        rule: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::new(Verdict::Warn, field, rule, fix)
    }

    /// Whether the plan must not be saved like this.
    pub fn is_error(&self) -> bool {
        self.verdict == Verdict::Fail
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}", self.field, self.rule, self.fix)
    }
}

impl From<Finding> for Invalid {
    fn from(finding: Finding) -> Self {
        Self::new(finding.field, format!("{}. {}", finding.rule, finding.fix))
    }
}
