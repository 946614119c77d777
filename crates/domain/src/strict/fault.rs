use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::nearest::{listed, nearest, shortened, unknown};
use crate::Invalid;

/// Why something could not be read, and where it stands.
#[derive(Debug)]
pub(super) struct Fault {
    /// From the innermost member outwards.
    path: Vec<Segment>,
    rule: String,
}

#[derive(Debug)]
enum Segment {
    Name(String),
    Place(usize),
}

impl Fault {
    pub(super) fn new(rule: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            rule: rule.into(),
        }
    }

    /// A member that nobody knows.
    pub(super) fn unknown_member(name: &str, known: &[&str]) -> Self {
        Self::new(unknown("", name, known).rule).in_member(name)
    }

    /// The same fault, seen from the object that holds the member.
    pub(super) fn in_member(mut self, name: &str) -> Self {
        self.path.push(Segment::Name(shortened(name)));
        self
    }

    /// The same fault, seen from the list that holds the item.
    pub(super) fn in_place(mut self, place: usize) -> Self {
        self.path.push(Segment::Place(place));
        self
    }

    /// The rule that a field breaks; `whole` names what was read where it is no field's fault.
    pub(super) fn into_invalid(self, whole: &str) -> Invalid {
        let mut field = String::new();
        for segment in self.path.iter().rev() {
            match segment {
                Segment::Name(name) => {
                    if !field.is_empty() {
                        field.push('.');
                    }
                    field.push_str(name);
                }
                Segment::Place(place) => {
                    field = format!("{field}[{place}]");
                }
            }
        }
        if field.is_empty() {
            whole.clone_into(&mut field);
        }
        Invalid::new(field, self.rule)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rule)
    }
}

impl std::error::Error for Fault {}

/// What serde expects, in words for people.
fn expected(exp: &dyn Expected) -> String {
    let text = exp.to_string();
    match text.as_str() {
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "u32" | "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" | "string" | "str" | "a borrowed string" => "text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "unit" => "null".to_owned(),
        text if text.starts_with("struct ") => "an object".to_owned(),
        text if text.starts_with("a sequence") || text.starts_with("tuple") => "a list".to_owned(),
        text if text.starts_with("variant") || text.contains("enum") => {
            "one of the words that are known here, or an object named by one".to_owned()
        }
        text => text.to_owned(),
    }
}

fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(_) => "true or false".to_owned(),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Float(number) => number.to_string(),
        Unexpected::Str(text) => format!("{:?}", shortened(text)),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        other => other.to_string(),
    }
}

impl Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, exp: &dyn Expected) -> Self {
        Self::new(format!(
            "must be {}, not {}",
            expected(exp),
            found(unexpected)
        ))
    }

    fn invalid_value(unexpected: Unexpected<'_>, exp: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, exp)
    }

    fn invalid_length(length: usize, exp: &dyn Expected) -> Self {
        Self::new(format!("must be {}, not of length {length}", expected(exp)))
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        let word = shortened(variant);
        Self::new(match nearest(variant, known) {
            Some(near) => format!("{word:?} is not known here; did you mean {near}?"),
            None => format!("{word:?} must be one of {}", listed(known)),
        })
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::unknown_member(field, known)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("must be given").in_member(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new("is there twice").in_member(field)
    }
}
