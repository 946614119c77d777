//! A backup plan under edit, as its form holds it: text as typed, so that what is wrong can be shown
//! where it was typed and nothing that was entered is ever lost.
//!
//! The form's field names are paths, such as `rule.0.copy.1.delete`. The server reads a posted form
//! with the same code that a hydrated page reads its own form with, so both say the same of it.

mod change;
mod copy;
mod lifecycle;
mod pairs;
mod rule;
mod schedule;
mod selection;

use serde_json::{Map, Value};
use tidemark_domain::{
    AccountId, Invalid, Region,
    plan::{BackupPlan, Finding, PlanDraft, PlanKnowledge, SelectionDraft, check},
    selection::check_selection,
};

use self::pairs::{entry, json_of, object_of, push};
pub use self::{
    copy::CopyForm,
    lifecycle::LifecycleForm,
    rule::RuleForm,
    schedule::{DAYS, Every, ScheduleForm},
    selection::{ConditionForm, SelectionForm},
};

/// A plan with its selections, as the form holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanForm {
    /// Account in which the plan lies.
    pub account: String,
    /// Its Region.
    pub region: String,
    /// Id of the plan that is changed; empty for a new one.
    pub plan: String,
    /// Version of the plan that was read; empty for a new one.
    pub version: String,
    /// Name.
    pub name: String,
    /// Fields of the plan that the form does not show, as a JSON object.
    pub other: String,
    /// Rules.
    pub rules: Vec<RuleForm>,
    /// Selections.
    pub selections: Vec<SelectionForm>,
    /// Why it is changed.
    pub reason: String,
}

/// The rows that a form may have of anything: more than AWS takes, and few enough for any server.
const MOST_ROWS: usize = 100;

impl PlanForm {
    /// A new plan: one rule, daily into the account's first vault, kept for 35 days; and a selection
    /// by a tag.
    pub fn new(account: &str, region: &str, known: &PlanKnowledge, role: Option<&String>) -> Self {
        let vault = known.vaults.iter().find(|vault| {
            vault.account.as_str() == account
                && vault.region.as_str() == region
                && vault.limits.is_none()
                && vault.air_gapped != Some(true)
        });
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            rules: vec![RuleForm {
                vault: vault.map(|vault| vault.name.clone()).unwrap_or_default(),
                ..RuleForm::first()
            }],
            selections: vec![SelectionForm {
                name: "tagged".to_owned(),
                role: role.cloned().unwrap_or_default(),
                tags: vec![Default::default()],
                ..SelectionForm::default()
            }],
            ..Self::default()
        }
    }

    /// A plan as somebody wanted it, or as it is.
    pub fn of(draft: &PlanDraft) -> Self {
        Self {
            account: draft.account.to_string(),
            region: draft.region.to_string(),
            plan: draft.plan_id.clone().unwrap_or_default(),
            version: draft.version_id.clone().unwrap_or_default(),
            name: draft.plan.backup_plan_name.clone(),
            other: json_of(&draft.plan.other),
            rules: draft.plan.rules.iter().map(RuleForm::of).collect(),
            selections: draft.selections.iter().map(SelectionForm::of).collect(),
            reason: draft.reason.clone(),
        }
    }

    /// Reads a form's names and values. What it does not know it leaves out.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            let path: Vec<&str> = name.split('.').collect();
            form.set(&path, value);
        }
        form
    }

    fn set(&mut self, path: &[&str], value: &str) {
        let value = value.to_owned();
        match path {
            ["account"] => self.account = value,
            ["region"] => self.region = value,
            ["plan"] => self.plan = value,
            ["version"] => self.version = value,
            ["name"] => self.name = value,
            ["other"] => self.other = value,
            ["reason"] => self.reason = value,
            // A new plan's account and Region are chosen as one.
            ["scope"] => {
                if let Some((account, region)) = value.split_once('/') {
                    account.clone_into(&mut self.account);
                    region.clone_into(&mut self.region);
                }
            }
            ["rule", index, rest @ ..] => {
                if let Some(rule) = entry(&mut self.rules, index) {
                    rule.set(rest, value);
                }
            }
            ["selection", index, rest @ ..] => {
                if let Some(selection) = entry(&mut self.selections, index) {
                    selection.set(rest, value);
                }
            }
            _ => {}
        }
    }

    /// Names and values of the whole form; [`PlanForm::parse`] reads them back.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for (name, value) in [
            ("account", &self.account),
            ("region", &self.region),
            ("plan", &self.plan),
            ("version", &self.version),
            ("name", &self.name),
            ("other", &self.other),
            ("reason", &self.reason),
        ] {
            push(&mut fields, "", name, value);
        }
        for (index, rule) in self.rules.iter().enumerate() {
            rule.fields(&format!("rule.{index}."), &mut fields);
        }
        for (index, selection) in self.selections.iter().enumerate() {
            selection.fields(&format!("selection.{index}."), &mut fields);
        }
        fields
    }

    /// The plan that this amounts to, and what of the text could not be read. Where it could not, the
    /// plan holds the nearest thing.
    pub fn plan(&self) -> (BackupPlan, Vec<Invalid>) {
        let mut wrong = Vec::new();
        let rules = self
            .rules
            .iter()
            .enumerate()
            .map(|(index, rule)| rule.rule(&format!("Rules[{index}]"), &mut wrong))
            .collect();
        let plan = BackupPlan {
            backup_plan_name: self.name.trim().to_owned(),
            rules,
            other: object_of(&self.other),
        };
        (plan, wrong)
    }

    /// The draft that this amounts to, or the first thing that is wrong with it.
    pub fn draft(&self) -> Result<PlanDraft, Invalid> {
        if let Some(wrong) = self.check().into_iter().next() {
            return Err(wrong);
        }
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(PlanDraft {
            account: AccountId::parse(&self.account)?,
            region: Region::parse(&self.region)?,
            plan_id: given(&self.plan),
            version_id: given(&self.version),
            plan: self.plan().0,
            selections: self
                .selections
                .iter()
                .map(|form| SelectionDraft {
                    id: given(&form.id),
                    selection: form.selection(),
                })
                .collect(),
            reason: self.reason.trim().to_owned(),
        })
    }

    /// Everything that a person should know before saving: what of the text could not be read, what
    /// AWS Backup would refuse, what would make jobs fail, and what works differently than it looks;
    /// each with the path of its field, errors first. The browser and the server ask this one function.
    pub fn findings(&self, known: &PlanKnowledge) -> Vec<Finding> {
        let (plan, wrong) = self.plan();
        let mut findings: Vec<Finding> = wrong
            .into_iter()
            .map(|error| Finding::error(error.field, error.rule, ""))
            .collect();
        let unread: Vec<String> = findings.iter().map(|f| f.field.clone()).collect();
        // Text that could not be read is wrong in one way, not in two.
        findings.extend(
            check(&plan, known)
                .into_iter()
                .filter(|finding| !unread.contains(&finding.field)),
        );
        for (index, selection) in self.selections.iter().enumerate() {
            let path = format!("Selections[{index}]");
            findings.extend(selection.unread(&path));
            findings.extend(check_selection(&selection.selection(), &path));
        }
        findings.sort_by_key(|finding| !finding.is_error());
        findings
    }

    /// Everything that forbids saving whatever else is known.
    pub fn check(&self) -> Vec<Invalid> {
        self.findings(&PlanKnowledge::default())
            .into_iter()
            .filter(Finding::is_error)
            .map(message)
            .collect()
    }
}

/// A finding as it is shown beside its field: the rule and what to do.
pub fn message(finding: Finding) -> Invalid {
    let stop = if finding.rule.ends_with('.') { "" } else { "." };
    let rule = match finding.fix.as_str() {
        "" => finding.rule,
        fix => format!("{}{stop} {fix}", finding.rule),
    };
    Invalid::new(finding.field, rule)
}

/// The plan's fields that the form does not show.
type Other = Map<String, Value>;

#[cfg(test)]
mod tests;
