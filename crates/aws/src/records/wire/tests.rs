#![expect(clippy::unwrap_used, reason = "tests")]
use tidemark_records::{testing::Random, wire::Item};

use super::{item_text, read_item};

fn there_and_back(text: &str) -> String {
    let item = read_item(text.as_bytes()).unwrap();
    String::from_utf8(item_text(&item).unwrap().to_vec()).unwrap()
}

#[test]
fn numbers_stay_the_digits_that_they_are() {
    for number in [
        "1",
        "1.0",
        "-0",
        "9007199254740993",
        "0.1",
        "1E-130",
        "99999999999999999999999999999999999999",
        "-12345678901234567890123456789012345678E+87",
    ] {
        let text = format!(r#"{{"n":{{"N":"{number}"}},"s":{{"NS":["{number}","7"]}}}}"#);
        assert_eq!(there_and_back(&text), text);
    }
}

#[test]
fn every_type_survives_bit_for_bit() {
    let text = concat!(
        r#"{"":{"S":""},"b":{"B":"AAECAw=="},"bs":{"BS":["AQ==","Ag=="]},"f":{"BOOL":false},"#,
        r#""l":{"L":[{"M":{"x":{"NULL":true}}},{"L":[]},{"S":"\"\\\n\u0001 é 😀 \u007f/"}]},"#,
        r#""m":{"M":{}},"ss":{"SS":["a","b"]},"t":{"BOOL":true},"é\"":{"N":"7"}}"#
    )
    .replace("\\u007f", "\u{7f}");
    assert_eq!(there_and_back(&text), text);
}

#[test]
fn text_that_is_no_item_is_refused() {
    for wrong in [
        "",
        "[]",
        r#"{"a":1}"#,
        r#"{"a":{}}"#,
        r#"{"a":{"S":"x","N":"1"}}"#,
        r#"{"a":{"N":1}}"#,
        r#"{"a":{"B":"?"}}"#,
        r#"{"a":{"SS":[1]}}"#,
        r#"{"a":{"Q":"x"}}"#,
    ] {
        assert!(read_item(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

fn random_value(random: &mut Random, depth: u32) -> String {
    let text = |random: &mut Random| {
        let length = random.below(6);
        let characters: String = (0..length)
            .filter_map(|_| {
                random
                    .pick(&['a', '"', '\\', '\n', '\u{1}', 'é', '😀', '/', '\u{7f}'])
                    .copied()
            })
            .collect();
        serde_json::to_string(&characters).unwrap()
    };
    let number = |random: &mut Random| format!("\"{}.{}\"", random.any(), random.any());
    match random.below(if depth == 0 { 6 } else { 8 }) {
        0 => format!("{{\"S\":{}}}", text(random)),
        1 => format!("{{\"N\":{}}}", number(random)),
        2 => "{\"B\":\"AP8Q\"}".to_owned(),
        3 => format!("{{\"BOOL\":{}}}", random.percent(50)),
        4 => "{\"NULL\":true}".to_owned(),
        5 => format!("{{\"NS\":[{},{}]}}", number(random), number(random)),
        6 => {
            let members: Vec<String> = (0..random.below(4))
                .map(|_| random_value(random, depth - 1))
                .collect();
            format!("{{\"L\":[{}]}}", members.join(","))
        }
        _ => format!("{{\"M\":{}}}", random_item(random, depth - 1)),
    }
}

fn random_item(random: &mut Random, depth: u32) -> String {
    let members: Vec<String> = (0..random.below(5))
        .map(|number| format!("\"k{number}é\":{}", random_value(random, depth)))
        .collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn random_items_come_back_as_the_engine_writes_them() {
    let mut random = Random::new(7);
    for _ in 0..2_000 {
        let item = Item::parse(random_item(&mut random, 4)).unwrap();
        assert_eq!(there_and_back(item.as_str()), item.as_str());
    }
}
