//! YAML and JSON as a tree that knows its lines.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Number, Value};

use super::ManifestFault;

/// How deep lists and objects may lie in one another.
const DEEPEST: usize = 16;

/// A value and the line on which it begins.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) line: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalar(Value),
    List(Vec<Tree>),
    /// Name, the name's line, value.
    Map(Vec<(String, usize, Tree)>),
}

impl Tree {
    /// Reads a document. Aliases, tags and members that are there twice are refused.
    pub(super) fn read(text: &str) -> Result<Self, ManifestFault> {
        let trimmed = text.trim_start_matches('\u{feff}').trim_start();
        if trimmed.is_empty() {
            return Err(ManifestFault::new(None, "", "the file is empty"));
        }
        if trimmed.starts_with(['{', '[']) {
            if let Err(error) =
                serde_json::from_str::<serde::de::IgnoredAny>(text.trim_start_matches('\u{feff}'))
            {
                let rule = format!("could not be read as JSON: {error}");
                return Err(ManifestFault::new(Some(error.line()), "", rule));
            }
            return Builder::new(&as_yaml(text)).document();
        }
        Builder::new(text).document()
    }

    /// The value without its lines.
    pub(super) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => items.iter().map(Self::value).collect(),
            Kind::Map(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, _, value)| (name.clone(), value.value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// The line on which the member of this path begins, or that of what holds it, as far as the path leads.
    pub(super) fn line_of(&self, path: &str) -> usize {
        let mut here = (self, self.line);
        for word in path.split('.') {
            let (name, places) = word.split_once('[').unwrap_or((word, ""));
            if !name.is_empty() {
                let Kind::Map(members) = &here.0.kind else {
                    return here.1;
                };
                let Some((_, line, value)) = members.iter().find(|(known, ..)| known == name)
                else {
                    return here.1;
                };
                here = (value, *line);
            }
            for place in places.split('[').filter(|place| !place.is_empty()) {
                let place = place.trim_end_matches(']').parse::<usize>();
                let (Kind::List(items), Ok(place)) = (&here.0.kind, place) else {
                    return here.1;
                };
                let Some(item) = items.get(place) else {
                    return here.1;
                };
                here = (item, item.line);
            }
        }
        here.1
    }
}

/// JSON as YAML has it: no tabs between the values, and characters beyond the first plane not as two escapes. It has been
/// found to be JSON, so that a tab stands between values only.
fn as_yaml(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let mut yaml = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\t']) {
        yaml.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\t') {
            yaml.push(' ');
            rest = after;
        } else if let Some((pair, after)) = surrogates(rest) {
            yaml.push(pair);
            rest = after;
        } else {
            let end = rest
                .char_indices()
                .nth(2)
                .map_or(rest.len(), |(end, _)| end);
            yaml.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    yaml.push_str(rest);
    yaml
}

/// The character of two escapes `\ud83d\ude00`, and what follows them.
fn surrogates(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| u16::from_str_radix(text.get(..4)?, 16).ok();
    let first = text.strip_prefix("\\u")?;
    let second = first.get(4..)?.strip_prefix("\\u")?;
    let units = [unit(first)?, unit(second)?];
    let pair = char::decode_utf16(units).next()?.ok()?;
    (units[0] >= 0xd800 && units[0] < 0xdc00).then_some((pair, second.get(4..)?))
}

struct Builder<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            events: Parser::new_from_str(text),
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, usize), ManifestFault> {
        match self.events.next_event() {
            Some(Ok((event, span))) => Ok((event, line(span))),
            Some(Err(error)) => Err(unreadable(&error)),
            None => Ok((Event::StreamEnd, 0)),
        }
    }

    fn document(mut self) -> Result<Tree, ManifestFault> {
        let tree = loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => {
                    return Err(ManifestFault::new(None, "", "the file is empty"));
                }
                (event, line) => break self.value(event, line, 0)?,
            }
        };
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(tree),
                (Event::DocumentStart(_), line) => {
                    let rule = "a second document begins here; a manifest is one document";
                    return Err(ManifestFault::new(Some(line), "", rule));
                }
                _ => {}
            }
        }
    }

    fn value(
        &mut self,
        event: Event<'a>,
        line: usize,
        depth: usize,
    ) -> Result<Tree, ManifestFault> {
        let fault = |rule: &str| Err(ManifestFault::new(Some(line), "", rule));
        if depth > DEEPEST {
            return fault("lists and objects lie more than 16 deep in one another");
        }
        let tag = match &event {
            Event::Scalar(.., tag) | Event::SequenceStart(_, tag) | Event::MappingStart(_, tag) => {
                tag.as_deref().filter(|tag| !is_plain(tag))
            }
            _ => None,
        };
        if tag.is_some() {
            return fault("tags such as !Ref are not known here; write the value itself");
        }
        let kind = match event {
            Event::Alias(_) => {
                return fault("aliases (*name) are not accepted: write the value out");
            }
            Event::Scalar(text, style, anchor, _) => {
                refuse_anchor(anchor, line)?;
                Kind::Scalar(scalar(&text, style))
            }
            Event::SequenceStart(anchor, _) => {
                refuse_anchor(anchor, line)?;
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break Kind::List(items),
                        (event, line) => items.push(self.value(event, line, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(anchor, _) => {
                refuse_anchor(anchor, line)?;
                self.members(depth)?
            }
            _ => return fault("a value is missing here"),
        };
        Ok(Tree { line, kind })
    }

    fn members(&mut self, depth: usize) -> Result<Kind, ManifestFault> {
        let mut names = HashSet::new();
        let mut members = Vec::new();
        loop {
            let (name, at) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Kind::Map(members)),
                (Event::Scalar(name, _, 0, None), at) if name.len() <= 200 => {
                    (name.into_owned(), at)
                }
                (Event::Alias(_), at) => {
                    let rule = "aliases (*name) are not accepted: write the value out";
                    return Err(ManifestFault::new(Some(at), "", rule));
                }
                (_, at) => {
                    let rule = "the name of a member must be a short text";
                    return Err(ManifestFault::new(Some(at), "", rule));
                }
            };
            if !names.insert(name.clone()) {
                let rule = format!("the member {name} is there twice");
                return Err(ManifestFault::new(Some(at), "", rule));
            }
            let (event, line) = self.next()?;
            members.push((name, at, self.value(event, line, depth + 1)?));
        }
    }
}

fn line(span: Span) -> usize {
    span.start.line().max(1)
}

fn unreadable(error: &ScanError) -> ManifestFault {
    let rule = format!("could not be read as YAML: {}", error.info());
    ManifestFault::new(Some(error.marker().line().max(1)), "", rule)
}

fn refuse_anchor(anchor: usize, line: usize) -> Result<(), ManifestFault> {
    if anchor == 0 {
        return Ok(());
    }
    let rule = "anchors (&name) are not accepted, since aliases are not: write the value out";
    Err(ManifestFault::new(Some(line), "", rule))
}

/// The non-specific tag, which says nothing.
fn is_plain(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

/// A scalar by YAML 1.2's core schema: only what is not quoted can be anything but text.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        text => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

/// A number as JSON writes it; what begins with a zero, as account ids may, stays text.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let begins_well = digits.starts_with(|c: char| c.is_ascii_digit());
    let zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if !begins_well || zero {
        return None;
    }
    serde_json::from_str(text).ok()
}
