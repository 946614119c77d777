use std::fmt::Write as _;

use proptest::prelude::*;
use tidemark_dumps::{AerospikeContent, Content, Format, Refusal};

use super::{in_pieces, read};

const DIGEST: &str = "7JEZLUt/jONdXXjTS8ply6qqyWA=";

fn content(stream: &[u8]) -> AerospikeContent {
    match read(stream, Format::Auto).unwrap().content {
        Content::Aerospike(content) => content,
        other => panic!("{other:?}"),
    }
}

fn refused(stream: &str) -> (u64, String) {
    let Refusal { line, what, .. } = read(stream.as_bytes(), Format::Aerospike).unwrap_err();
    (line.unwrap(), what)
}

fn record(set: &str, bins: &[&str]) -> String {
    let mut text = format!("+ n test\n+ d {DIGEST}\n");
    if !set.is_empty() {
        let _ = writeln!(text, "+ s {set}");
    }
    let _ = write!(text, "+ g 1\n+ t 0\n+ b {}\n", bins.len());
    for bin in bins {
        let _ = writeln!(text, "- {bin}");
    }
    text
}

fn backup(entries: &[String]) -> String {
    format!(
        "Version 3.1\n# namespace test\n# first-file\n{}",
        entries.concat()
    )
}

#[test]
fn records_indexes_and_functions_are_counted() {
    let stream = backup(&[
        "* i test demo by\\ age N 1 age N\n".to_owned(),
        "* i test  any L 2 a S b B dGVzdA==\n".to_owned(),
        "* u L code.lua 14 line\n+ n x\nend\n".to_owned(),
        record(
            "demo",
            &[
                "I foo -12",
                "S bar 3 a\nb",
                "Z baz T",
                "N none",
                "D pi 3.14",
            ],
        ),
        record(
            "demo",
            &[
                "B raw 4 AAA=",
                "B! raw 3 \n\n\n",
                "M map 4 gA==",
                "G geo 2 {}",
            ],
        ),
        record("", &["X old 4 YWJj", "Y! sketch 0 ", "L! list 1 +"]),
        format!("+ k S 4 ke\ny\n{}", record("other\\\nset", &[])),
        format!("+ k I -4\n{}", record("demo", &[])),
        format!("+ k D 1e10\n{}", record("demo", &[])),
        format!("+ k B! 2 \n \n{}", record("demo", &[])),
    ]);
    let content = content(stream.as_bytes());
    assert_eq!(content.version, "3.1");
    assert_eq!(content.namespace.as_deref(), Some("test"));
    assert!(content.first_file);
    assert_eq!((content.records, content.bins), (7, 12));
    assert_eq!((content.indexes, content.functions), (2, 1));
    let sets: Vec<(&str, u64)> = content.sets["test"]
        .iter()
        .map(|(set, count)| (set.as_str(), *count))
        .collect();
    assert_eq!(sets, [("", 1), ("demo", 5), ("other\nset", 1)]);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let with = |bin: &str| backup(&[record("demo", &["I one 1", bin])]);
    for (stream, line, what) in [
        ("Versio".to_owned(), 1, "ends inside the first line"),
        ("Version 4.0\n".to_owned(), 1, "version 4.0 is not known"),
        ("Version 3.1".to_owned(), 1, "ends inside"),
        ("REDIS0011".to_owned(), 1, "no text backup"),
        ("Version 3.1\n# colour red\n".to_owned(), 2, "colour"),
        (with("x baz T"), 11, "\u{201c}x\u{201d} is no type of a bin"),
        (with("S! baz 1 a"), 11, "cannot hold bytes"),
        (with("Z baz Y"), 11, "neither T nor F"),
        (with("I baz 1x"), 11, "no whole number"),
        (with("I baz 9223372036854775808"), 11, "no whole number"),
        (with("S baz 4 abc"), 12, "ends inside a bin"),
        (
            with("S baz 2 abc"),
            11,
            "\u{201c}c\u{201d} stands where the end of the line belongs",
        ),
        (with("B baz 4 A*A="), 11, "no Base64"),
        (with("B baz 3 AAA"), 11, "no length of Base64"),
        (with("U baz 4 AAA="), 11, "large data type"),
        (with("S baz -1 a"), 11, "no number from 0"),
        (
            backup(&[record("demo", &[]), "+ n test\n+ g 1\n".to_owned()]),
            11,
            "\u{201c}g\u{201d} stands where",
        ),
        (
            backup(&[record("demo", &[]), "? test\n".to_owned()]),
            10,
            "begins no entry",
        ),
        (
            backup(&[record("demo", &[]), "# first-file\n".to_owned()]),
            10,
            "metadata",
        ),
        (
            backup(&[record("demo", &[]), "Version 3.1\n".to_owned()]),
            10,
            "another file",
        ),
        (backup(&["+ n live\n".to_owned()]), 4, "namespace live"),
        (
            backup(&["* i live s n N 1 b S\n".to_owned()]),
            4,
            "namespace live",
        ),
        (
            backup(&["* i test s n Q 1 b S\n".to_owned()]),
            4,
            "type of an index",
        ),
        (backup(&["* i test s n N 0 b S\n".to_owned()]), 4, "no path"),
        (
            backup(&["* u P n 1 a\n".to_owned()]),
            4,
            "type of a function",
        ),
        (
            backup(&[format!("+ n test\n+ d {}\n", "A".repeat(28))]),
            5,
            "20 bytes",
        ),
        (
            backup(&[record("demo", &[]).replace("+ g 1", "+ g 65536")]),
            7,
            "65535",
        ),
        (
            backup(&[record(&"s".repeat(1_001), &[])]),
            6,
            "longer than 1000",
        ),
    ] {
        let (at, said) = refused(&stream);
        assert!(said.contains(what), "{said}: {what}");
        assert_eq!(at, line, "{said} in {stream}");
    }
}

fn bin() -> impl Strategy<Value = String> {
    let name = "[a-z]{1,15}";
    prop_oneof![
        (name, any::<i64>()).prop_map(|(name, value)| format!("I {name} {value}")),
        (name, any::<f64>()).prop_map(|(name, value)| format!("D {name} {value}")),
        (name, any::<bool>())
            .prop_map(|(name, value)| format!("Z {name} {}", if value { 'T' } else { 'F' })),
        name.prop_map(|name| format!("N {name}")),
        (name, "[ \n+*-]{0,40}")
            .prop_map(|(name, value)| format!("S {name} {} {value}", value.len())),
        (name, "[\n -~]{0,40}")
            .prop_map(|(name, value)| format!("B! {name} {} {value}", value.len())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_backup_is_counted_and_is_refused_where_it_is_cut(
        records in prop::collection::vec(("[a-z]{0,3}", prop::collection::vec(bin(), 0..5)), 1..6),
        size in 1_usize..200,
    ) {
        let entries: Vec<String> = records
            .iter()
            .map(|(set, bins)| {
                let bins: Vec<&str> = bins.iter().map(String::as_str).collect();
                record(set, &bins)
            })
            .collect();
        let stream = backup(&entries);
        let inspected = in_pieces(stream.as_bytes(), Format::Auto, size).unwrap();
        let Content::Aerospike(found) = inspected.content else {
            panic!("it is one of Aerospike");
        };
        prop_assert_eq!(found.records, records.len() as u64);
        let bins: usize = records.iter().map(|(_, bins)| bins.len()).sum();
        prop_assert_eq!(found.bins, bins as u64);
        prop_assert_eq!(inspected.stream.bytes, stream.len() as u64);
        // Between two entries nothing can be told; everywhere else it is.
        let mut ends = vec!["Version 3.1\n".len(), "Version 3.1\n# namespace test\n".len()];
        ends.push(backup(&[]).len());
        for count in 1..=entries.len() {
            ends.push(backup(&entries[..count]).len());
        }
        for cut in 1..stream.len() {
            let result = in_pieces(&stream.as_bytes()[..cut], Format::Aerospike, size);
            prop_assert_eq!(result.is_ok(), ends.contains(&cut), "cut at {} of {:?}", cut, stream);
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1_usize..50) {
        let mut stream = b"Version 3.1\n+ n a\n".to_vec();
        stream.extend(bytes);
        let _ = in_pieces(&stream, Format::Aerospike, size);
    }
}
