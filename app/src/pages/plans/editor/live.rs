//! What the editor's parts share: the form as it is typed, and what is found in it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    AccountId,
    plan::{BackupRule, Finding, KnownVault, Lifecycle, PlanKnowledge},
    schedule::AwsCron,
};

use crate::{
    alive::Life,
    clock::page_clock,
    components::{Retention, Window},
    plan_form::{PlanForm, message},
    rescue::typed,
    server_fns::plans::EditPlan,
    zone,
};

/// How many runs are shown ahead.
const RUNS: usize = 10;

/// What the editor knows beside the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// What the checks go by.
    pub(super) known: PlanKnowledge,
    /// Names that people gave accounts.
    pub(super) aliases: BTreeMap<AccountId, String>,
    /// Roles that selections of this account name.
    pub(super) roles: Vec<String>,
}

/// The editor's state. The inputs hold what is typed; this follows them.
#[derive(Clone, Copy)]
pub(super) struct Live {
    /// The form as it is typed.
    pub(super) form: RwSignal<PlanForm>,
    /// The form as its rows were last laid out.
    pub(super) shape: RwSignal<PlanForm>,
    /// Whether what is wrong is shown: not before anything was entered.
    pub(super) shows: RwSignal<bool>,
    /// What is found in the form.
    pub(super) findings: Memo<Vec<Finding>>,
    /// What is known around it.
    pub(super) around: StoredValue<Around>,
    /// What is put off ends with the editor.
    pub(super) life: Life,
    now: Timestamp,
}

impl Live {
    pub(super) fn new(form: PlanForm, around: Around, shows: bool) -> Self {
        let typed = RwSignal::new(form.clone());
        let around = StoredValue::new(around);
        let findings = Memo::new(move |_| {
            around.with_value(|around| typed.with(|form| form.findings(&around.known)))
        });
        Self {
            form: typed,
            shape: RwSignal::new(form),
            shows: RwSignal::new(shows),
            findings,
            around,
            life: Life::here(),
            now: page_clock().now_once(),
        }
    }

    /// Takes up what was typed before the page had to be loaded again: its rules and selections need their fields.
    pub(super) fn take_up(self) {
        let Some(typed) = typed(EditPlan::PATH) else {
            return;
        };
        let form = PlanForm::parse(&typed);
        self.form.set(form.clone());
        self.shape.set(form);
    }

    /// What is wrong with the field of that path; empty when nothing is.
    pub(super) fn error(self, path: impl Into<String>) -> Signal<String> {
        let path = path.into();
        let rows = format!("{path}[");
        Signal::derive(move || {
            if !self.shows.get() {
                return String::new();
            }
            self.findings.with(|findings| {
                findings
                    .iter()
                    .find(|f| f.is_error() && (f.field == path || is_row(&f.field, &rows)))
                    .map(|finding| message(finding.clone()).rule)
                    .unwrap_or_default()
            })
        })
    }

    /// What is worth knowing of the field of that path.
    pub(super) fn warnings(self, path: impl Into<String>) -> Signal<Vec<Finding>> {
        let path = path.into();
        Signal::derive(move || {
            self.findings.with(|findings| {
                findings
                    .iter()
                    .filter(|f| !f.is_error() && f.field == path)
                    .cloned()
                    .collect()
            })
        })
    }

    /// The rule that the form's rule amounts to.
    pub(super) fn rule(self, index: usize) -> Option<BackupRule> {
        self.form
            .with(|form| form.plan().0.rules.get(index).cloned())
    }

    /// The vaults that are known.
    pub(super) fn vaults(self) -> Vec<KnownVault> {
        self.around.with_value(|around| around.known.vaults.clone())
    }

    /// The next runs of a rule.
    pub(super) fn runs(self, index: usize) -> Vec<Timestamp> {
        let Some((cron, zone)) = self.rule(index).as_ref().and_then(timing) else {
            return Vec::new();
        };
        cron.after(self.now, &zone).take(RUNS).collect()
    }

    /// A rule's retention and that of its copies, for drawing.
    pub(super) fn retentions(self, index: usize) -> Vec<Retention> {
        let Some(rule) = self.rule(index) else {
            return Vec::new();
        };
        self.around
            .with_value(|around| retentions(&rule, &around.known))
    }
}

/// Whether the field is one of a list's rows: `rows` and a number.
fn is_row(field: &str, rows: &str) -> bool {
    field
        .strip_prefix(rows)
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
}

/// The schedule and the zone of a rule, where both can be read.
pub(in crate::pages::plans) fn timing(rule: &BackupRule) -> Option<(AwsCron, TimeZone)> {
    let cron = AwsCron::parse(rule.schedule()).ok()?;
    let zone = match rule.schedule_expression_timezone.as_deref() {
        None | Some("" | "UTC" | "Etc/UTC") => TimeZone::UTC,
        Some(name) => zone::find(name)?,
    };
    Some((cron, zone))
}

/// A rule's windows, for drawing.
pub(in crate::pages::plans) fn window(rule: &BackupRule) -> Window {
    Window {
        name: rule.rule_name.clone(),
        starts: AwsCron::parse(rule.schedule())
            .map(|cron| cron.minutes_of_day())
            .unwrap_or_default(),
        start_within: rule.start_window(),
        end_within: rule.completion_window(),
    }
}

/// A rule's retention and that of its copies, for drawing.
pub(in crate::pages::plans) fn retentions(
    rule: &BackupRule,
    known: &PlanKnowledge,
) -> Vec<Retention> {
    let row = |name: String, lifecycle: Option<&Lifecycle>, vault: Option<&KnownVault>| {
        let limits = vault
            .and_then(|vault| vault.limits.clone())
            .unwrap_or_default();
        Retention {
            name,
            cold: lifecycle.and_then(Lifecycle::cold_after),
            delete: lifecycle.and_then(Lifecycle::delete_after),
            at_least: limits.min_days,
            at_most: limits.max_days,
        }
    };
    let own = row(
        rule.rule_name.clone(),
        rule.lifecycle.as_ref(),
        known.target(&rule.target_backup_vault_name),
    );
    let copies = rule.copies().iter().map(|copy| {
        let arn = copy.destination_backup_vault_arn.as_str();
        let name = arn.rsplit(':').next().unwrap_or(arn);
        row(
            format!("copy in {name}"),
            copy.lifecycle.as_ref(),
            known.vault(arn),
        )
    });
    std::iter::once(own).chain(copies).collect()
}
