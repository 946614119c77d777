//! Where the parts of a JSON text lie in it. The text is known to be JSON: it was parsed before.

use std::ops::Range;

/// The members of the object at `span`: each name with where its value lies.
pub(super) fn members(text: &str, span: &Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = skip_space(text, span.start + 1);
    while byte(text, at) == Some(b'"') {
        let end = end_of_value(text, at);
        let name = serde_json::from_str(text.get(at..end).unwrap_or_default()).unwrap_or_default();
        let colon = skip_space(text, end);
        let start = skip_space(text, colon + 1);
        let end = end_of_value(text, start);
        found.push((name, start..end));
        at = after_comma(text, end);
    }
    found
}

/// Where the items of the list at `span` lie.
pub(super) fn items(text: &str, span: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = skip_space(text, span.start + 1);
    while byte(text, at).is_some_and(|b| b != b']') {
        let end = end_of_value(text, at);
        found.push(at..end);
        at = after_comma(text, end);
    }
    found
}

/// Where the text's one value lies.
pub(super) fn whole(text: &str) -> Range<usize> {
    let start = skip_space(text, 0);
    start..end_of_value(text, start)
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

fn skip_space(text: &str, mut at: usize) -> usize {
    while matches!(byte(text, at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

fn after_comma(text: &str, end: usize) -> usize {
    let at = skip_space(text, end);
    match byte(text, at) {
        Some(b',') => skip_space(text, at + 1),
        _ => at,
    }
}

fn end_of_value(text: &str, start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match byte(text, at) {
            None => return at,
            Some(b'"') => at = end_of_text(text, at),
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
            }
            Some(b'}' | b']') => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            // A number, a word, or what stands between the parts of a value.
            Some(_) if depth > 0 => {
                at += 1;
                continue;
            }
            Some(_) => {
                while byte(text, at).is_some_and(|b| {
                    !matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r')
                }) {
                    at += 1;
                }
                return at;
            }
        }
        if depth == 0 {
            return at;
        }
    }
}

fn end_of_text(text: &str, start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match byte(text, at) {
            None => return at,
            Some(b'\\') => at += 2,
            Some(b'"') => return at + 1,
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_where_they_lie() {
        let text = r#" { "a\"}" : [ 1 , {"x":"]"}, "t,]" ,null] ,"b":-1.5e3, "c" :{} }"#;
        let members = members(text, &whole(text));
        let shown: Vec<(&str, &str)> = members
            .iter()
            .map(|(name, span)| (name.as_str(), &text[span.clone()]))
            .collect();
        assert_eq!(
            shown,
            [
                ("a\"}", r#"[ 1 , {"x":"]"}, "t,]" ,null]"#),
                ("b", "-1.5e3"),
                ("c", "{}")
            ]
        );
        let items: Vec<&str> = items(text, &members[0].1)
            .into_iter()
            .map(|span| &text[span])
            .collect();
        assert_eq!(items, ["1", r#"{"x":"]"}"#, r#""t,]""#, "null"]);
    }
}
