//! Names of objects: the vectors of the format, and a second implementation in Python.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use tidemark_records::{
    key::{
        KeyAttribute, KeyHash, KeyOrder, KeySchema, KeyType, NameForm, RecordKey, object_name,
        object_names,
    },
    testing::Random,
    wire::quoted,
};

fn name(key: &RecordKey, schema: &KeySchema, hash: KeyHash, order: KeyOrder) -> String {
    object_name(key, schema, NameForm { hash, order })
}

#[test]
fn names_are_those_of_the_published_vectors() {
    let simple = KeySchema::simple(KeyAttribute::new("Id", KeyType::N));
    let key = RecordKey::parse(&simple, r#"{"Id":{"N":"101"}}"#).unwrap();
    assert_eq!(
        name(&key, &simple, KeyHash::Md5, KeyOrder::Schema),
        "42a693dc464da39876e785a4215d0f84"
    );
    assert_eq!(
        name(&key, &simple, KeyHash::Sha256, KeyOrder::Name),
        "d75fc090aa2a220d40a7638dd4ae8962cd0482ade8fb65c214bda377d2e7bfd8"
    );
    let composite = KeySchema::composite(
        KeyAttribute::new("hash", KeyType::S),
        KeyAttribute::new("range", KeyType::N),
    );
    let text = "{ \"range\": {\"N\":\"1\"}, \"hash\": {\"S\":\"h1\"} }";
    let key = RecordKey::parse(&composite, text).unwrap();
    assert_eq!(
        name(&key, &composite, KeyHash::Md5, KeyOrder::Name),
        "896dcc309270f49325815b0d5156983a"
    );
    assert_eq!(
        name(&key, &composite, KeyHash::Sha256, KeyOrder::Name),
        "adf4476317e2d05deb1f44ed00f225a0e7539559a72e78497be6f5aa4452a5d1"
    );
}

#[test]
fn a_record_has_two_names_with_a_simple_key_and_four_with_a_composite_one() {
    let simple = KeySchema::simple(KeyAttribute::new("id", KeyType::S));
    let key = RecordKey::parse(&simple, r#"{"id":{"S":""}}"#).unwrap();
    assert_eq!(object_names(&key, &simple).len(), 2);
    let composite = KeySchema::composite(
        KeyAttribute::new("z", KeyType::S),
        KeyAttribute::new("a", KeyType::B),
    );
    let key = RecordKey::parse(&composite, r#"{"a":{"B":"AA=="},"z":{"S":"x"}}"#).unwrap();
    assert_eq!(key.as_str(), r#"{"z":{"S":"x"},"a":{"B":"AA=="}}"#);
    assert_eq!(object_names(&key, &composite).len(), 4);
}

fn random_text(random: &mut Random, longest: u64) -> String {
    let alphabets: [&[char]; 4] = [
        &['a', 'Z', '0', '-', '_', '.', ':', '#'],
        &[
            '"', '\\', '/', '\n', '\t', '\u{0}', '\u{1f}', '\u{7f}', '\u{8}', '\u{c}', '\r',
        ],
        &['é', 'ß', 'Ж', '中', '\u{2028}', '\u{feff}', '\u{e000}'],
        &['😀', '𝒳', '\u{10ffff}', 'a'],
    ];
    let length = random.below(longest);
    (0..length)
        .map(|_| {
            let alphabet = *random.pick(&alphabets).unwrap();
            *random.pick(alphabet).unwrap()
        })
        .collect()
}

fn random_value(random: &mut Random, kind: KeyType) -> String {
    match kind {
        KeyType::S => format!("{{\"S\":{}}}", quoted(&random_text(random, 30))),
        KeyType::N => {
            let digits: String = (0..=random.below(37))
                .map(|_| char::from(b'0' + u8::try_from(random.below(10)).unwrap()))
                .collect();
            let text = match random.below(5) {
                0 => format!("-{digits}"),
                1 => format!("0.{digits}"),
                2 => format!("{digits}E+{}", random.below(80)),
                3 => "9007199254740993".to_owned(),
                _ => digits,
            };
            format!("{{\"N\":\"{text}\"}}")
        }
        KeyType::B => {
            use base64::Engine as _;
            let bytes: Vec<u8> = (0..random.below(40))
                .map(|_| u8::try_from(random.below(256)).unwrap())
                .collect();
            let text = base64::engine::general_purpose::STANDARD.encode(bytes);
            format!("{{\"B\":\"{text}\"}}")
        }
    }
}

#[test]
fn ten_thousand_random_keys_have_the_names_that_python_gives_them() {
    let mut random = Random::new(7);
    let kinds = [KeyType::S, KeyType::N, KeyType::B];
    let mut input = String::new();
    let mut ours = Vec::new();
    for _ in 0..10_000 {
        let first = format!("a{}", random_text(&mut random, 6));
        let mut second = random_text(&mut random, 6);
        if second == first || second.is_empty() {
            second.push_str("-other");
        }
        let partition = KeyAttribute::new(first, *random.pick(&kinds).unwrap());
        let schema = if random.percent(50) {
            KeySchema::simple(partition)
        } else {
            KeySchema::composite(
                partition,
                KeyAttribute::new(second, *random.pick(&kinds).unwrap()),
            )
        };
        let mut members: Vec<String> = schema
            .attributes()
            .map(|a| format!("{}:{}", quoted(&a.name), random_value(&mut random, a.kind)))
            .collect();
        let names: Vec<String> = schema.attributes().map(|a| quoted(&a.name)).collect();
        if random.percent(50) {
            members.reverse();
        }
        let key = format!("{{{}}}", members.join(","));
        let names = names.join(",");
        writeln!(input, "{{\"schema\":[{names}],\"key\":{key}}}").unwrap();
        let key = RecordKey::parse(&schema, key).unwrap();
        let mut line = Vec::new();
        for hash in [KeyHash::Md5, KeyHash::Sha256] {
            for order in [KeyOrder::Schema, KeyOrder::Name] {
                line.push(name(&key, &schema, hash, order));
            }
        }
        for each in &line {
            assert!(object_names(&key, &schema).contains(each));
        }
        ours.push(line.join(" "));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/second_implementation.py");
    let mut python = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed for the second implementation");
    let mut stdin = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let theirs = String::from_utf8(output.stdout).unwrap();
    let theirs: Vec<&str> = theirs.lines().collect();
    assert_eq!(theirs.len(), ours.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(ours, theirs);
    }
}
