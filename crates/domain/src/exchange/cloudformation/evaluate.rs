use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
};

use serde_json::{Map, Value};

use super::ImportContext;
use crate::{
    Invalid,
    exchange::node::{Node, Why},
};

/// What a function of a template comes to.
pub(super) type Answer = Result<Node, Invalid>;

/// Whether a condition of a template holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Truth {
    Yes,
    No,
    /// Only a deployment knows.
    Open(Why),
}

/// Steps and characters that one template may take to work out; AWS's own limits for one are 1 MiB of text
/// and 500 resources.
const MOST_WORK: usize = 1_000_000;

/// Works a template out to what is known and what only a deployment knows: all functions that depend on
/// nothing but the template, its parameters, account and Region.
///
/// Source: "Intrinsic function reference" in the `CloudFormation` template reference.
pub(super) struct Evaluator<'a> {
    pub(super) parameters: BTreeMap<String, Node>,
    pub(super) mappings: Option<&'a Map<String, Value>>,
    pub(super) conditions: Option<&'a Map<String, Value>>,
    pub(super) resources: &'a Map<String, Value>,
    pub(super) context: &'a ImportContext,
    /// Conditions that were worked out.
    pub(super) truths: RefCell<HashMap<String, Truth>>,
    /// Names of resources that were worked out.
    pub(super) names: RefCell<HashMap<String, Node>>,
    /// What is being worked out: meeting one of it again is a circle.
    open: RefCell<Vec<String>>,
    work: Cell<usize>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        template: &'a Value,
        resources: &'a Map<String, Value>,
        parameters: BTreeMap<String, Node>,
        context: &'a ImportContext,
    ) -> Self {
        let section = |name: &str| template.get(name).and_then(Value::as_object);
        Self {
            parameters,
            mappings: section("Mappings"),
            conditions: section("Conditions"),
            resources,
            context,
            truths: RefCell::default(),
            names: RefCell::default(),
            open: RefCell::default(),
            work: Cell::new(0),
        }
    }

    /// The value with every function worked out. `path` names the place in errors.
    pub(super) fn value(&self, value: &Value, path: &str) -> Answer {
        self.spend(1, path)?;
        match value {
            Value::Object(members) => {
                if let Some((function, argument)) = function(members) {
                    return self.call(function, argument, path);
                }
                let mut worked = Vec::with_capacity(members.len());
                for (name, value) in members {
                    let value = self.value(value, &format!("{path}.{name}"))?;
                    if value != Node::Nothing {
                        worked.push((name.clone(), value));
                    }
                }
                Ok(Node::Map(worked))
            }
            Value::Array(items) => {
                let mut worked = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let item = self.value(item, &format!("{path}[{index}]"))?;
                    if item != Node::Nothing {
                        worked.push(item);
                    }
                }
                Ok(Node::List(worked))
            }
            Value::String(text) => self.references(text, path),
            other => Ok(Node::known(other)),
        }
    }

    /// Counts work, so that no template keeps the reader busy for long.
    pub(super) fn spend(&self, work: usize, path: &str) -> Result<(), Invalid> {
        let spent = self.work.get().saturating_add(work);
        self.work.set(spent);
        if spent > MOST_WORK {
            return Err(Invalid::new(
                path,
                "takes too many steps to work out: its functions or loops multiply",
            ));
        }
        Ok(())
    }

    /// Works something out that may lead back to itself.
    pub(super) fn once<T>(
        &self,
        what: &str,
        path: &str,
        work: impl FnOnce() -> Result<T, Invalid>,
    ) -> Result<T, Invalid> {
        if self.open.borrow().iter().any(|open| open == what) {
            return Err(Invalid::new(
                path,
                format!("leads back to itself by {what}"),
            ));
        }
        self.open.borrow_mut().push(what.to_owned());
        let worked = work();
        self.open.borrow_mut().pop();
        worked
    }

    /// A value that somebody gave under this name.
    pub(super) fn given(&self, name: &str) -> Option<Node> {
        self.context
            .parameters
            .get(name)
            .map(|value| Node::Text(value.clone()))
    }

    /// Dynamic references (`{{resolve:ssm:/name}}`) are read by a deployment.
    pub(super) fn references(&self, text: &str, path: &str) -> Answer {
        self.spend(text.len() / 16, path)?;
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{resolve:") {
            let Some((reference, after)) = after.split_once("}}") else {
                break;
            };
            let name = format!("resolve:{reference}");
            match self.given(&name).and_then(|value| value.text()) {
                Some(value) => {
                    out.push_str(before);
                    out.push_str(&value);
                    rest = after;
                }
                None => return Ok(Node::Unknown(Why::new(name, source(reference)))),
            }
        }
        out.push_str(rest);
        Ok(Node::Text(out))
    }
}

/// Where a dynamic reference leads.
fn source(reference: &str) -> String {
    match reference.split_once(':') {
        Some(("ssm" | "ssm-secure", name)) => format!("comes from Systems Manager {name}"),
        Some(("secretsmanager", name)) => format!("comes from Secrets Manager {name}"),
        _ => format!("comes from {reference}"),
    }
}

/// A single member `Ref`, `Condition` or `Fn::…` is a function.
pub(super) fn function(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut all = members.iter();
    let (name, argument) = all.next()?;
    let single = all.next().is_none();
    let named = name == "Ref" || name.starts_with("Fn::") && !name.starts_with("Fn::ForEach::");
    (single && named).then_some((name.as_str(), argument))
}
