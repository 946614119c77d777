//! What AWS Backup refuses about plans and selections: one table, each row with the place where it is
//! written. The check of a draft, the lint of a file and the simulated AWS go by it.

mod arns;
mod plan;
mod rule;
mod selection;

use super::{BackupPlan, BackupRule, Finding};
use crate::selection::BackupSelection;

/// Something that AWS Backup refuses.
pub struct Refusal {
    /// What it is about, in a word or two.
    pub name: &'static str,
    /// Where it is written that AWS refuses it.
    pub source: &'static str,
    /// It is a quota, which AWS may raise; the service answers `LimitExceededException`.
    pub quota: bool,
    of: Of,
}

/// What a row looks at; what it finds has a path from there.
enum Of {
    Plan(fn(&BackupPlan) -> Vec<Finding>),
    Rule(fn(&BackupRule) -> Vec<Finding>),
    Selection(fn(&BackupSelection) -> Vec<Finding>),
}

impl Refusal {
    const fn plan(
        name: &'static str,
        source: &'static str,
        look: fn(&BackupPlan) -> Vec<Finding>,
    ) -> Self {
        Self::new(name, source, Of::Plan(look))
    }

    const fn rule(
        name: &'static str,
        source: &'static str,
        look: fn(&BackupRule) -> Vec<Finding>,
    ) -> Self {
        Self::new(name, source, Of::Rule(look))
    }

    const fn selection(
        name: &'static str,
        source: &'static str,
        look: fn(&BackupSelection) -> Vec<Finding>,
    ) -> Self {
        Self::new(name, source, Of::Selection(look))
    }

    const fn new(name: &'static str, source: &'static str, of: Of) -> Self {
        Self {
            name,
            source,
            quota: false,
            of,
        }
    }

    const fn quota(mut self) -> Self {
        self.quota = true;
        self
    }

    /// What it finds in a plan, with paths in the plan.
    pub fn in_plan(&self, document: &BackupPlan) -> Vec<Finding> {
        match self.of {
            Of::Plan(look) => look(document),
            Of::Rule(look) => {
                let rules = document.rules.iter().enumerate();
                rules
                    .flat_map(|(index, rule)| under(look(rule), &format!("Rules[{index}]")))
                    .collect()
            }
            Of::Selection(_) => Vec::new(),
        }
    }

    /// What it finds in a selection, with paths in the selection.
    pub fn in_selection(&self, document: &BackupSelection) -> Vec<Finding> {
        match self.of {
            Of::Selection(look) => look(document),
            Of::Plan(_) | Of::Rule(_) => Vec::new(),
        }
    }

    /// Every row.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        plan::ROWS.iter().chain(rule::ROWS).chain(selection::ROWS)
    }

    /// Everything that AWS Backup refuses about a plan: rows of the plan first, then rule by rule.
    pub fn of_plan(document: &BackupPlan) -> Vec<Finding> {
        let mut findings: Vec<Finding> = plan::ROWS
            .iter()
            .flat_map(|row| row.in_plan(document))
            .collect();
        for (index, one) in document.rules.iter().enumerate() {
            let path = format!("Rules[{index}]");
            for row in rule::ROWS {
                if let Of::Rule(look) = row.of {
                    findings.extend(under(look(one), &path));
                }
            }
        }
        findings
    }

    /// Everything that AWS Backup refuses about a selection.
    pub fn of_selection(document: &BackupSelection) -> Vec<Finding> {
        Self::all()
            .flat_map(|row| row.in_selection(document))
            .collect()
    }
}

/// The findings with a path before their fields; a field without a name is the path itself.
fn under(mut findings: Vec<Finding>, path: &str) -> Vec<Finding> {
    for finding in &mut findings {
        finding.field = match finding.field.as_str() {
            "" => path.to_owned(),
            field => format!("{path}.{field}"),
        };
    }
    findings
}

/// One finding, where the rule is broken.
fn broken(is: bool, field: &str, rule: &str, fix: &str) -> Vec<Finding> {
    if is {
        vec![Finding::error(field, rule, fix)]
    } else {
        Vec::new()
    }
}

/// A name of 1 to `most` letters, digits, `-`, `_` and `.`.
fn is_name(name: &str, most: usize) -> bool {
    (1..=most).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// The model of the service.
const MODEL: &str = "AWS Backup's service model (botocore 1.44.8)";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// For each row, documents that it refuses.
    fn examples() -> Value {
        serde_json::from_str(include_str!("../../../tests/cases/refusals.json")).unwrap()
    }

    #[test]
    fn each_row_has_a_source_and_finds_its_examples() {
        let examples = examples();
        let mut names = BTreeSet::new();
        for row in Refusal::all() {
            assert!(names.insert(row.name), "{}", row.name);
            assert!(row.source.len() > 10, "{}", row.name);
            let of_row = examples[row.name].as_array();
            for example in of_row.unwrap_or_else(|| unreachable!("{} has no example", row.name)) {
                let findings = if example.get("SelectionName").is_some() {
                    row.in_selection(&serde_json::from_value(example.clone()).unwrap())
                } else {
                    row.in_plan(&serde_json::from_value(example.clone()).unwrap())
                };
                assert!(!findings.is_empty(), "{}: {example}", row.name);
                assert!(findings.iter().all(Finding::is_error), "{findings:?}");
            }
        }
        let listed: BTreeSet<&str> = examples
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(names, listed);
    }
}
