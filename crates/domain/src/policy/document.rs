use std::ops::Range;

use serde_json::Value;

use super::{
    Statement,
    spans::{items, members, whole},
};
use crate::Invalid;

/// Bytes that a bucket policy may have (`PutBucketPolicy`).
pub const BUCKET_POLICY_LIMIT: usize = 20 * 1024;

/// A policy's text with what was understood of it. Whatever is done to it, what is not touched keeps
/// every byte: `Id`, an old `Version`, unknown members, white space and the order of things.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    text: String,
    /// Where the value of `Statement` lies.
    pub(super) list: Range<usize>,
    /// It is one statement without a list.
    pub(super) alone: bool,
    pub(super) placed: Vec<Placed>,
}

/// A statement, and where its text lies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) statement: Statement,
    pub(super) span: Range<usize>,
}

impl Document {
    /// Reads a policy; refused where it cannot be told what belongs to it.
    pub fn read(text: &str) -> Result<Self, Invalid> {
        let unreadable = |rule: String| Invalid::new("policy", rule);
        let value: Value = serde_json::from_str(text)
            .map_err(|error| unreadable(format!("must be JSON: {error}")))?;
        if !value.is_object() {
            return Err(unreadable("must be a JSON object".to_owned()));
        }
        let mut lists = members(text, &whole(text))
            .into_iter()
            .filter(|(name, _)| name == "Statement")
            .map(|(_, span)| span);
        let (Some(list), None) = (lists.next(), lists.next()) else {
            return Err(unreadable("must have Statement exactly once".to_owned()));
        };
        let (alone, spans) = match &value["Statement"] {
            Value::Object(_) => (true, vec![list.clone()]),
            Value::Array(_) => (false, items(text, &list)),
            _ => {
                return Err(unreadable(
                    "must have a statement or a list of statements under Statement".to_owned(),
                ));
            }
        };
        let placed = spans
            .into_iter()
            .map(|span| {
                let value: Value = serde_json::from_str(text.get(span.clone()).unwrap_or_default())
                    .map_err(|error| unreadable(format!("must be JSON: {error}")))?;
                if !value.is_object() {
                    return Err(unreadable("must hold objects as statements".to_owned()));
                }
                Ok(Placed {
                    statement: Statement::of(value),
                    span,
                })
            })
            .collect::<Result<_, Invalid>>()?;
        Ok(Self {
            text: text.to_owned(),
            list,
            alone,
            placed,
        })
    }

    /// Reads what a resource has; a resource without a policy has one that says nothing.
    pub fn of(text: Option<&str>) -> Result<Self, Invalid> {
        text.map_or_else(|| Ok(Self::empty()), Self::read)
    }

    /// A policy that says nothing yet.
    pub fn empty() -> Self {
        let text = r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned();
        let end = text.len() - 1;
        Self {
            list: end - 2..end,
            alone: false,
            placed: Vec::new(),
            text,
        }
    }

    /// The text, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its statements, in their order.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = &Statement> {
        self.placed.iter().map(|placed| &placed.statement)
    }

    /// The text of a statement, byte for byte.
    pub fn statement_text(&self, index: usize) -> Option<&str> {
        let placed = self.placed.get(index)?;
        self.text.get(placed.span.clone())
    }

    /// The value of `Version`, when it has one.
    pub fn version(&self) -> Option<String> {
        let value: Value = serde_json::from_str(&self.text).ok()?;
        value["Version"].as_str().map(str::to_owned)
    }
}
