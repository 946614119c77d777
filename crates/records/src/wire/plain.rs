use std::fmt::Write as _;

use super::{Attribute, Attributes, value_end};

/// A value as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// Its text: strings in quotes, numbers bare, binary as `B"…"`, sets as `SS["a","b"]`.
    pub text: String,
    /// Nothing was left out.
    pub whole: bool,
}

/// Writes a value with its type (`{"S":"a"}`, in normal form) without the types that its form tells
/// already, up to about `limit` bytes. What could change how other text is shown (control
/// characters, marks of direction) is escaped.
pub fn plain(value: &str, limit: usize) -> Plain {
    let mut writer = Writer {
        out: String::new(),
        limit,
        whole: true,
    };
    writer.value(Attribute {
        raw_name: "",
        value,
    });
    writer.finish()
}

/// The same for a whole record: `{id: "a", n: 1}`.
pub fn plain_item(item: &str, limit: usize) -> Plain {
    let mut writer = Writer {
        out: String::new(),
        limit,
        whole: true,
    };
    writer.map(item);
    writer.finish()
}

/// Text of the inside of a JSON string, or any other, with nothing left in it that could change how
/// other text is shown.
pub fn harmless(text: &str, limit: usize) -> Plain {
    let mut writer = Writer {
        out: String::new(),
        limit,
        whole: true,
    };
    writer.text(text);
    writer.finish()
}

struct Writer {
    out: String,
    limit: usize,
    whole: bool,
}

impl Writer {
    fn finish(self) -> Plain {
        Plain {
            text: self.out,
            whole: self.whole,
        }
    }

    fn is_full(&mut self) -> bool {
        if self.out.len() >= self.limit {
            self.whole = false;
        }
        !self.whole
    }

    fn value(&mut self, value: Attribute<'_>) {
        if self.is_full() {
            return;
        }
        let payload = value.payload();
        match value.tag() {
            "S" => self.quoted(payload),
            "N" => self.text(inside(payload)),
            "BOOL" => self.text(payload),
            "NULL" => self.out.push_str("null"),
            "B" => {
                self.out.push('B');
                self.quoted(payload);
            }
            "M" => self.map(payload),
            "L" => self.list(payload, |writer, element| {
                writer.value(Attribute {
                    raw_name: "",
                    value: element,
                });
            }),
            "NS" => {
                self.out.push_str("NS");
                self.list(payload, |writer, element| writer.text(inside(element)));
            }
            tag => {
                self.out.push_str(tag);
                self.list(payload, Self::quoted);
            }
        }
    }

    fn map(&mut self, map: &str) {
        self.out.push('{');
        for (place, attribute) in Attributes::new(map).enumerate() {
            if place > 0 {
                self.out.push_str(", ");
            }
            if self.is_full() {
                return;
            }
            self.text(attribute.raw_name);
            self.out.push_str(": ");
            self.value(attribute);
        }
        self.out.push('}');
    }

    fn list(&mut self, list: &str, mut write: impl FnMut(&mut Self, &str)) {
        self.out.push('[');
        let mut at = 1;
        while at < list.len() && list.as_bytes()[at] != b']' {
            if at > 1 {
                self.out.push_str(", ");
            }
            if self.is_full() {
                return;
            }
            let end = value_end(list.as_bytes(), at);
            write(self, list.get(at..end).unwrap_or_default());
            at = end + 1;
        }
        self.out.push(']');
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        self.text(inside(text));
        if self.whole {
            self.out.push('"');
        }
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            if self.is_full() {
                return;
            }
            if is_harmful(character) {
                let _ = write!(self.out, "\\u{:04x}", u32::from(character));
            } else {
                self.out.push(character);
            }
        }
    }
}

/// What stands between the quotes.
fn inside(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text)
}

/// Control characters, and marks that turn the direction of the text around or are not seen at all.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> String {
        plain(value, 1_000).text
    }

    #[test]
    fn values_are_written_without_the_types_that_their_form_tells() {
        for (value, text) in [
            (r#"{"S":"a\"b\n"}"#, r#""a\"b\n""#),
            (r#"{"S":""}"#, r#""""#),
            (r#"{"N":"-1.50"}"#, "-1.50"),
            (r#"{"BOOL":true}"#, "true"),
            (r#"{"NULL":true}"#, "null"),
            (r#"{"B":"AAE="}"#, r#"B"AAE=""#),
            (r#"{"SS":["a","b, c"]}"#, r#"SS["a", "b, c"]"#),
            (r#"{"NS":["1","2"]}"#, "NS[1, 2]"),
            (r#"{"BS":["AA=="]}"#, r#"BS["AA=="]"#),
            (
                r#"{"M":{"a":{"L":[{"N":"1"},{"S":"x"}]},"e":{"M":{}}}}"#,
                r#"{a: [1, "x"], e: {}}"#,
            ),
            (r#"{"L":[]}"#, "[]"),
        ] {
            assert_eq!(shown(value), text);
        }
        assert_eq!(
            plain_item(r#"{"id":{"S":"a"},"n":{"N":"1"}}"#, 100).text,
            r#"{id: "a", n: 1}"#
        );
    }

    #[test]
    fn what_could_change_how_other_text_is_shown_is_escaped() {
        let value = "{\"S\":\"a\u{202e}b\u{7f}\u{200b}<b>\"}";
        assert_eq!(shown(value), "\"a\\u202eb\\u007f\\u200b<b>\"");
        assert_eq!(harmless("a\nb\u{2066}", 100).text, "a\\u000ab\\u2066");
    }

    #[test]
    fn what_is_too_long_is_cut_and_said_to_be() {
        let long = format!("{{\"S\":\"{}\"}}", "ä".repeat(400_000));
        let cut = plain(&long, 50);
        assert!(!cut.whole);
        assert!(cut.text.len() <= 52, "{}", cut.text.len());
        let elements = vec!["{\"N\":\"1\"}"; 10_000].join(",");
        let cut = plain(&format!("{{\"L\":[{elements}]}}"), 20);
        assert!(!cut.whole);
        assert!(cut.text.starts_with("[1, 1, "));
        let exact = plain(r#"{"S":"abc"}"#, 20);
        assert!(exact.whole);
    }
}
