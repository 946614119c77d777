//! Just enough of CloudFormation and IAM to ask what a template allows.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::recorder::Call;

/// A template with values for its parameters.
pub(crate) struct Template {
    template: Value,
    parameters: BTreeMap<String, Value>,
}

/// A statement that allows something.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) sid: String,
    pub(crate) actions: Vec<String>,
    pub(crate) resource: String,
    prefix: Option<String>,
}

impl Template {
    pub(crate) fn new(text: &str, given: &[(&str, &str)]) -> Self {
        let template: Value = serde_yaml_ng::from_str(text).unwrap();
        let known = template["Parameters"].as_object().unwrap();
        let mut parameters: BTreeMap<String, Value> = known
            .iter()
            .map(|(name, parameter)| (name.clone(), parameter["Default"].clone()))
            .collect();
        for (name, value) in given {
            assert!(known.contains_key(*name), "{name}");
            parameters.insert((*name).to_owned(), Value::from(*value));
        }
        Self {
            template,
            parameters,
        }
    }

    /// A resource's properties with everything resolved.
    pub(crate) fn properties(&self, resource: &str) -> Value {
        self.resolve(&self.template["Resources"][resource]["Properties"])
    }

    /// What the function's role may do.
    pub(crate) fn statements(&self) -> Vec<Statement> {
        let role = self.properties("Role");
        let policies = role["Policies"].as_array().unwrap().iter();
        let statements = policies.flat_map(|policy| {
            let statements = policy["PolicyDocument"]["Statement"].as_array();
            statements.unwrap().clone()
        });
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        statements
            .map(|statement| {
                assert_eq!(statement["Effect"], "Allow");
                Statement {
                    sid: text(&statement["Sid"]),
                    actions: statement["Action"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(text)
                        .collect(),
                    resource: text(&statement["Resource"]),
                    prefix: statement["Condition"]["StringLike"]
                        .get("s3:prefix")
                        .map(text),
                }
            })
            .collect()
    }

    fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::Array(values) => values
                .iter()
                .map(|value| self.resolve(value))
                .filter(|value| !value.is_null())
                .collect(),
            Value::Object(map) if map.len() == 1 => {
                let (name, argument) = map.iter().next().unwrap();
                self.call(name, argument).unwrap_or_else(|| self.each(map))
            }
            Value::Object(map) => self.each(map),
            plain => plain.clone(),
        }
    }

    fn each(&self, map: &Map<String, Value>) -> Value {
        map.iter()
            .map(|(name, value)| (name.clone(), self.resolve(value)))
            .filter(|(_, value)| !value.is_null())
            .collect()
    }

    fn call(&self, name: &str, argument: &Value) -> Option<Value> {
        Some(match name {
            "Ref" => self.named(argument.as_str().unwrap()),
            "Fn::GetAtt" => {
                let names: Vec<_> = argument.as_array().unwrap().iter().collect();
                Value::from(format!("the {} of {}", names[1], names[0]))
            }
            "Fn::Sub" => self.substituted(argument),
            "Fn::Split" => {
                let text = self.resolve(&argument[1]);
                let parts = text.as_str().unwrap().split(argument[0].as_str().unwrap());
                parts.map(Value::from).collect()
            }
            "Fn::Select" => {
                let place = usize::try_from(argument[0].as_u64().unwrap()).unwrap();
                self.resolve(&argument[1])[place].clone()
            }
            "Fn::Equals" => Value::from(self.resolve(&argument[0]) == self.resolve(&argument[1])),
            "Fn::Not" => Value::from(self.resolve(&argument[0]) == false),
            "Fn::If" => {
                let condition = &self.template["Conditions"][argument[0].as_str().unwrap()];
                let holds = self.resolve(condition) == true;
                self.resolve(&argument[if holds { 1 } else { 2 }])
            }
            _ => return None,
        })
    }

    fn named(&self, name: &str) -> Value {
        match name {
            "AWS::NoValue" => Value::Null,
            "AWS::Partition" => Value::from("aws"),
            "AWS::StackName" => Value::from("capture-orders"),
            name => match self.parameters.get(name) {
                Some(value) => value.clone(),
                None if self.template["Resources"].get(name).is_some() => {
                    Value::from(format!("the resource {name}"))
                }
                None => unreachable!("nothing is called {name}"),
            },
        }
    }

    fn substituted(&self, argument: &Value) -> Value {
        let (text, own) = match argument {
            Value::Array(parts) => (parts[0].as_str().unwrap(), self.resolve(&parts[1])),
            text => (text.as_str().unwrap(), Value::Null),
        };
        let mut parts = text.split("${");
        let mut result = parts.next().unwrap().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            let value = match own.get(name) {
                Some(value) => value.clone(),
                None => self.named(name),
            };
            result.push_str(value.as_str().unwrap());
            result.push_str(rest);
        }
        Value::from(result)
    }
}

impl Statement {
    /// Whether it allows this action for a call.
    pub(crate) fn allows(&self, bucket: &str, call: &Call) -> bool {
        let resource = match &call.object {
            Some(object) => format!("arn:aws:s3:::{bucket}/{object}"),
            None => format!("arn:aws:s3:::{bucket}"),
        };
        let prefix_holds = self.prefix.as_ref().is_none_or(|pattern| {
            let asked = call.prefix.as_deref();
            asked.is_some_and(|asked| is_like(asked, pattern))
        });
        self.actions.iter().any(|action| action == call.action)
            && is_like(&resource, &self.resource)
            && prefix_holds
    }
}

/// Whether a text is as a pattern has it that may end in an asterisk.
fn is_like(text: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == pattern,
    }
}
