//! The tags of what is restored, and the backup plans that take it, in words.

use super::RestorePlan;
use crate::selection::Clause;

impl RestorePlan {
    /// Which tags what is restored will have: a sentence.
    pub fn tags_sentence(&self) -> String {
        let is_change = self
            .destination
            .as_ref()
            .is_some_and(super::RestoreDestination::is_change);
        if is_change {
            return "The tags of what exists stay as they are.".to_owned();
        }
        if self.request.target_table.is_none() {
            return "It gets no tags: AWS Backup puts none on what it restores here.".to_owned();
        }
        if self.settings.tags.is_empty() {
            return "The new table gets no tags.".to_owned();
        }
        let tags: Vec<String> = self
            .settings
            .tags
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        format!("The new table gets the tags {}.", tags.join(", "))
    }

    /// The backup plans that take what is restored, one sentence for each of their selections.
    pub fn joins_sentences(&self) -> Vec<String> {
        self.joins
            .iter()
            .map(|take| {
                let plan = if take.plan_name.is_empty() {
                    "A backup plan".to_owned()
                } else {
                    format!(
                        "Backup plan {} (selection {})",
                        take.plan_name, take.selection
                    )
                };
                match &take.clause {
                    Clause::Tag(tag) => format!("{plan} takes it by its tag {tag}."),
                    Clause::Resource(pattern) => format!("{plan} takes it by its ARN: {pattern}."),
                    _ => format!("{plan} takes it, as everything whose type is opted in."),
                }
            })
            .collect()
    }
}
