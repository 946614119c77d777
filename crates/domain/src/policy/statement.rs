use serde_json::{Map, Value};

/// What a statement does for whom it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
    /// Anything else; AWS takes no such statement.
    Other,
}

/// One principal, with the kind under which it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// `AWS`, `Service`, `Federated` or `CanonicalUser`.
    pub kind: String,
    /// ARN, account id, name of a service or `*`.
    pub id: String,
}

/// Whom a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// All but those listed (`NotPrincipal`).
    pub not: bool,
    /// Those listed.
    pub list: Vec<Principal>,
}

impl Who {
    /// Whether everyone is meant.
    pub fn is_everyone(&self) -> bool {
        !self.not
            && self
                .list
                .iter()
                .any(|one| one.id == "*" && one.kind == "AWS")
    }
}

/// Actions or resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// All but those listed (`NotAction`, `NotResource`).
    pub not: bool,
    /// Patterns.
    pub list: Vec<String>,
}

/// One condition: an operator, a key, and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

/// A statement as far as it can be understood. Its text stays in the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Its id, when it has one.
    pub sid: Option<String>,
    /// What it does.
    pub effect: Effect,
    /// Whom it is about; none where it names nobody.
    pub who: Option<Who>,
    /// What it is about.
    pub actions: Option<Listed>,
    /// On what.
    pub resources: Option<Listed>,
    pub(super) conditions: Vec<Condition>,
    /// Members that are none of a statement, or cannot be read.
    pub odd: Vec<String>,
    /// The whole of it.
    pub value: Value,
}

const KNOWN: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

impl Statement {
    /// Reads a statement. What cannot be understood is listed as odd, and nothing is lost.
    pub fn of(value: Value) -> Self {
        let empty = Map::new();
        let members = value.as_object().unwrap_or(&empty);
        let mut odd: Vec<String> = members
            .keys()
            .filter(|name| !KNOWN.contains(&name.as_str()))
            .cloned()
            .collect();
        let effect = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => {
                odd.push("Effect".to_owned());
                Effect::Other
            }
        };
        let who = pair(members, "Principal", "NotPrincipal", &mut odd, principals)
            .map(|(not, list)| Who { not, list });
        let actions = pair(members, "Action", "NotAction", &mut odd, texts)
            .map(|(not, list)| Listed { not, list });
        let resources = pair(members, "Resource", "NotResource", &mut odd, texts)
            .map(|(not, list)| Listed { not, list });
        let conditions = members.get("Condition").map_or_else(Vec::new, |block| {
            conditions(block).unwrap_or_else(|| {
                odd.push("Condition".to_owned());
                Vec::new()
            })
        });
        Self {
            sid: members
                .get("Sid")
                .and_then(Value::as_str)
                .filter(|sid| !sid.is_empty())
                .map(str::to_owned),
            effect,
            who,
            actions,
            resources,
            conditions,
            odd,
            value,
        }
    }

    /// How it is named to people: by its id, or by its place, counted from one.
    pub fn label(&self, index: usize) -> String {
        self.sid
            .clone()
            .unwrap_or_else(|| format!("statement {}", index + 1))
    }
}

/// What stands under one name or under its negation.
fn pair<T>(
    members: &Map<String, Value>,
    plain: &str,
    negated: &str,
    odd: &mut Vec<String>,
    read: impl Fn(&Value) -> Option<Vec<T>>,
) -> Option<(bool, Vec<T>)> {
    let (name, not) = match (members.get(plain), members.get(negated)) {
        (Some(_), Some(_)) => {
            odd.push(negated.to_owned());
            (plain, false)
        }
        (Some(_), None) => (plain, false),
        (None, Some(_)) => (negated, true),
        (None, None) => return None,
    };
    let list = members.get(name).and_then(read);
    if list.is_none() {
        odd.push(name.to_owned());
    }
    list.map(|list| (not, list))
}

/// A text, or a list of texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(list) => list
            .iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

fn principals(value: &Value) -> Option<Vec<Principal>> {
    let aws = |id: String| Principal {
        kind: "AWS".to_owned(),
        id,
    };
    match value {
        Value::String(one) => Some(vec![aws(one.clone())]),
        Value::Object(kinds) => {
            let mut all = Vec::new();
            for (kind, ids) in kinds {
                all.extend(texts(ids)?.into_iter().map(|id| Principal {
                    kind: kind.clone(),
                    id,
                }));
            }
            Some(all)
        }
        _ => None,
    }
}

fn conditions(block: &Value) -> Option<Vec<Condition>> {
    let mut all = Vec::new();
    for (operator, keys) in block.as_object()? {
        for (key, values) in keys.as_object()? {
            let values = match values {
                Value::Array(list) => list.iter().map(scalar).collect::<Option<Vec<String>>>()?,
                one => vec![scalar(one)?],
            };
            all.push(Condition {
                operator: operator.clone(),
                key: key.clone(),
                values,
            });
        }
    }
    Some(all)
}

/// Conditions may hold numbers and truth values as such.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
