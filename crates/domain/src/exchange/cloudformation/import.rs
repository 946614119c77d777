use serde_json::{Map, Value};

use super::{
    ImportContext, OURS, PLAN, SELECTION,
    evaluate::{Evaluator, Truth},
    parameters::parameters,
};
use crate::{
    Invalid, Verdict,
    exchange::{
        PlanBundle, Reading,
        coerce::Coercion,
        json::read,
        node::Node,
        schema::{self, Form, like},
    },
    plan::{BackupPlan, Finding},
    selection::BackupSelection,
};

/// Reads every plan of a template, with its selections, in the order of their logical ids.
///
/// Functions are worked out as far as the template, its parameters, account and Region tell; what only a
/// deployment knows is listed in [`PlanBundle::unknown`]. Plans and selections whose condition does not
/// hold are left out, and told in the notes.
pub fn from_cloudformation(template: &Value, context: &ImportContext) -> Result<Reading, Invalid> {
    let written = template
        .get("Resources")
        .and_then(Value::as_object)
        .ok_or_else(|| Invalid::new("template", "must have a member Resources"))?;
    let parameters = parameters(template, context)?;
    let mut notes = Vec::new();
    let resources = Evaluator::new(template, written, parameters.clone(), context)
        .looped(written, &mut notes)?;
    let evaluator = Evaluator::new(template, &resources, parameters, context);
    let mut reader = Reader {
        evaluator: &evaluator,
        bundles: Vec::new(),
        off: Vec::new(),
        notes,
    };
    for (id, resource) in of_type(&resources, PLAN) {
        reader.plan(id, resource)?;
    }
    if reader.bundles.is_empty() && reader.off.is_empty() {
        return Err(no_plan(&resources));
    }
    for (id, resource) in of_type(&resources, SELECTION) {
        reader.selection(id, resource)?;
    }
    Ok(Reading {
        plans: reader
            .bundles
            .into_iter()
            .map(|(_, bundle)| bundle)
            .collect(),
        notes: reader.notes,
    })
}

fn no_plan(resources: &Map<String, Value>) -> Invalid {
    let rule = match of_type(resources, SELECTION).first() {
        Some((id, _)) => format!(
            "holds no plan ({PLAN}), just a selection ({id}) of one that is elsewhere: put it into the template of its plan, or add it to the plan's page"
        ),
        None => format!("must hold a resource of the type {PLAN}"),
    };
    Invalid::new("template", rule)
}

/// The resources of a type, by their logical ids.
fn of_type<'a>(resources: &'a Map<String, Value>, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let mut found: Vec<(&str, &Value)> = resources
        .iter()
        .filter(|(_, resource)| resource.get("Type").and_then(Value::as_str) == Some(kind))
        .map(|(id, resource)| (id.as_str(), resource))
        .collect();
    found.sort_by_key(|(id, _)| *id);
    found
}

struct Reader<'a> {
    evaluator: &'a Evaluator<'a>,
    /// Plans by their logical ids.
    bundles: Vec<(&'a str, PlanBundle)>,
    /// Plans whose condition does not hold.
    off: Vec<&'a str>,
    notes: Vec<Finding>,
}

impl<'a> Reader<'a> {
    fn plan(&mut self, id: &'a str, resource: &Value) -> Result<(), Invalid> {
        let mut notes = Vec::new();
        if !self.is_made(id, resource, &mut notes)? {
            self.off.push(id);
            return Ok(());
        }
        let path = format!("{id}.BackupPlan");
        let document = self.property(resource, "BackupPlan", &path)?;
        let mut coercion = Coercion::new(Form::Cloudformation);
        let mut document = coercion.document(&document, &schema::PLAN, &path, "")?;
        restore(&mut document, resource);
        let mut plan: BackupPlan = read(document, &path)?;
        if let Some(tags) = resource.pointer(&format!("/Properties/{}", BackupPlan::TAGS)) {
            let path = format!("{id}.{}", BackupPlan::TAGS);
            let tags = self.evaluator.value(tags, &path)?;
            plan.set_tags(coercion.texts_by_name(&tags, &path, BackupPlan::TAGS)?);
        }
        notes.extend(strangers(
            id,
            resource,
            PLAN,
            &["BackupPlan", BackupPlan::TAGS],
        ));
        let bundle = PlanBundle {
            unknown: coercion.unknown,
            notes,
            ..PlanBundle::from(plan)
        };
        self.bundles.push((id, bundle));
        Ok(())
    }

    fn selection(&mut self, id: &str, resource: &Value) -> Result<(), Invalid> {
        let mut notes = Vec::new();
        if !self.is_made(id, resource, &mut notes)? {
            return Ok(());
        }
        let of = resource.pointer("/Properties/BackupPlanId");
        let path = format!("{id}.BackupPlanId");
        let of = of.ok_or_else(|| Invalid::new(&path, "is missing"))?;
        let of = self.evaluator.value(of, &path)?;
        if let Some(plan) = self.off.iter().find(|plan| names(&of, plan)) {
            self.notes.push(Finding::warning(
                &path,
                format!("belongs to {plan}, which is not made: the selection is left out"),
                "Give the selection the condition of its plan.",
            ));
            return Ok(());
        }
        let Some((_, bundle)) = self.bundles.iter_mut().find(|(plan, _)| names(&of, plan)) else {
            let which = of.text().unwrap_or_default();
            self.notes.push(Finding::warning(
                path,
                format!("belongs to another plan {which}, which is not in the template: the selection is left out")
                    .replace("plan ,", "plan,"),
                "Refer to a plan of the template, or add the selection on the page of its plan.",
            ));
            return Ok(());
        };
        let place = format!("Selections[{}]", bundle.backup_selections.len());
        let path = format!("{id}.BackupSelection");
        let document = resource
            .pointer("/Properties/BackupSelection")
            .ok_or_else(|| Invalid::new(&path, "is missing"))?;
        let document = self.evaluator.value(document, &path)?;
        let mut coercion = Coercion::new(Form::Cloudformation);
        let mut document = coercion.document(&document, &schema::SELECTION, &path, &place)?;
        restore(&mut document, resource);
        let selection: BackupSelection = read(document, &path)?;
        bundle.backup_selections.push(selection);
        bundle.unknown.extend(coercion.unknown);
        notes.extend(strangers(
            id,
            resource,
            SELECTION,
            &["BackupPlanId", "BackupSelection"],
        ));
        bundle.notes.extend(notes);
        Ok(())
    }

    fn property(&self, resource: &Value, name: &str, path: &str) -> Result<Node, Invalid> {
        let value = resource
            .pointer(&format!("/Properties/{name}"))
            .ok_or_else(|| Invalid::new(path, "is missing"))?;
        self.evaluator.value(value, path)
    }

    /// Whether the resource's condition lets it be made; one that cannot be told does, with a note.
    fn is_made(
        &mut self,
        id: &str,
        resource: &Value,
        notes: &mut Vec<Finding>,
    ) -> Result<bool, Invalid> {
        let Some(condition) = resource.get("Condition").and_then(Value::as_str) else {
            return Ok(true);
        };
        let path = format!("{id}.Condition");
        match self.evaluator.condition(condition, &path)? {
            Truth::Yes => Ok(true),
            Truth::No => {
                self.notes.push(Finding::new(
                    Verdict::Pass,
                    path,
                    format!("{condition} does not hold with these parameters: {id} is not made"),
                    "Give other parameters to see what it would be.",
                ));
                Ok(false)
            }
            Truth::Open(why) => {
                let fix = why.parameter.map_or_else(
                    || "Look at the stack.".to_owned(),
                    |name| format!("Give --parameter {name}=VALUE."),
                );
                notes.push(Finding::new(
                    Verdict::Unknown,
                    path,
                    format!(
                        "{id} is made only where {condition} holds, whose value {}",
                        why.because
                    ),
                    fix,
                ));
                Ok(true)
            }
        }
    }
}

/// The value is the id of this plan of the template.
fn names(value: &Node, plan: &str) -> bool {
    let Node::Unknown(why) = value else {
        return false;
    };
    why.parameter.as_deref().is_some_and(|name| {
        let (id, attribute) = name.split_once('.').unwrap_or((name, "BackupPlanId"));
        id == plan && attribute == "BackupPlanId"
    })
}

/// Properties that the type does not have.
fn strangers(id: &str, resource: &Value, kind: &str, known: &[&str]) -> Vec<Finding> {
    resource
        .get("Properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(name, _)| !known.contains(&name.as_str()))
        .map(|(name, _)| {
            let fix = like(name, known.iter().copied()).map_or_else(
                || "Remove it.".to_owned(),
                |right| format!("Did you mean {right}?"),
            );
            Finding::warning(
                format!("{id}.{name}"),
                format!("is no property of {kind}, and is left out"),
                fix,
            )
        })
        .collect()
}

/// Puts back what the schema had no place for.
fn restore(document: &mut Value, resource: &Value) {
    let hidden = resource
        .pointer(&format!("/Metadata/{OURS}"))
        .and_then(Value::as_object);
    for (path, value) in hidden.into_iter().flatten() {
        let (parent, member) = path.rsplit_once('/').unwrap_or(("", path));
        let pointer = if parent.is_empty() {
            String::new()
        } else {
            format!("/{parent}")
        };
        if let Some(Value::Object(members)) = document.pointer_mut(&pointer) {
            let member = member.replace("~1", "/").replace("~0", "~");
            let value = value
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_else(|| value.clone());
            members.insert(member, value);
        }
    }
}
