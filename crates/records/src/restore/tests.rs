use std::cmp::Ordering;

use super::{Comparison, Predicate};
use crate::wire::{Item, WireError, compare_numbers};

#[test]
fn numbers_compare_as_decimals() {
    let cases = [
        ("1", "1.0", Ordering::Equal),
        ("-0", "0", Ordering::Equal),
        ("10", "9", Ordering::Greater),
        ("-10", "-9", Ordering::Less),
        ("-1", "1", Ordering::Less),
        ("1e3", "999.99", Ordering::Greater),
        ("0.001", "1E-3", Ordering::Equal),
        (
            "12345678901234567890123456789012345678",
            "12345678901234567890123456789012345679",
            Ordering::Less,
        ),
    ];
    for (one, other, wanted) in cases {
        assert_eq!(compare_numbers(one, other), Some(wanted), "{one} {other}");
        assert_eq!(compare_numbers(other, one), Some(wanted.reverse()));
    }
    assert_eq!(compare_numbers("x", "1"), None);
}

#[test]
fn predicates_look_into_maps_and_keep_types_apart() -> Result<(), WireError> {
    let item = Item::parse(
        r#"{"a.b":{"N":"1"},"m":{"M":{"city":{"S":"Basel"},"n":{"N":"10"}}},"t":{"BOOL":true}}"#,
    )?;
    let compare = |path: &str, with: Comparison, value: &str| {
        Predicate::Compare {
            path: path.to_owned(),
            with,
            value: value.to_owned(),
        }
        .holds(&item)
    };
    assert!(compare("m.n", Comparison::Greater, r#"{"N":"9"}"#));
    assert!(compare("a.b", Comparison::Equal, r#"{"N":"1.0"}"#));
    assert!(!compare("m.city", Comparison::Equal, r#"{"N":"1"}"#));
    assert!(compare("m.gone", Comparison::NotEqual, r#"{"N":"1"}"#));
    assert!(compare("t", Comparison::Equal, r#"{"BOOL":true}"#));
    let text = |start: bool, text: &str| {
        let (path, text) = ("m.city".to_owned(), text.to_owned());
        if start {
            Predicate::BeginsWith { path, text }
        } else {
            Predicate::Contains { path, text }
        }
    };
    assert!(text(true, "Ba").holds(&item));
    assert!(!text(true, "as").holds(&item));
    let both = Predicate::All {
        of: vec![
            text(false, "as"),
            Predicate::Not {
                of: Box::new(Predicate::Exists {
                    path: "m.x".to_owned(),
                }),
            },
        ],
    };
    assert!(both.holds(&item));
    assert!(!Predicate::Any { of: Vec::new() }.holds(&item));
    Ok(())
}
