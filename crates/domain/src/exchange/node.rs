use serde_json::{Map, Number, Value};

/// A value that may be known in part: the tree that a reader makes of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Nothing: `null`, or `AWS::NoValue`.
    Nothing,
    Flag(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// Only a deployment knows it.
    Unknown(Why),
}

/// Why a value is not known, and how it can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) parameter: Option<String>,
    pub(super) because: String,
}

impl Why {
    pub(super) fn new(parameter: impl Into<String>, because: impl Into<String>) -> Self {
        Self {
            parameter: Some(parameter.into()),
            because: because.into(),
        }
    }
}

impl Node {
    /// A value of which everything is known.
    pub(super) fn known(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => Self::Number(number.clone()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::known).collect()),
            Value::Object(members) => Self::Map(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), Self::known(value)))
                    .collect(),
            ),
        }
    }

    /// The text of a text, a number or a flag, as `CloudFormation` joins and compares them.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Flag(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// The first unknown value in it.
    pub(super) fn why(&self) -> Option<&Why> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::List(items) => items.iter().find_map(Self::why),
            Self::Map(members) => members.iter().find_map(|(_, value)| value.why()),
            _ => None,
        }
    }

    /// The value as JSON; what is not known is null.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Nothing | Self::Unknown(_) => Value::Null,
            Self::Flag(flag) => Value::from(*flag),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::from(text.clone()),
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Map(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), value.json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// What it is, for an error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
            Self::Unknown(_) => "not known",
        }
    }
}
