use std::ops::Range;

use serde_json::Value;

use super::{Document, document::Placed, remove::without};
use crate::Invalid;

/// The policy with these statements in it, each once, by its `Sid`: in place of what stands there under
/// the same id, else at the end. Every other statement keeps every byte. The text is the same where
/// they are all in there already. Refused above `limit` bytes.
pub fn merge(document: &Document, ours: &[Value], limit: usize) -> Result<String, Invalid> {
    let mut now = document.clone();
    for statement in ours {
        let Some(sid) = statement["Sid"].as_str() else {
            return Err(Invalid::new(
                "statement",
                "must have a Sid to be found again",
            ));
        };
        let places: Vec<usize> = (0..now.placed.len())
            .filter(|index| now.placed[*index].statement.sid.as_deref() == Some(sid))
            .collect();
        let (first, more) = match places.split_first() {
            None => {
                now = Document::read(&added(&now, statement))?;
                continue;
            }
            Some((first, more)) => (*first, more),
        };
        // Later ones first, so that the places of the earlier ones stay right.
        for index in more.iter().rev() {
            now = without(&now, *index)?.ok_or_else(|| Invalid::new("policy", "became empty"))?;
        }
        if now.placed[first].statement.value != *statement {
            let span = now.placed[first].span.clone();
            let text = spliced(now.text(), &span, &written(&now, statement));
            now = Document::read(&text)?;
        }
    }
    if now.text().len() > limit && now.text() != document.text() {
        return Err(Invalid::new(
            "policy",
            format!(
                "would have {} bytes, and AWS takes {limit}; shorten or remove statements that are no longer needed",
                now.text().len()
            ),
        ));
    }
    Ok(now.text().to_owned())
}

pub(super) fn spliced(text: &str, span: &Range<usize>, new: &str) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    format!("{before}{new}{after}")
}

/// The text with a statement more, at the end.
fn added(document: &Document, statement: &Value) -> String {
    let text = document.text();
    let new = written(document, statement);
    if document.alone {
        let list = text.get(document.list.clone()).unwrap_or_default();
        let space = space_before(document);
        return spliced(text, &document.list, &format!("[{list},{space}{new}]"));
    }
    match document.placed.last() {
        Some(Placed { span, .. }) => {
            let space = space_before(document);
            spliced(text, &(span.end..span.end), &format!(",{space}{new}"))
        }
        None => spliced(text, &document.list, &format!("[{new}]")),
    }
}

/// The white space before the last statement: what is added is set apart likewise.
fn space_before(document: &Document) -> &str {
    let start = document.placed.last().map_or(0, |last| last.span.start);
    let before = document.text().get(..start).unwrap_or_default();
    let end = before.trim_end_matches([' ', '\t', '\n', '\r']).len();
    if document.alone {
        // What stands before the only one stands after a colon.
        return "";
    }
    before.get(end..).unwrap_or_default()
}

/// A statement as it is written: over lines where the policy is.
fn written(document: &Document, statement: &Value) -> String {
    let space = space_before(document);
    let Some((_, indent)) = space.rsplit_once('\n') else {
        return statement.to_string();
    };
    format!("{statement:#}").replace('\n', &format!("\n{indent}"))
}
