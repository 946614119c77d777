use tidemark_domain::{Invalid, plan::Lifecycle};

use super::pairs::{Fields, json_of, number, object_of, push, text_of};

/// A lifecycle as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifecycleForm {
    /// Days until the move to cold storage; empty for never.
    pub cold: String,
    /// Days until deletion; empty for never.
    pub delete: String,
    /// `true`, `false`, or empty for unset: archive types that need opting in.
    pub archive: String,
    /// What else deletes it, as AWS words it.
    pub event: String,
    /// Fields that the form does not show, as a JSON object.
    pub other: String,
}

impl LifecycleForm {
    pub(super) fn of(lifecycle: Option<&Lifecycle>) -> Self {
        let Some(lifecycle) = lifecycle else {
            return Self::default();
        };
        Self {
            cold: text_of(lifecycle.move_to_cold_storage_after_days),
            delete: text_of(lifecycle.delete_after_days),
            archive: lifecycle
                .opt_in_to_archive_for_supported_resources
                .map(|on| on.to_string())
                .unwrap_or_default(),
            event: lifecycle.delete_after_event.clone().unwrap_or_default(),
            other: json_of(&lifecycle.other),
        }
    }

    /// Whether the field is one of these, and then sets it.
    pub(super) fn set(&mut self, name: &str, value: String) -> bool {
        match name {
            "cold" => self.cold = value,
            "delete" => self.delete = value,
            "archive" => self.archive = value,
            // Comes before the tick box, which speaks last.
            "archive_off" => "false".clone_into(&mut self.archive),
            "event" => self.event = value,
            "lifecycle_other" => self.other = value,
            _ => return false,
        }
        true
    }

    pub(super) fn fields(&self, prefix: &str, fields: &mut Fields) {
        for (name, value) in [
            ("cold", &self.cold),
            ("delete", &self.delete),
            ("archive", &self.archive),
            ("event", &self.event),
            ("lifecycle_other", &self.other),
        ] {
            push(fields, prefix, name, value);
        }
    }

    /// The lifecycle, unless nothing is set.
    pub(super) fn lifecycle(&self, path: &str, wrong: &mut Vec<Invalid>) -> Option<Lifecycle> {
        let mut days =
            |text: &str, field: &str| number(text, &format!("{path}.Lifecycle.{field}"), wrong);
        let lifecycle = Lifecycle {
            move_to_cold_storage_after_days: days(&self.cold, "MoveToColdStorageAfterDays"),
            delete_after_days: days(&self.delete, "DeleteAfterDays"),
            opt_in_to_archive_for_supported_resources: self.archive.parse().ok(),
            delete_after_event: Some(self.event.clone()).filter(|event| !event.is_empty()),
            other: object_of(&self.other),
        };
        Some(lifecycle).filter(|lifecycle| *lifecycle != Lifecycle::default())
    }
}
