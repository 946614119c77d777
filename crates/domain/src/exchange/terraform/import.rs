use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::resources::{Document, Resource};
use crate::{
    Invalid,
    exchange::{
        ImportContext, PlanBundle, Reading,
        coerce::Coercion,
        json::read,
        node::{Node, Why},
        schema::{Form, Kind, PLAN, SELECTION, Shape},
    },
    plan::{BackupPlan, Finding},
    selection::BackupSelection,
};

const PLAN_TYPE: &str = "aws_backup_plan";
const SELECTION_TYPE: &str = "aws_backup_selection";
/// Attributes of both types that the provider computes, or that are no part of a plan.
const COMPUTED: [&str; 9] = [
    "arn",
    "id",
    "plan_id",
    "region",
    "tags",
    "tags_all",
    "timeouts",
    "version",
    "resource_tags",
];

/// Reads every `aws_backup_plan` of what `terraform show -json` prints of a plan or a state, or of a state file itself, with
/// the selections that belong to it.
///
/// What Terraform knows only once it has applied the plan is listed in [`PlanBundle::unknown`]. The provider does not tell
/// an empty text, zero and false from what was not set: they count as not set.
pub fn from_terraform(document: &Value, context: &ImportContext) -> Result<Reading, Invalid> {
    let document = Document::new(document)?;
    let resources = document.resources();
    let of_type = |kind: &str| {
        let mut found: Vec<&Resource<'_>> = resources.iter().filter(|r| r.kind == kind).collect();
        found.sort_by(|a, b| a.address.cmp(&b.address));
        found
    };
    let plans = of_type(PLAN_TYPE);
    if plans.is_empty() {
        return Err(Invalid::new(
            "file",
            format!("is of Terraform and holds no {PLAN_TYPE}"),
        ));
    }
    let mut reader = Reader {
        context,
        used: BTreeSet::new(),
        strangers: Vec::new(),
    };
    let mut bundles = Vec::new();
    for plan in &plans {
        bundles.push(reader.plan(plan)?);
    }
    let mut notes = Vec::new();
    for selection in of_type(SELECTION_TYPE) {
        match owner(&document, selection, &plans) {
            Owner::Plan(index) => reader.selection(selection, &mut bundles[index])?,
            Owner::Probably(index) => {
                reader.selection(selection, &mut bundles[index])?;
                bundles[index].notes.push(Finding::warning(
                    format!("{}.plan_id", selection.address),
                    format!(
                        "is not told by the file: taken for the one plan of it, {}",
                        plans[index].address
                    ),
                    "Look whether the selection belongs to it.",
                ));
            }
            Owner::Elsewhere => notes.push(Finding::warning(
                format!("{}.plan_id", selection.address),
                "belongs to a plan that is not in the file, or cannot be told: the selection is left out",
                "Add the selection on the page of its plan.",
            )),
        }
    }
    reader.all_used()?;
    Ok(Reading {
        plans: bundles,
        notes,
    })
}

/// To which of the plans a selection belongs.
enum Owner {
    Plan(usize),
    /// The only one that there is.
    Probably(usize),
    Elsewhere,
}

fn owner(document: &Document<'_>, selection: &Resource<'_>, plans: &[&Resource<'_>]) -> Owner {
    let text = |resource: &Resource<'_>, name: &str| {
        let value = resource.values.get(name).and_then(Value::as_str);
        value.filter(|id| !id.is_empty()).map(str::to_owned)
    };
    if let Some(id) = text(selection, "plan_id") {
        let of = plans
            .iter()
            .position(|plan| text(plan, "id").as_ref() == Some(&id));
        return of.map_or(Owner::Elsewhere, Owner::Plan);
    }
    let references = document.references(selection, "plan_id");
    let names = references.iter().find_map(|reference| {
        let rest = reference.strip_prefix(PLAN_TYPE)?.strip_prefix('.')?;
        Some((reference, rest.split(['.', '[']).next()?))
    });
    let Some((reference, name)) = names else {
        return match plans {
            [_] => Owner::Probably(0),
            _ => Owner::Elsewhere,
        };
    };
    let here = |plan: &&&Resource<'_>| plan.module == selection.module && plan.name == name;
    let candidates: Vec<&&Resource<'_>> = plans.iter().filter(here).collect();
    let chosen = match candidates.as_slice() {
        [one] => Some(*one),
        several => several
            .iter()
            .find(|plan| {
                let own = plan
                    .address
                    .strip_prefix(&plan.module)
                    .unwrap_or(&plan.address);
                let own = own.trim_start_matches('.');
                reference.starts_with(own) && own.contains('[')
            })
            .or_else(|| several.iter().find(|plan| plan.index == selection.index))
            .copied(),
    };
    chosen
        .and_then(|chosen| plans.iter().position(|plan| plan.address == chosen.address))
        .map_or(Owner::Elsewhere, Owner::Plan)
}

struct Reader<'a> {
    context: &'a ImportContext,
    /// Parameters that gave a value.
    used: BTreeSet<String>,
    /// Attributes of the resource at hand that are set and have no place in a plan or selection: newer than this console.
    strangers: Vec<Finding>,
}

impl Reader<'_> {
    fn plan(&mut self, resource: &Resource<'_>) -> Result<PlanBundle, Invalid> {
        let address = &resource.address;
        let mut coercion = Coercion::new(Form::Api);
        let node = self.object(resource.values, resource.unknown, &PLAN, address);
        let document = coercion.document(&node, &PLAN, address, "")?;
        let mut plan: BackupPlan = read(document, address)?;
        let tags = ["tags_all", "tags"].into_iter().find_map(|name| {
            let value = resource.values.get(name)?;
            value
                .as_object()
                .is_some_and(|tags| !tags.is_empty())
                .then_some(value)
        });
        if let Some(tags) = tags {
            let path = format!("{address}.tags");
            plan.set_tags(coercion.texts_by_name(&Node::known(tags), &path, BackupPlan::TAGS)?);
        }
        Ok(PlanBundle {
            unknown: coercion.unknown,
            notes: std::mem::take(&mut self.strangers),
            ..PlanBundle::from(plan)
        })
    }

    fn selection(
        &mut self,
        resource: &Resource<'_>,
        bundle: &mut PlanBundle,
    ) -> Result<(), Invalid> {
        let address = &resource.address;
        let place = format!("Selections[{}]", bundle.backup_selections.len());
        let mut coercion = Coercion::new(Form::Api);
        let node = self.object(resource.values, resource.unknown, &SELECTION, address);
        let document = coercion.document(&node, &SELECTION, address, &place)?;
        let selection: BackupSelection = read(document, address)?;
        bundle.backup_selections.push(selection);
        bundle.unknown.extend(coercion.unknown);
        bundle.notes.append(&mut self.strangers);
        Ok(())
    }

    /// An object with the API's names. What Terraform does not know yet is true in `unknown`, which has the same form.
    fn object(
        &mut self,
        value: &Value,
        unknown: Option<&Value>,
        shape: &'static Shape,
        path: &str,
    ) -> Node {
        let mut members = Vec::new();
        for member in shape.members {
            let Some(name) = member.terraform else {
                continue;
            };
            let path = format!("{path}.{name}");
            let unknown = unknown.and_then(|unknown| unknown.get(name));
            let node = self.node(value.get(name), unknown, member.kind, &path);
            if node != Node::Nothing {
                members.push((member.api.to_owned(), node));
            }
        }
        self.tell_strangers(value, shape, path);
        Node::Map(members)
    }

    fn tell_strangers(&mut self, value: &Value, shape: &Shape, path: &str) {
        let known = |name: &str| shape.members.iter().any(|m| m.terraform == Some(name));
        // Blocks have no attributes that the provider computes.
        let is_resource =
            std::ptr::eq(shape, &raw const PLAN) || std::ptr::eq(shape, &raw const SELECTION);
        for (name, value) in value.as_object().into_iter().flat_map(Map::iter) {
            let is_computed = is_resource && COMPUTED.contains(&name.as_str());
            if !known(name) && !is_computed && !is_unset(value) {
                self.strangers.push(Finding::warning(
                    format!("{path}.{name}"),
                    "is an attribute that is not known here, and is left out",
                    "Look what it says before the plan is saved.",
                ));
            }
        }
    }

    fn node(
        &mut self,
        value: Option<&Value>,
        unknown: Option<&Value>,
        kind: Kind,
        path: &str,
    ) -> Node {
        if unknown == Some(&Value::Bool(true)) {
            return self.given(path);
        }
        let Some(value) = value.filter(|value| !is_unset(value)) else {
            return Node::Nothing;
        };
        let at = |index: usize| unknown.and_then(|unknown| unknown.get(index));
        match (kind, value) {
            // A block that may be there once is a list as well.
            (Kind::Object(shape), Value::Array(items)) => {
                items.first().map_or(Node::Nothing, |item| {
                    self.object(item, at(0), shape, &format!("{path}[0]"))
                })
            }
            (Kind::List(shape), Value::Array(items)) => Node::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        self.object(item, at(index), shape, &format!("{path}[{index}]"))
                    })
                    .collect(),
            ),
            (Kind::Texts, Value::Array(items)) => Node::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        self.node(
                            Some(item),
                            at(index),
                            Kind::Text,
                            &format!("{path}[{index}]"),
                        )
                    })
                    .collect(),
            ),
            _ => Node::known(value),
        }
    }

    /// What stands in place of a value that is not known yet.
    fn given(&mut self, path: &str) -> Node {
        match self.context.parameters.get(path) {
            Some(value) => {
                self.used.insert(path.to_owned());
                Node::Text(value.clone())
            }
            None => Node::Unknown(Why::new(
                path,
                "is known only once Terraform has applied the plan",
            )),
        }
    }

    /// Refuses parameters that gave nothing its value.
    fn all_used(&self) -> Result<(), Invalid> {
        let mut names = self.context.parameters.keys();
        match names.find(|name| !self.used.contains(*name)) {
            None => Ok(()),
            Some(name) => Err(Invalid::new(
                format!("parameter {name}"),
                "is nothing that the file leaves open",
            )),
        }
    }
}

/// The provider writes what was not set as null, or as nothing of its type.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}
