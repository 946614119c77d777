use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::ImportContext;
use crate::{
    Invalid,
    exchange::{
        node::{Node, Why},
        schema::like,
    },
};

/// Names that `CloudFormation` itself gives values to.
const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// The values of a template's parameters by their types: what is given, or the default. A parameter whose
/// value lies in Systems Manager, or that has none, is not known.
pub(super) fn parameters(
    template: &Value,
    context: &ImportContext,
) -> Result<BTreeMap<String, Node>, Invalid> {
    let none = Map::new();
    let section = |name: &str| {
        template
            .get(name)
            .and_then(Value::as_object)
            .unwrap_or(&none)
    };
    let declared = section("Parameters");
    for name in context.parameters.keys() {
        check_name(name, declared, section("Resources"))?;
    }
    declared
        .iter()
        .map(|(name, declaration)| {
            let given = context.parameters.get(name).map(String::as_str);
            Ok((name.clone(), parameter(name, declaration, given)?))
        })
        .collect()
}

/// Values may be given to parameters, to what `CloudFormation` gives, and to what AWS gives the template's
/// own resources.
fn check_name(
    name: &str,
    declared: &Map<String, Value>,
    resources: &Map<String, Value>,
) -> Result<(), Invalid> {
    let of_resource = || {
        let id = name.split('.').next().unwrap_or_default();
        // A loop makes resources whose names only it knows.
        resources.contains_key(id) || resources.keys().any(|id| id.starts_with("Fn::ForEach"))
    };
    if declared.contains_key(name)
        || PSEUDO.contains(&name)
        || name.starts_with("ImportValue.")
        || name.starts_with("resolve:")
        || of_resource()
    {
        return Ok(());
    }
    let known = || declared.keys().map(String::as_str);
    let hint = match (like(name, known()), declared.len()) {
        (Some(right), _) => format!(" Did you mean {right}?"),
        (None, 0) => " The template has none.".to_owned(),
        (None, _) => format!(
            " The template has {}.",
            known().collect::<Vec<_>>().join(", ")
        ),
    };
    Err(Invalid::new(
        format!("parameter {name}"),
        format!("no such parameter.{hint}"),
    ))
}

fn parameter(name: &str, declaration: &Value, given: Option<&str>) -> Result<Node, Invalid> {
    let kind = declaration
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or("String");
    let default = declaration
        .get("Default")
        .map(Node::known)
        .and_then(|default| default.text());
    // The value of such a parameter is the name of one of Systems Manager.
    if let Some(inner) = kind
        .strip_prefix("AWS::SSM::Parameter::Value<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        return Ok(match given {
            Some(value) => typed(inner, value),
            None => Node::Unknown(Why::new(
                name,
                format!(
                    "comes from Systems Manager {}",
                    default.as_deref().unwrap_or("and has no default")
                ),
            )),
        });
    }
    let Some(value) = given.map(str::to_owned).or(default) else {
        return Ok(Node::Unknown(Why::new(
            name,
            "is a parameter without a default",
        )));
    };
    check(name, declaration, kind, &value)?;
    Ok(typed(kind, &value))
}

/// Numbers stay as they are written: `CloudFormation` hands them on as text.
fn typed(kind: &str, value: &str) -> Node {
    if !is_list(kind) {
        return Node::Text(value.to_owned());
    }
    if value.is_empty() {
        return Node::List(Vec::new());
    }
    Node::List(
        value
            .split(',')
            .map(|part| Node::Text(part.trim().to_owned()))
            .collect(),
    )
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

/// Refuses what `CloudFormation` refuses when the stack is made.
fn check(name: &str, declaration: &Value, kind: &str, value: &str) -> Result<(), Invalid> {
    let items: Vec<&str> = if is_list(kind) {
        value.split(',').map(str::trim).collect()
    } else {
        vec![value]
    };
    let number = kind == "Number" || kind == "List<Number>";
    for item in items {
        one(declaration, number, item)
            .map_err(|rule| Invalid::new(format!("parameter {name}"), rule))?;
    }
    Ok(())
}

fn one(declaration: &Value, number: bool, value: &str) -> Result<(), String> {
    let limit = |member: &str| {
        let text = declaration.get(member).map(Node::known)?.text()?;
        text.parse::<f64>().ok()
    };
    if number && value.trim().parse::<f64>().is_err() {
        return Err("must be a number".to_owned());
    }
    allowed(declaration, number, value)?;
    if number {
        let value: f64 = value.trim().parse().unwrap_or_default();
        if let Some(least) = limit("MinValue").filter(|least| value < *least) {
            return Err(format!("must be at least {least}"));
        }
        if let Some(most) = limit("MaxValue").filter(|most| value > *most) {
            return Err(format!("must be at most {most}"));
        }
        return Ok(());
    }
    let length = f64::from(u32::try_from(value.chars().count()).unwrap_or(u32::MAX));
    if let Some(least) = limit("MinLength").filter(|least| length < *least) {
        return Err(format!("must have at least {least} characters"));
    }
    if let Some(most) = limit("MaxLength").filter(|most| length > *most) {
        return Err(format!("must have at most {most} characters"));
    }
    pattern(declaration, value)
}

fn allowed(declaration: &Value, number: bool, value: &str) -> Result<(), String> {
    let Some(allowed) = declaration.get("AllowedValues").and_then(Value::as_array) else {
        return Ok(());
    };
    let allowed: Vec<String> = allowed
        .iter()
        .filter_map(|value| Node::known(value).text())
        .collect();
    let equal = |one: &String| {
        let numbers = || {
            let (one, other) = (one.parse::<f64>().ok()?, value.trim().parse::<f64>().ok()?);
            Some(one.total_cmp(&other).is_eq())
        };
        one == value || (number && numbers() == Some(true))
    };
    if allowed.iter().any(equal) {
        return Ok(());
    }
    Err(match &allowed[..] {
        [] => "must be one of no values: AllowedValues is empty".to_owned(),
        [one] => format!("must be {one}"),
        [most @ .., last] => format!("must be {} or {last}", most.join(", ")),
    })
}

/// `CloudFormation` takes Java's patterns; one that cannot be read here is not checked.
fn pattern(declaration: &Value, value: &str) -> Result<(), String> {
    let Some(pattern) = declaration.get("AllowedPattern").and_then(Value::as_str) else {
        return Ok(());
    };
    match Regex::new(&format!("^(?:{pattern})$")) {
        Ok(regex) if !regex.is_match(value) => {
            let why = declaration
                .get("ConstraintDescription")
                .and_then(Value::as_str)
                .map(|text| format!(": {text}"))
                .unwrap_or_default();
            Err(format!("must match {pattern}{why}"))
        }
        _ => Ok(()),
    }
}
