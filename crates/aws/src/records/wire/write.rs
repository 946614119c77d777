use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use tidemark_records::wire::escape_into;

use super::shape::{Shape, WireValue};

/// The text of an item or key, attributes sorted by name; an error in words where it holds a type
/// that is not known.
pub(in crate::records) fn item_text<V: WireValue>(
    item: &HashMap<String, V>,
) -> Result<Bytes, String> {
    let mut text = Vec::with_capacity(256);
    map(&mut text, item)?;
    Ok(text.into())
}

fn map<V: WireValue>(text: &mut Vec<u8>, map: &HashMap<String, V>) -> Result<(), String> {
    let mut names: Vec<&String> = map.keys().collect();
    names.sort_unstable();
    text.push(b'{');
    for (place, name) in names.into_iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        string(text, name);
        text.push(b':');
        if let Some(inner) = map.get(name) {
            value(text, inner).map_err(|what| format!("{name}: {what}"))?;
        }
    }
    text.push(b'}');
    Ok(())
}

fn value<V: WireValue>(text: &mut Vec<u8>, value: &V) -> Result<(), String> {
    let shape = value
        .shape()
        .ok_or("a type of attribute that this release does not know")?;
    match shape {
        Shape::Text(tag, inner) => tagged(text, tag, |text| string(text, inner)),
        Shape::Binary(bytes) => tagged(text, "B", |text| binary(text, bytes)),
        Shape::Flag(tag, flag) => tagged(text, tag, |text| {
            text.extend_from_slice(if flag { b"true" } else { b"false" });
        }),
        Shape::Texts(tag, inner) => tagged(text, tag, |text| {
            list(text, inner, |text, member| {
                string(text, member);
                Ok(())
            })
        })?,
        Shape::Binaries(inner) => tagged(text, "BS", |text| {
            list(text, inner, |text, member| {
                binary(text, member.as_ref());
                Ok(())
            })
        })?,
        Shape::List(inner) => tagged(text, "L", |text| list(text, inner, self::value))?,
        Shape::Map(inner) => tagged(text, "M", |text| map(text, inner))?,
    }
    Ok(())
}

fn tagged<T>(text: &mut Vec<u8>, tag: &str, inside: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    text.extend_from_slice(b"{\"");
    text.extend_from_slice(tag.as_bytes());
    text.extend_from_slice(b"\":");
    let result = inside(text);
    text.push(b'}');
    result
}

fn list<T>(
    text: &mut Vec<u8>,
    members: &[T],
    write: impl Fn(&mut Vec<u8>, &T) -> Result<(), String>,
) -> Result<(), String> {
    text.push(b'[');
    for (place, member) in members.iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        write(text, member)?;
    }
    text.push(b']');
    Ok(())
}

fn string(text: &mut Vec<u8>, inner: &str) {
    text.push(b'"');
    escape_into(text, inner);
    text.push(b'"');
}

fn binary(text: &mut Vec<u8>, bytes: &[u8]) {
    text.push(b'"');
    text.extend_from_slice(STANDARD.encode(bytes).as_bytes());
    text.push(b'"');
}
