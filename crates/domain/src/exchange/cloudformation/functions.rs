use serde_json::{Map, Value};

use super::evaluate::{Answer, Evaluator, Truth};
use crate::{
    Invalid,
    exchange::{
        node::{Node, Why},
        schema::like,
    },
};

/// Functions that only a deployment can work out.
const OF_A_DEPLOYMENT: [&str; 4] = ["Fn::Base64", "Fn::Cidr", "Fn::GetAZs", "Fn::Transform"];
const WORKED_OUT: [&str; 15] = [
    "Fn::And",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::ForEach",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
];

impl Evaluator<'_> {
    pub(super) fn call(&self, function: &str, argument: &Value, path: &str) -> Answer {
        let list = argument.as_array().map(Vec::as_slice);
        match (function, list) {
            ("Ref", _) => self.named(&self.name_of(argument, path)?, path),
            ("Fn::GetAtt", _) => self.get_att(argument, path),
            ("Fn::Sub", Some([Value::String(text), Value::Object(own)])) => {
                self.sub(text, Some(own), path)
            }
            ("Fn::Sub", None) => match argument {
                Value::String(text) => self.sub(text, None, path),
                _ => Err(wrong(path, "Fn::Sub takes a text, or a text and an object")),
            },
            ("Fn::Join", Some([by, items])) => self.join(by, items, path),
            ("Fn::Split", Some([by, text])) => self.split(by, text, path),
            ("Fn::Select", Some([index, items])) => self.select(index, items, path),
            ("Fn::If", Some([condition, yes, no])) => self.choose(condition, yes, no, path),
            ("Fn::FindInMap", Some([map, first, second, options @ ..])) if options.len() <= 1 => {
                self.find_in_map([map, first, second], options.first(), path)
            }
            ("Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not", Some(_)) => {
                Ok(match self.truth_of(function, argument, path)? {
                    Truth::Yes => Node::Flag(true),
                    Truth::No => Node::Flag(false),
                    Truth::Open(why) => Node::Unknown(why),
                })
            }
            ("Fn::ImportValue", _) => self.import_value(argument, path),
            ("Fn::Length", _) => match self.value(argument, path)? {
                Node::List(items) => Ok(Node::Number(items.len().into())),
                Node::Unknown(why) => Ok(Node::Unknown(why)),
                _ => Err(wrong(path, "Fn::Length takes a list")),
            },
            ("Fn::ToJsonString", _) => {
                let value = self.value(argument, path)?;
                Ok(match value.why() {
                    Some(why) => Node::Unknown(why.clone()),
                    None => Node::Text(value.json().to_string()),
                })
            }
            (name, _) if OF_A_DEPLOYMENT.contains(&name) => Ok(Node::Unknown(Why {
                parameter: None,
                because: format!("is worked out by {name} when the stack is made"),
            })),
            (name, _) if WORKED_OUT.contains(&name) => Err(wrong(
                path,
                &format!("{name} has arguments that it does not take"),
            )),
            (name, _) => Err(no_function(name, path)),
        }
    }

    /// A name that is written out, or worked out.
    fn name_of(&self, value: &Value, path: &str) -> Result<String, Invalid> {
        match value {
            Value::String(name) => Ok(name.clone()),
            other => self
                .value(other, path)?
                .text()
                .ok_or_else(|| wrong(path, "a reference must name something")),
        }
    }

    /// The text of an argument; the reason where it is not known.
    fn text(&self, value: &Value, what: &str, path: &str) -> Result<Result<String, Why>, Invalid> {
        match self.value(value, path)? {
            Node::Unknown(why) => Ok(Err(why)),
            node => node
                .text()
                .map(Ok)
                .ok_or_else(|| wrong(path, &format!("{what} must be text, not {}", node.kind()))),
        }
    }

    /// The items of an argument. Text stands for a list with commas.
    fn items(
        &self,
        value: &Value,
        what: &str,
        path: &str,
    ) -> Result<Result<Vec<Node>, Why>, Invalid> {
        match self.value(value, path)? {
            Node::List(items) => Ok(Ok(items)),
            Node::Unknown(why) => Ok(Err(why)),
            Node::Text(text) => Ok(Ok(text
                .split(',')
                .map(|part| Node::Text(part.trim().to_owned()))
                .collect())),
            other => Err(wrong(
                path,
                &format!("{what} must be a list, not {}", other.kind()),
            )),
        }
    }

    fn join(&self, by: &Value, items: &Value, path: &str) -> Answer {
        let by = match self.text(by, "the first argument of Fn::Join", path)? {
            Ok(by) => by,
            Err(why) => return Ok(Node::Unknown(why)),
        };
        let items = match self.items(items, "the second argument of Fn::Join", path)? {
            Ok(items) => items,
            Err(why) => return Ok(Node::Unknown(why)),
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Node::Unknown(why) => return Ok(Node::Unknown(why)),
                other => texts.push(
                    other
                        .text()
                        .ok_or_else(|| wrong(path, "Fn::Join joins texts only"))?,
                ),
            }
        }
        self.long(texts.join(&by), path)
    }

    fn split(&self, by: &Value, text: &Value, path: &str) -> Answer {
        let by = match self.text(by, "the first argument of Fn::Split", path)? {
            Ok(by) if by.is_empty() => return Err(wrong(path, "Fn::Split splits by nothing")),
            Ok(by) => by,
            Err(why) => return Ok(Node::Unknown(why)),
        };
        Ok(
            match self.text(text, "the second argument of Fn::Split", path)? {
                Ok(text) => {
                    self.spend(text.len(), path)?;
                    Node::List(
                        text.split(&by)
                            .map(|part| Node::Text(part.to_owned()))
                            .collect(),
                    )
                }
                Err(why) => Node::Unknown(why),
            },
        )
    }

    fn select(&self, index: &Value, items: &Value, path: &str) -> Answer {
        let index = match self.text(index, "the first argument of Fn::Select", path)? {
            Ok(index) => index,
            Err(why) => return Ok(Node::Unknown(why)),
        };
        let items = match self.items(items, "the second argument of Fn::Select", path)? {
            Ok(items) => items,
            Err(why) => return Ok(Node::Unknown(why)),
        };
        index
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|index| items.get(index).cloned())
            .ok_or_else(|| {
                wrong(
                    path,
                    &format!(
                        "Fn::Select takes item {index} of a list with {}",
                        items.len()
                    ),
                )
            })
    }

    fn choose(&self, condition: &Value, yes: &Value, no: &Value, path: &str) -> Answer {
        let Value::String(name) = condition else {
            return Err(wrong(path, "Fn::If must name a condition"));
        };
        match self.condition(name, path)? {
            Truth::Yes => self.value(yes, path),
            Truth::No => self.value(no, path),
            Truth::Open(why) => {
                let (yes, no) = (self.value(yes, path)?, self.value(no, path)?);
                Ok(if yes == no { yes } else { Node::Unknown(why) })
            }
        }
    }

    fn find_in_map(&self, keys: [&Value; 3], options: Option<&Value>, path: &str) -> Answer {
        let default = options.and_then(|options| options.get("DefaultValue"));
        let mut at = "Mappings".to_owned();
        let mut here = self.mappings.cloned().map(Value::Object);
        for key in keys {
            let key = match self.text(key, "a key of Fn::FindInMap", path)? {
                Ok(key) => key,
                Err(why) => return Ok(Node::Unknown(why)),
            };
            at = format!("{at}.{key}");
            let inside = here.as_ref().and_then(|here| here.get(&key)).cloned();
            let Some(inside) = inside else {
                if let Some(default) = default {
                    return self.value(default, path);
                }
                let there: Vec<&String> = here
                    .as_ref()
                    .and_then(Value::as_object)
                    .into_iter()
                    .flat_map(Map::keys)
                    .collect();
                let has = match &there[..] {
                    [] => "the template has nothing there".to_owned(),
                    keys => format!(
                        "the template has {} there",
                        keys.iter()
                            .map(|key| key.as_str())
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                };
                return Err(Invalid::new(
                    at,
                    format!("is missing, and {path} takes it: {has}"),
                ));
            };
            here = Some(inside);
        }
        self.value(&here.unwrap_or_default(), path)
    }

    fn import_value(&self, argument: &Value, path: &str) -> Answer {
        let name = match self.text(argument, "the name of Fn::ImportValue", path)? {
            Ok(name) => name,
            Err(why) => return Ok(Node::Unknown(why)),
        };
        let parameter = format!("ImportValue.{name}");
        Ok(self.given(&parameter).unwrap_or_else(|| {
            Node::Unknown(Why::new(
                parameter,
                format!("is exported by another stack as {name}"),
            ))
        }))
    }

    fn sub(&self, template: &str, own: Option<&Map<String, Value>>, path: &str) -> Answer {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                return Err(wrong(path, "has a ${ without a }"));
            };
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str("${");
                out.push_str(literal);
                out.push('}');
            } else {
                let name = name.trim();
                let value = match own.and_then(|own| own.get(name)) {
                    Some(value) => self.value(value, path)?,
                    None if name.contains('.') => self.get_att(&Value::from(name), path)?,
                    None => self.named(name, path)?,
                };
                match value {
                    Node::Unknown(why) => return Ok(Node::Unknown(why)),
                    other => out.push_str(&other.text().ok_or_else(|| {
                        wrong(path, &format!("{name} is {}, not text", other.kind()))
                    })?),
                }
            }
            rest = after;
        }
        out.push_str(rest);
        let out = self.long(out, path)?;
        match out {
            Node::Text(text) => self.references(&text, path),
            other => Ok(other),
        }
    }

    fn long(&self, text: String, path: &str) -> Answer {
        self.spend(text.len(), path)?;
        Ok(Node::Text(text))
    }
}

pub(super) fn wrong(path: &str, rule: &str) -> Invalid {
    Invalid::new(path, rule)
}

fn no_function(name: &str, path: &str) -> Invalid {
    let known = WORKED_OUT.into_iter().chain(OF_A_DEPLOYMENT);
    let hint = like(name, known).map_or(String::new(), |right| format!(": did you mean {right}?"));
    wrong(path, &format!("holds {name}, which is no function{hint}"))
}
