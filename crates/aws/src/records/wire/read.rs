use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::Blob;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

/// The attributes of an item's or key's text; an error in words where it is not in wire form.
pub(in crate::records) fn read_item(
    text: &[u8],
) -> Result<HashMap<String, AttributeValue>, String> {
    let map: Map<String, Value> =
        serde_json::from_slice(text).map_err(|error| error.to_string())?;
    attributes(map)
}

fn attributes(map: Map<String, Value>) -> Result<HashMap<String, AttributeValue>, String> {
    map.into_iter()
        .map(|(name, inner)| {
            let value = value(inner).map_err(|what| format!("{name}: {what}"))?;
            Ok((name, value))
        })
        .collect()
}

fn value(json: Value) -> Result<AttributeValue, String> {
    let Value::Object(object) = json else {
        return Err("no value with its type".to_owned());
    };
    let mut members = object.into_iter();
    let (Some((tag, inner)), None) = (members.next(), members.next()) else {
        return Err("a value must have exactly one type".to_owned());
    };
    Ok(match (tag.as_str(), inner) {
        ("S", Value::String(text)) => AttributeValue::S(text),
        ("N", Value::String(text)) => AttributeValue::N(text),
        ("B", Value::String(text)) => AttributeValue::B(binary(&text)?),
        ("BOOL", Value::Bool(flag)) => AttributeValue::Bool(flag),
        ("NULL", Value::Bool(flag)) => AttributeValue::Null(flag),
        ("SS", Value::Array(members)) => AttributeValue::Ss(texts(members)?),
        ("NS", Value::Array(members)) => AttributeValue::Ns(texts(members)?),
        ("BS", Value::Array(members)) => AttributeValue::Bs(
            texts(members)?
                .iter()
                .map(|text| binary(text))
                .collect::<Result<_, _>>()?,
        ),
        ("L", Value::Array(members)) => {
            AttributeValue::L(members.into_iter().map(value).collect::<Result<_, _>>()?)
        }
        ("M", Value::Object(map)) => AttributeValue::M(attributes(map)?),
        (other, _) => return Err(format!("no value of type {other}")),
    })
}

fn texts(members: Vec<Value>) -> Result<Vec<String>, String> {
    members
        .into_iter()
        .map(|member| match member {
            Value::String(text) => Ok(text),
            _ => Err("the members of a set must be text".to_owned()),
        })
        .collect()
}

fn binary(text: &str) -> Result<Blob, String> {
    STANDARD
        .decode(text)
        .map(Blob::new)
        .map_err(|error| format!("not base64: {error}"))
}
