//! Query strings: how a page's state is written into its address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands for itself in a query string.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A query string under construction; empty values are left out, so that addresses stay short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// Adds a value, unless it is empty.
    pub fn push(&mut self, name: &str, value: &str) -> &mut Self {
        if !value.is_empty() {
            if !self.0.is_empty() {
                self.0.push('&');
            }
            self.0.push_str(&encode(name));
            self.0.push('=');
            self.0.push_str(&encode(value));
        }
        self
    }

    /// The text without a question mark.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path with this query string.
    pub fn on(&self, path: &str) -> String {
        if self.0.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", self.0)
        }
    }
}

/// The text as it stands in a query string or path segment.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}

/// The names and values of a query string, decoded, in their order. A leading `?` is ignored.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// The path with one query parameter.
pub fn link(path: &str, name: &str, value: &str) -> String {
    let mut query = Query::default();
    query.push(name, value);
    query.on(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_went() {
        let mut query = Query::default();
        query
            .push("meta.Größe", "a+b &=?%")
            .push("arn", "arn:aws:s3:::b");
        assert_eq!(
            pairs(&format!("?{}", query.as_str())),
            [
                ("meta.Größe".to_owned(), "a+b &=?%".to_owned()),
                ("arn".to_owned(), "arn:aws:s3:::b".to_owned())
            ]
        );
        assert_eq!(
            pairs("a+b=c+d&&x"),
            [
                ("a b".to_owned(), "c d".to_owned()),
                ("x".to_owned(), String::new())
            ]
        );
    }

    #[test]
    fn empty_values_are_left_out() {
        let mut query = Query::default();
        query.push("a", "").push("b", "x y&z=ü").push("c", "1");
        assert_eq!(query.on("/p"), "/p?b=x%20y%26z%3D%C3%BC&c=1");
        assert_eq!(Query::default().on("/p"), "/p");
    }
}
