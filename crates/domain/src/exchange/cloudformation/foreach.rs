use serde_json::{Map, Value};

use super::{evaluate::Evaluator, functions::wrong};
use crate::{Invalid, exchange::node::Node, plan::Finding};

const LOOP: &str = "Fn::ForEach::";

impl Evaluator<'_> {
    /// The resources with every `Fn::ForEach` written out. A loop over what is not known is left out, and
    /// told.
    pub(super) fn looped(
        &self,
        resources: &Map<String, Value>,
        notes: &mut Vec<Finding>,
    ) -> Result<Map<String, Value>, Invalid> {
        match self.written_out(&Value::Object(resources.clone()), "Resources", notes)? {
            Value::Object(resources) => Ok(resources),
            _ => Ok(Map::new()),
        }
    }

    fn written_out(
        &self,
        value: &Value,
        path: &str,
        notes: &mut Vec<Finding>,
    ) -> Result<Value, Invalid> {
        self.spend(1, path)?;
        match value {
            Value::Object(members) => {
                let mut out = Map::new();
                for (name, value) in members {
                    let inside = format!("{path}.{name}");
                    if name.starts_with(LOOP) {
                        self.run(value, &inside, &mut out, notes)?;
                    } else {
                        out.insert(name.clone(), self.written_out(value, &inside, notes)?);
                    }
                }
                Ok(Value::Object(out))
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.written_out(item, &format!("{path}[{index}]"), notes))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::Array),
            other => Ok(other.clone()),
        }
    }

    fn run(
        &self,
        value: &Value,
        path: &str,
        out: &mut Map<String, Value>,
        notes: &mut Vec<Finding>,
    ) -> Result<(), Invalid> {
        let Some([Value::String(id), collection, Value::Object(body)]) =
            value.as_array().map(Vec::as_slice)
        else {
            return Err(wrong(
                path,
                "must be a list of a name, a list of values, and an object",
            ));
        };
        let items = match self.value(collection, path)? {
            Node::List(items) => items,
            Node::Unknown(why) => {
                let given = why.parameter.map_or(String::new(), |name| {
                    format!("Give --parameter {name}=VALUE,VALUE.")
                });
                notes.push(Finding::warning(
                    path,
                    format!("is left out: what it loops over {}", why.because),
                    given,
                ));
                return Ok(());
            }
            other => {
                return Err(wrong(
                    path,
                    &format!("must loop over a list, not {}", other.kind()),
                ));
            }
        };
        let size = body.values().map(size).sum::<usize>();
        for item in items {
            self.spend(size, path)?;
            let Some(text) = item.text() else {
                return Err(wrong(path, "must loop over texts"));
            };
            for (name, value) in body {
                let name = replaced(name, id, &text);
                let value = with(value, id, &text);
                self.spend(text.len(), path)?;
                if name.starts_with(LOOP) {
                    self.run(&value, path, out, notes)?;
                } else {
                    let value = self.written_out(&value, path, notes)?;
                    out.insert(name, value);
                }
            }
        }
        Ok(())
    }
}

/// The value with the loop's name replaced by one of its values.
fn with(value: &Value, id: &str, text: &str) -> Value {
    match value {
        Value::Object(members) => {
            let own = members.len() == 1 && members.get("Ref").and_then(Value::as_str) == Some(id);
            if own {
                return Value::from(text);
            }
            Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (replaced(name, id, text), with(value, id, text)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(|item| with(item, id, text)).collect(),
        Value::String(own) => Value::from(replaced(own, id, text)),
        other => other.clone(),
    }
}

/// How many values there are in a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// `&{Name}` leaves out what a logical id may not hold.
fn replaced(text: &str, id: &str, value: &str) -> String {
    let bare: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    text.replace(&format!("${{{id}}}"), value)
        .replace(&format!("&{{{id}}}"), &bare)
}
