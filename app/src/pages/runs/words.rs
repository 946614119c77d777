//! How runs are called.

use tidemark_domain::{Arn, runs::RunLabels};

/// A kind of run in words.
pub(super) fn kind_words(kind: &str) -> String {
    match kind {
        "restore" => "Restore".to_owned(),
        "backup" => "Backup".to_owned(),
        "records_setup" => "Set-up of record capture".to_owned(),
        "records_proof" => "Proof of the records".to_owned(),
        "records_undo" => "Undo of records".to_owned(),
        "delete_points" => "Deletion of recovery points".to_owned(),
        "copy-points" => "Copy of recovery points".to_owned(),
        "change_lifecycle" => "Change of lifecycles".to_owned(),
        "save-plan" => "Change of a backup plan".to_owned(),
        "delete-plan" => "Deletion of a backup plan".to_owned(),
        "run-rule" => "On-demand run of a backup rule".to_owned(),
        "set-bucket-settings" => "Change of the settings".to_owned(),
        "copy-prefix" => "Copy of a prefix".to_owned(),
        "change-vault" => "Change of a vault".to_owned(),
        "protect-vault" => "Change of a vault's protection".to_owned(),
        "change-legal-hold" => "Change of a legal hold".to_owned(),
        "set-bucket-policy" => "Change of access to a bucket".to_owned(),
        "roll-out-plan" => "Roll-out of a backup plan".to_owned(),
        "restore-set" => "Restore of an application set".to_owned(),
        "back-up-set" => "Backup of an application set".to_owned(),
        other => other.replace(['_', '-'], " "),
    }
}

/// What a run is about: the resource's name.
pub(super) fn subject(labels: &RunLabels) -> Option<String> {
    let text = labels.resource.as_deref()?;
    Some(Arn::parse(text).map_or_else(|_| text.to_owned(), |arn| arn.name().to_owned()))
}

/// A run in a few words: `Restore of orders`.
pub(super) fn title(kind: &str, labels: &RunLabels) -> String {
    match subject(labels) {
        Some(subject) => format!("{} of {subject}", kind_words(kind)),
        None => kind_words(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_called_by_what_it_does_and_to_what() {
        let labels = RunLabels {
            resource: Some("arn:aws:dynamodb:eu-west-1:111111111111:table/orders".into()),
            ..RunLabels::default()
        };
        assert_eq!(title("restore", &labels), "Restore of orders");
        for kind in ["save-plan", "delete-plan", "run-rule", "roll-out-plan"] {
            let title = title(kind, &RunLabels::default());
            assert!(title.contains("backup"), "{title}");
        }
    }
}
