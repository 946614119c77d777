use super::{diff_items, is_rounding, large_numbers};
use crate::wire::{Item, WireError};

fn item(text: &str) -> Result<Item, WireError> {
    Item::parse(text.to_owned())
}

#[test]
fn differences_are_told_by_attribute_inside_of_maps_and_lists() -> Result<(), WireError> {
    let before = item(
        r#"{"id":{"S":"1"},"a":{"M":{"b":{"L":[{"N":"1"},{"N":"2"}]},"c":{"S":"x"}}},"s":{"SS":["p","q"]},"gone":{"NULL":true}}"#,
    )?;
    let after = item(
        r#"{"id":{"S":"1"},"a":{"M":{"b":{"L":[{"N":"1"},{"N":"3"},{"S":"new"}]},"c":{"S":"x"}}},"s":{"SS":["q","p"]},"n":{"BOOL":true}}"#,
    )?;
    let changes: Vec<String> = diff_items(Some(&before), Some(&after))
        .into_iter()
        .map(|change| {
            format!(
                "{}: {} -> {}",
                change.path,
                change.before.as_deref().unwrap_or("-"),
                change.after.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            r#"a.b[1]: {"N":"2"} -> {"N":"3"}"#,
            r#"a.b[2]: - -> {"S":"new"}"#,
            r#"gone: {"NULL":true} -> -"#,
            r#"n: - -> {"BOOL":true}"#,
        ]
    );
    assert_eq!(diff_items(None, Some(&after)).len(), 4);
    assert!(diff_items(Some(&before), Some(&before)).is_empty());
    Ok(())
}

#[test]
fn numbers_that_javascript_rounds_are_recognised() -> Result<(), WireError> {
    let live = item(r#"{"id":{"S":"1"},"n":{"N":"12345678901234567891"},"m":{"N":"5"}}"#)?;
    let rounded = item(r#"{"id":{"S":"1"},"n":{"N":"12345678901234567000"},"m":{"N":"5"}}"#)?;
    let other = item(r#"{"id":{"S":"1"},"n":{"N":"12345678901234567891"},"m":{"N":"6"}}"#)?;
    assert_eq!(large_numbers(&live), ["n"]);
    assert!(large_numbers(&item(r#"{"n":{"N":"9007199254740992"}}"#)?).is_empty());
    assert!(is_rounding(&rounded, &live));
    assert!(!is_rounding(&other, &live));
    Ok(())
}
