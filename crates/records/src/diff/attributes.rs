use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::wire::{Attribute, Attributes, Item, value_end};

/// Changes listed of one record; what goes beyond is one change of the whole map or list.
pub const MAX_CHANGES: usize = 1_000;

/// One attribute that differs between two states of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeChange {
    /// Where, for example `address.city` or `lines[2].price`.
    pub path: String,
    /// The value before with its type, for example `{"S":"a"}`; none where it was not there.
    pub before: Option<String>,
    /// The value after; none where it is not there.
    pub after: Option<String>,
}

/// What differs between two states of a record, by attribute; inside of maps and lists, too. The
/// members of sets have no order.
pub fn diff_items(before: Option<&Item>, after: Option<&Item>) -> Vec<AttributeChange> {
    let mut changes = Vec::new();
    let before = before.map(Item::canonical);
    let after = after.map(Item::canonical);
    let text = |item: &Option<std::borrow::Cow<'_, [u8]>>| {
        item.as_deref().map_or_else(
            || "{}".to_owned(),
            |text| String::from_utf8_lossy(text).into_owned(),
        )
    };
    maps(&text(&before), &text(&after), "", &mut changes);
    changes
}

fn maps(before: &str, after: &str, path: &str, changes: &mut Vec<AttributeChange>) {
    let olds: BTreeMap<&str, Attribute<'_>> =
        Attributes::new(before).map(|a| (a.raw_name, a)).collect();
    let news: BTreeMap<&str, Attribute<'_>> =
        Attributes::new(after).map(|a| (a.raw_name, a)).collect();
    let mut names: Vec<&str> = olds.keys().chain(news.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (old, new) = (olds.get(name), news.get(name));
        let shown = old.or(new).map(Attribute::name).unwrap_or_default();
        let path = if path.is_empty() {
            shown.into_owned()
        } else {
            format!("{path}.{shown}")
        };
        values(old.copied(), new.copied(), path, changes);
    }
}

fn values(
    old: Option<Attribute<'_>>,
    new: Option<Attribute<'_>>,
    path: String,
    changes: &mut Vec<AttributeChange>,
) {
    if old.map(|a| a.value) == new.map(|a| a.value) {
        return;
    }
    if let (Some(old), Some(new)) = (&old, &new)
        && changes.len() < MAX_CHANGES
    {
        match (old.tag(), new.tag()) {
            ("M", "M") => return maps(old.payload(), new.payload(), &path, changes),
            ("L", "L") => return lists(old.payload(), new.payload(), &path, changes),
            _ => {}
        }
    }
    changes.push(AttributeChange {
        path,
        before: old.map(|attribute| attribute.value.to_owned()),
        after: new.map(|attribute| attribute.value.to_owned()),
    });
}

fn lists(before: &str, after: &str, path: &str, changes: &mut Vec<AttributeChange>) {
    let (olds, news) = (elements(before), elements(after));
    for place in 0..olds.len().max(news.len()) {
        let (old, new) = (olds.get(place), news.get(place));
        values(
            old.copied().map(nameless),
            new.copied().map(nameless),
            format!("{path}[{place}]"),
            changes,
        );
    }
}

fn nameless(value: &str) -> Attribute<'_> {
    Attribute {
        raw_name: "",
        value,
    }
}

/// The elements of a list's text in normal form.
fn elements(list: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let mut at = 1;
    while at < list.len() && list.as_bytes()[at] != b']' {
        let end = value_end(list.as_bytes(), at);
        elements.extend(list.get(at..end));
        at = end + 1;
    }
    elements
}
