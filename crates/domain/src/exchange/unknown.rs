use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A value of a file that only a deployment knows, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// Path of the field in the plan, such as `Rules[0].TargetBackupVaultName` or
    /// `Selections[0].IamRoleArn`.
    pub field: String,
    /// The name under which its value can be given (`--parameter NAME=VALUE`); none when the file itself
    /// has to say it.
    pub parameter: Option<String>,
    /// Where it comes from: `comes from Systems Manager /backup/vault`.
    pub because: String,
}

impl Unknown {
    /// What to do, as a sentence.
    pub fn fix(&self) -> String {
        match &self.parameter {
            Some(name) => format!("Give --parameter {name}=VALUE."),
            None => "Write the value itself.".to_owned(),
        }
    }

    /// Whether a finding about this field rests on the value that is not known.
    pub fn covers(&self, field: &str) -> bool {
        let below = |whole: &str| {
            field
                .strip_prefix(whole)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        below(&self.field) || depends(&self.field).is_some_and(|other| below(&other))
    }
}

/// Refuses what is not known, all of it named.
pub fn require_known(unknown: &[Unknown]) -> Result<(), Invalid> {
    let Some((first, rest)) = unknown.split_first() else {
        return Ok(());
    };
    let mut rule = format!("is not known here: it {}. {}", first.because, first.fix());
    for other in rest {
        rule = format!(
            "{rule} {} is not known either: it {}. {}",
            other.field,
            other.because,
            other.fix()
        );
    }
    Err(Invalid::new(first.field.clone(), rule))
}

/// A field whose limits follow from this one.
fn depends(field: &str) -> Option<String> {
    let (parent, leaf) = field.rsplit_once('.')?;
    let other = match leaf {
        "StartWindowMinutes" => "CompletionWindowMinutes",
        "MoveToColdStorageAfterDays" => "DeleteAfterDays",
        "EnableContinuousBackup" => "Lifecycle",
        _ => return None,
    };
    Some(format!("{parent}.{other}"))
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}", self.field, self.because, self.fix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_or_follows_from_an_unknown_value_is_covered() {
        let unknown = |field: &str| Unknown {
            field: field.to_owned(),
            parameter: None,
            because: String::new(),
        };
        assert!(unknown("Rules").covers("Rules[3].RuleName"));
        assert!(unknown("Rules[1]").covers("Rules[1]"));
        assert!(!unknown("Rules[1]").covers("Rules[10].RuleName"));
        assert!(unknown("Rules[0].StartWindowMinutes").covers("Rules[0].CompletionWindowMinutes"));
        assert!(
            unknown("Rules[0].EnableContinuousBackup").covers("Rules[0].Lifecycle.DeleteAfterDays")
        );
        assert!(!unknown("Rules[0].Lifecycle.DeleteAfterDays").covers("Rules[0].Lifecycle"));
    }
}
