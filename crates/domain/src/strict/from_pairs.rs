use serde::de::DeserializeOwned;

use super::{fault::Fault, nearest::shortened, node::Node, reader::Reader, unknown};
use crate::Invalid;

/// Reads the names and values of a query string that came from outside. `name[]` and `name[0]` are
/// items of a list.
pub fn from_pairs<T: DeserializeOwned>(
    whole: &str,
    pairs: &[(String, String)],
) -> Result<T, Invalid> {
    from_form(whole, pairs, &[])
}

/// Reads a form that came from outside, which may carry fields beside what the type knows.
pub fn from_form<T: DeserializeOwned>(
    whole: &str,
    pairs: &[(String, String)],
    beside: &'static [&'static str],
) -> Result<T, Invalid> {
    let mut members: Vec<(String, Node)> = Vec::new();
    for (name, value) in pairs {
        let word = Node::Word(value.clone());
        let (name, is_item) = list_name(name);
        let there = members.iter_mut().find(|(there, _)| there == name);
        match there {
            Some((_, Node::List(items))) if is_item => items.push(word),
            Some(_) => {
                let name = shortened(name);
                return Err(Fault::new("is there twice")
                    .in_member(&name)
                    .into_invalid(whole));
            }
            None if is_item => members.push((name.to_owned(), Node::List(vec![word]))),
            None => members.push((name.to_owned(), word)),
        }
    }
    let node = Node::Object(members);
    T::deserialize(Reader::beside(&node, beside)).map_err(|fault| fault.into_invalid(whole))
}

/// The name of a list whose item this is, or the name itself.
fn list_name(name: &str) -> (&str, bool) {
    let item = name
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once('['))
        .filter(|(list, place)| !list.is_empty() && place.bytes().all(|b| b.is_ascii_digit()));
    item.map_or((name, false), |(list, _)| (list, true))
}

/// Refuses a name that is not one of these.
pub fn known_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
    known: &[&str],
) -> Result<(), Invalid> {
    for name in names {
        if !known.contains(&name) {
            return Err(unknown(name, name, known));
        }
    }
    Ok(())
}
