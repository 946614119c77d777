use tidemark_domain::{Invalid, plan::CopyAction};

use super::{
    LifecycleForm,
    pairs::{Fields, json_of, keep, object_of, push},
};

/// A copy of each point, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyForm {
    /// ARN of the vault.
    pub vault: String,
    /// Lifecycle of the copies.
    pub lifecycle: LifecycleForm,
    /// Fields that the form does not show, as a JSON object.
    pub other: String,
}

impl CopyForm {
    pub(super) fn of(copy: &CopyAction) -> Self {
        Self {
            vault: copy.destination_backup_vault_arn.clone(),
            lifecycle: LifecycleForm::of(copy.lifecycle.as_ref()),
            other: json_of(&copy.other),
        }
    }

    pub(super) fn set(&mut self, path: &[&str], value: String) {
        match path {
            ["vault"] => self.vault = value,
            // A vault that no list shows is typed.
            ["vault_typed"] if !value.trim().is_empty() => self.vault = value,
            ["vault_typed"] => {}
            ["other"] => self.other = value,
            [name] => {
                self.lifecycle.set(name, value);
            }
            _ => {}
        }
    }

    pub(super) fn fields(&self, prefix: &str, fields: &mut Fields) {
        keep(fields, prefix, "vault", &self.vault);
        self.lifecycle.fields(prefix, fields);
        push(fields, prefix, "other", &self.other);
    }

    pub(super) fn copy(&self, path: &str, wrong: &mut Vec<Invalid>) -> CopyAction {
        CopyAction {
            destination_backup_vault_arn: self.vault.trim().to_owned(),
            lifecycle: self.lifecycle.lifecycle(path, wrong),
            other: object_of(&self.other),
        }
    }
}
