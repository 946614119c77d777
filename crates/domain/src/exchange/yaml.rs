use serde_json::Value;

/// A JSON value as YAML. Text is always quoted, so that nothing is taken for a number or a date.
pub fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                indent(depth, text);
                text.push_str(&key(name));
                text.push(':');
                below(value, depth + 1, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                indent(depth, text);
                text.push('-');
                item_of_list(item, depth, text);
            }
        }
        flat => {
            indent(depth, text);
            text.push_str(&flat.to_string());
            text.push('\n');
        }
    }
}

fn below(value: &Value, depth: usize, text: &mut String) {
    if is_block(value) {
        text.push('\n');
        block(value, depth, text);
    } else {
        text.push(' ');
        text.push_str(&value.to_string());
        text.push('\n');
    }
}

/// The first member of an object stands on the line of its dash.
fn item_of_list(item: &Value, depth: usize, text: &mut String) {
    match item {
        Value::Object(members) if !members.is_empty() => {
            let mut first = true;
            for (name, value) in members {
                if first {
                    text.push(' ');
                    first = false;
                } else {
                    indent(depth + 1, text);
                }
                text.push_str(&key(name));
                text.push(':');
                below(value, depth + 2, text);
            }
        }
        other => below(other, depth + 1, text),
    }
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn indent(depth: usize, text: &mut String) {
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn key(name: &str) -> String {
    let letters = name.bytes().all(|b| b.is_ascii_alphanumeric());
    let word = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && !matches!(
            name.to_ascii_lowercase().as_str(),
            "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
        );
    if letters && word {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_are_set_below_one_another() {
        let yaml = to_yaml(&json!({
            "Name": "a: \"b\"", "on": [], "List": [1, {"A": true, "B": {"C": null}}, [2, 3]], "date": "2010-09-09",
        }));
        let mut lines: Vec<&str> = yaml.lines().collect();
        lines.sort_unstable();
        assert!(yaml.contains("Name: \"a: \\\"b\\\"\"\n"), "{yaml}");
        assert!(yaml.contains("\"on\": []\n"), "{yaml}");
        assert!(
            yaml.contains(
                "List:\n  - 1\n  - A: true\n    B:\n      C: null\n  -\n    - 2\n    - 3\n"
            ),
            "{yaml}"
        );
    }
}
