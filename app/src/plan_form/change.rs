use super::{ConditionForm, CopyForm, MOST_ROWS, PlanForm, RuleForm, SelectionForm};

impl PlanForm {
    /// Adds or removes a row, as the form's buttons name it: `rule.add`, `rule.0.copy.1.remove`.
    /// Answers the name of the field to go on with; none when the form stays as it is.
    pub fn change(&mut self, what: &str) -> Option<String> {
        let path: Vec<&str> = what.split('.').collect();
        match path[..] {
            ["rule", "add"] => {
                let rule = self.next_rule();
                add(&mut self.rules, rule).map(|at| format!("rule.{at}.name"))
            }
            ["selection", "add"] => {
                let selection = self.next_selection();
                add(&mut self.selections, selection).map(|at| format!("selection.{at}.name"))
            }
            ["rule", at, "remove"] => {
                remove(&mut self.rules, at, |at| format!("rule.{at}.name"), "name")
            }
            ["selection", at, "remove"] => remove(
                &mut self.selections,
                at,
                |at| format!("selection.{at}.name"),
                "name",
            ),
            ["rule", at, "duplicate"] => {
                let mut rule = self.rules.get(index(at)?)?.clone();
                rule.name = self.free_name(&rule.name);
                add(&mut self.rules, rule).map(|at| format!("rule.{at}.name"))
            }
            ["rule", at, ref rest @ ..] => {
                let rule = self.rules.get_mut(index(at)?)?;
                rule.change(rest).map(|field| format!("rule.{at}.{field}"))
            }
            ["selection", at, ref rest @ ..] => {
                let selection = self.selections.get_mut(index(at)?)?;
                selection
                    .change(rest)
                    .map(|field| format!("selection.{at}.{field}"))
            }
            _ => None,
        }
    }

    /// Another rule into the same vault.
    fn next_rule(&self) -> RuleForm {
        let mut rule = RuleForm::first();
        rule.name = self.free_name("rule");
        if let Some(last) = self.rules.last() {
            rule.vault.clone_from(&last.vault);
            rule.zone.clone_from(&last.zone);
        }
        rule
    }

    fn next_selection(&self) -> SelectionForm {
        SelectionForm {
            name: format!("selection-{}", self.selections.len() + 1),
            role: self
                .selections
                .last()
                .map(|last| last.role.clone())
                .unwrap_or_default(),
            ..SelectionForm::default()
        }
    }

    fn free_name(&self, base: &str) -> String {
        let taken = |name: &str| self.rules.iter().any(|rule| rule.name == name);
        (2..=MOST_ROWS + 1)
            .map(|n| format!("{base}-{n}"))
            .find(|name| !taken(name))
            .unwrap_or_default()
    }
}

impl RuleForm {
    fn change(&mut self, path: &[&str]) -> Option<String> {
        match path {
            ["copy", "add"] => {
                let copy = CopyForm {
                    lifecycle: self.lifecycle.clone(),
                    ..CopyForm::default()
                };
                add(&mut self.copies, copy).map(|at| format!("copy.{at}.vault"))
            }
            ["tag", "add"] => {
                add(&mut self.tags, Default::default()).map(|at| format!("tag.{at}.key"))
            }
            ["copy", at, "remove"] => remove(
                &mut self.copies,
                at,
                |at| format!("copy.{at}.vault"),
                "name",
            ),
            ["tag", at, "remove"] => {
                remove(&mut self.tags, at, |at| format!("tag.{at}.key"), "name")
            }
            _ => None,
        }
    }
}

impl SelectionForm {
    fn change(&mut self, path: &[&str]) -> Option<String> {
        match path {
            ["tag", "add"] => {
                add(&mut self.tags, Default::default()).map(|at| format!("tag.{at}.key"))
            }
            ["condition", "add"] => add(&mut self.conditions, ConditionForm::default())
                .map(|at| format!("condition.{at}.key")),
            ["tag", at, "remove"] => {
                remove(&mut self.tags, at, |at| format!("tag.{at}.key"), "name")
            }
            ["condition", at, "remove"] => remove(
                &mut self.conditions,
                at,
                |at| format!("condition.{at}.key"),
                "name",
            ),
            _ => None,
        }
    }
}

fn index(text: &str) -> Option<usize> {
    text.parse().ok()
}

/// Adds a row and answers its index.
fn add<T>(rows: &mut Vec<T>, row: T) -> Option<usize> {
    (rows.len() < MOST_ROWS).then(|| {
        rows.push(row);
        rows.len() - 1
    })
}

/// Removes a row and answers the name of one near it, or `otherwise` when none is left; none if there
/// is no such row.
fn remove<T>(
    rows: &mut Vec<T>,
    at: &str,
    name: impl Fn(usize) -> String,
    otherwise: &str,
) -> Option<String> {
    let at = index(at).filter(|at| *at < rows.len())?;
    rows.remove(at);
    Some(match rows.len().checked_sub(1) {
        Some(last) => name(at.min(last)),
        None => otherwise.to_owned(),
    })
}
