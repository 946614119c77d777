use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;
use tidemark_domain::Invalid;

/// Reads YAML. `!Ref x` becomes `{"Ref": "x"}`, `!Sub` and the others `{"Fn::Sub": …}`.
pub(super) fn parse(text: &str) -> Result<Value, Invalid> {
    let yaml: Yaml = serde_yaml_ng::from_str(text)
        .map_err(|error| Invalid::new("file", format!("is no YAML: {error}")))?;
    if yaml.is_null() {
        return Err(Invalid::new("file", "is empty"));
    }
    json(yaml)
}

fn json(yaml: Yaml) -> Result<Value, Invalid> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::from(flag),
        Yaml::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), _, _) => Value::from(number),
            (_, Some(number), _) => Value::from(number),
            (_, _, number) => number.map_or(Value::Null, Value::from),
        },
        Yaml::String(text) => Value::from(text),
        Yaml::Sequence(items) => {
            Value::Array(items.into_iter().map(json).collect::<Result<_, _>>()?)
        }
        Yaml::Mapping(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                object.insert(name(key)?, json(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let short = tag.trim_start_matches('!');
            let long = match short {
                "Ref" | "Condition" => short.to_owned(),
                other => format!("Fn::{other}"),
            };
            Value::Object(Map::from_iter([(long, json(tagged.value)?)]))
        }
    })
}

/// Keys are text in `CloudFormation`; numbers and flags are taken as they are written.
fn name(key: Yaml) -> Result<String, Invalid> {
    match key {
        Yaml::String(text) => Ok(text),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(flag) => Ok(flag.to_string()),
        _ => Err(Invalid::new("file", "may have text as keys only")),
    }
}
