/// The text without what stands in it of records: keys and items in wire form, whole or cut off. For
/// logs and for people who may not see records.
pub fn without_records(text: &str) -> String {
    let Some(start) = text.find("{\"") else {
        return text.to_owned();
    };
    let end = text.rfind('}').filter(|end| *end > start);
    let rest = end.map_or("", |end| &text[end + 1..]);
    format!("{}(a record){rest}", &text[..start])
}

#[cfg(test)]
mod tests {
    use super::without_records;

    #[test]
    fn keys_and_items_are_left_out_and_the_rest_stays() {
        for (text, left) in [
            (
                "the bucket b has no object x",
                "the bucket b has no object x",
            ),
            (
                r#"the record {"id":{"S":"secret"}} cannot be read: nested"#,
                "the record (a record) cannot be read: nested",
            ),
            (
                r#"{"a":{"S":"x"}} and {"b":{"N":"1"}} differ"#,
                "(a record) differ",
            ),
            (r#"cut off: {"id":{"S":"secr"#, "cut off: (a record)"),
        ] {
            assert_eq!(without_records(text), left);
        }
    }
}
