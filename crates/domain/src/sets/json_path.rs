use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Invalid;

/// Where a value stands in a JSON answer: `state`, `writes.open` or `$.nodes[0].state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct JsonPath {
    text: String,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Name(String),
    Place(usize),
}

impl JsonPath {
    /// The value at the path; none when there is none.
    pub fn find<'a>(&self, answer: &'a Value) -> Option<&'a Value> {
        self.words
            .iter()
            .try_fold(answer, |value, word| match word {
                Word::Name(name) => value.get(name),
                Word::Place(place) => value.get(place),
            })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for JsonPath {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let rule = || {
            Invalid::new(
                "path",
                "must be a path such as state, writes.open or $.nodes[0].state",
            )
        };
        let inner = text
            .strip_prefix("$.")
            .or_else(|| text.strip_prefix('$'))
            .unwrap_or(text);
        let mut words = Vec::new();
        if text.len() > 200 || inner.is_empty() {
            return Err(rule());
        }
        for part in inner.split('.') {
            let (name, places) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.chars().any(|c| c.is_control() || c == ']')
                || (name.is_empty() && !words.is_empty())
            {
                return Err(rule());
            }
            if !name.is_empty() {
                words.push(Word::Name(name.to_owned()));
            }
            if name.is_empty() && places.is_empty() {
                return Err(rule());
            }
            if !places.is_empty() {
                let places = places
                    .strip_prefix('[')
                    .and_then(|p| p.strip_suffix(']'))
                    .ok_or_else(rule)?;
                for place in places.split("][") {
                    words.push(Word::Place(place.parse().map_err(|_| rule())?));
                }
            }
        }
        Ok(Self {
            text: text.to_owned(),
            words,
        })
    }
}

impl TryFrom<String> for JsonPath {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<JsonPath> for String {
    fn from(path: JsonPath) -> Self {
        path.text
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_finds_its_value() {
        let answer = json!({"state": "paused", "nodes": [{"open": 0}, {"open": 3}]});
        let find = |path: &str| path.parse::<JsonPath>().unwrap().find(&answer).cloned();
        assert_eq!(find("state"), Some(json!("paused")));
        assert_eq!(find("$.nodes[1].open"), Some(json!(3)));
        assert_eq!(find("$.nodes[2].open"), None);
        assert_eq!(find("nodes.open"), None);
        for path in ["", "$", "a..b", "a[x]", "a[0", "a]", "$."] {
            assert!(path.parse::<JsonPath>().is_err(), "{path}");
        }
    }
}
