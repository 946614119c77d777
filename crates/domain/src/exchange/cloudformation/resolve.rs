use std::{cell::Cell, collections::BTreeMap};

use serde_json::{Map, Value};

use crate::{AccountId, Invalid, Region};

/// What a template is read for.
#[derive(Clone, Debug, Default)]
pub struct ImportContext {
    /// `AWS::AccountId`.
    pub account: Option<AccountId>,
    /// `AWS::Region`.
    pub region: Option<Region>,
    /// Values of parameters; where one is missing, its default counts.
    pub parameters: BTreeMap<String, String>,
}

/// References may lead through so many others; a template in which they go in a circle is refused.
const DEEPEST: u32 = 16;

/// Resolves `Ref`, `Fn::Sub` and `Fn::Join` as far as the template and the context tell.
pub(super) struct Resolver<'a> {
    parameters: Option<&'a Map<String, Value>>,
    resources: Option<&'a Map<String, Value>>,
    context: &'a ImportContext,
    depth: Cell<u32>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(template: &'a Value, context: &'a ImportContext) -> Self {
        let section = |name: &str| template.get(name).and_then(Value::as_object);
        Self {
            parameters: section("Parameters"),
            resources: section("Resources"),
            context,
            depth: Cell::new(0),
        }
    }

    /// The value with every reference replaced. `path` names the place in errors.
    pub(super) fn resolve(&self, value: &Value, path: &str) -> Result<Value, Invalid> {
        match value {
            Value::Object(members) => {
                if let Some((function, argument)) = function(members) {
                    return self.call(function, argument, path);
                }
                let mut resolved = Map::new();
                for (member, value) in members {
                    let value = self.resolve(value, &format!("{path}.{member}"))?;
                    if !value.is_null() {
                        resolved.insert(member.clone(), value);
                    }
                }
                Ok(Value::Object(resolved))
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.resolve(item, &format!("{path}[{index}]")))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::Array),
            other => Ok(other.clone()),
        }
    }

    fn call(&self, function: &str, argument: &Value, path: &str) -> Result<Value, Invalid> {
        let unknown = || {
            Invalid::new(
                path,
                format!("holds {function}, which cannot be resolved here: write the value itself"),
            )
        };
        match (function, argument) {
            ("Ref", Value::String(name)) => self.named(name, path),
            ("Fn::Sub", Value::String(text)) => self.sub(text, None, path),
            ("Fn::Sub", Value::Array(parts)) => match &parts[..] {
                [Value::String(text), Value::Object(own)] => self.sub(text, Some(own), path),
                _ => Err(unknown()),
            },
            ("Fn::GetAtt", argument) => self.attribute(argument).ok_or_else(unknown),
            ("Fn::Join", Value::Array(parts)) => match &parts[..] {
                [Value::String(by), Value::Array(items)] => {
                    let mut texts = Vec::new();
                    for item in items {
                        texts.push(text(&self.resolve(item, path)?).ok_or_else(unknown)?);
                    }
                    Ok(Value::String(texts.join(by)))
                }
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        }
    }

    fn named(&self, name: &str, path: &str) -> Result<Value, Invalid> {
        let pseudo = match name {
            "AWS::AccountId" => self.context.account.as_ref().map(ToString::to_string),
            "AWS::Region" => self.context.region.as_ref().map(ToString::to_string),
            "AWS::Partition" => Some(
                match self.context.region.as_ref().map(Region::as_str) {
                    Some(region) if region.starts_with("cn-") => "aws-cn",
                    Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
                    _ => "aws",
                }
                .to_owned(),
            ),
            "AWS::NoValue" => return Ok(Value::Null),
            _ => None,
        };
        if let Some(value) = pseudo {
            return Ok(Value::String(value));
        }
        if let Some(value) = self.context.parameters.get(name) {
            return Ok(Value::String(value.clone()));
        }
        let default = self
            .parameters
            .and_then(|parameters| parameters.get(name)?.get("Default"));
        let vault = || {
            let vault = self.resources?.get(name)?;
            (vault.get("Type")?.as_str()? == "AWS::Backup::BackupVault").then_some(())?;
            vault.pointer("/Properties/BackupVaultName")
        };
        match default.or_else(vault) {
            // A vault's name may itself be a reference.
            Some(value) if self.depth.get() < DEEPEST => {
                self.depth.set(self.depth.get() + 1);
                let resolved = self.resolve(value, path);
                self.depth.set(self.depth.get() - 1);
                resolved
            }
            _ => Err(unresolved(name, path)),
        }
    }

    /// The ARN of a vault of the template, where account and Region are known.
    fn attribute(&self, argument: &Value) -> Option<Value> {
        let (id, attribute) = match argument {
            Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)?.as_str()?),
            Value::String(text) => text.split_once('.')?,
            _ => return None,
        };
        let name = text(&self.named(id, "").ok()?)?;
        match attribute {
            "BackupVaultName" => Some(Value::String(name)),
            "BackupVaultArn" => {
                let partition = text(&self.named("AWS::Partition", "").ok()?)?;
                let (account, region) = (
                    self.context.account.as_ref()?,
                    self.context.region.as_ref()?,
                );
                Some(Value::String(format!(
                    "arn:{partition}:backup:{region}:{account}:backup-vault:{name}"
                )))
            }
            _ => None,
        }
    }

    fn sub(
        &self,
        template: &str,
        own: Option<&Map<String, Value>>,
        path: &str,
    ) -> Result<Value, Invalid> {
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find("${") {
            out.push_str(&rest[..at]);
            let after = &rest[at + 2..];
            let Some(end) = after.find('}') else {
                return Err(Invalid::new(path, "has a ${ without a }"));
            };
            let name = &after[..end];
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str("${");
                out.push_str(literal);
                out.push('}');
            } else {
                let value = match own.and_then(|own| own.get(name)) {
                    Some(value) => self.resolve(value, path)?,
                    None if name.contains('.') => self
                        .attribute(&Value::from(name))
                        .ok_or_else(|| unresolved(name, path))?,
                    None => self.named(name, path)?,
                };
                out.push_str(&text(&value).ok_or_else(|| unresolved(name, path))?);
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        Ok(Value::String(out))
    }
}

fn unresolved(name: &str, path: &str) -> Invalid {
    Invalid::new(
        path,
        format!("refers to {name}, whose value is not known here: write the value itself"),
    )
}

/// A single member `Ref`, `Condition` or `Fn::…` is a function.
fn function(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut all = members.iter();
    let (name, argument) = all.next()?;
    let single = all.next().is_none();
    (single && (name == "Ref" || name.starts_with("Fn::"))).then_some((name.as_str(), argument))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
