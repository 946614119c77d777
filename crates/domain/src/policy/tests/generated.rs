//! Over policies that are made up: what is not ours keeps every byte.

use proptest::prelude::*;

use super::*;

/// White space as people and tools leave it.
fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", " ", "\n", "\n  ", "\t", "\r\n    "])
}

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "s3:GetObject",
        "s3:*",
        "arn:aws-cn:s3:::b/*",
        "arn:aws-us-gov:iam::111122223333:role/x",
        "${aws:username}",
        "a \"quoted\\ [text], {so}",
        "ü",
        "",
    ])
    .prop_map(str::to_owned)
}

fn one_or_many() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::String),
        prop::collection::vec(text(), 0..4).prop_map(|list| json!(list)),
    ]
}

fn principal() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("*")),
        (
            prop::sample::select(vec!["AWS", "Service", "Federated", "CanonicalUser"]),
            one_or_many()
        )
            .prop_map(|(kind, ids)| json!({ kind: ids })),
    ]
}

/// A member of a statement under one of its names, its negation, or one that nobody knows.
fn member() -> impl Strategy<Value = (String, Value)> {
    prop_oneof![
        (
            prop::sample::select(vec!["Action", "NotAction", "Resource", "NotResource"]),
            one_or_many()
        )
            .prop_map(|(name, value)| (name.to_owned(), value)),
        (
            prop::sample::select(vec!["Principal", "NotPrincipal"]),
            principal()
        )
            .prop_map(|(name, value)| (name.to_owned(), value)),
        prop::sample::select(vec![json!("Allow"), json!("Deny"), json!(1)])
            .prop_map(|value| ("Effect".to_owned(), value)),
        (
            prop::sample::select(vec![
                "StringEquals",
                "NotIpAddress",
                "ForAnyValue:StringLike",
                "Bool"
            ]),
            one_or_many()
        )
            .prop_map(|(operator, value)| (
                "Condition".to_owned(),
                json!({operator: {"aws:SourceIp": value, "x": true}})
            )),
        prop::sample::select(vec![
            json!(null),
            json!({"deep": [1.50, -2e9, {"y": "]}"}]})
        ])
        .prop_map(|value| ("Unknown".to_owned(), value)),
        // Never ours, but much like it.
        prop::sample::select(vec!["A", "TidemarkExporterObjects", ""])
            .prop_map(|sid| ("Sid".to_owned(), json!(sid))),
    ]
}

/// A statement's text, its members in any order and with any white space.
fn statement() -> impl Strategy<Value = String> {
    (prop::collection::vec((member(), space(), space()), 0..8)).prop_map(|members| {
        let mut seen = Vec::new();
        let mut parts = Vec::new();
        for ((name, value), before, after) in members {
            if seen.contains(&name) {
                continue;
            }
            parts.push(format!("{before}\"{name}\"{after}:{before}{value}{after}"));
            seen.push(name);
        }
        format!("{{{}}}", parts.join(","))
    })
}

/// A policy's text and the texts of its foreign statements.
fn existing() -> impl Strategy<Value = (String, Vec<String>)> {
    (
        prop::collection::vec((statement(), space(), space()), 0..6),
        any::<bool>(),
        prop::sample::select(vec![
            "",
            r#""Version":"2012-10-17","#,
            "\"Id\" : \"kept \\\" \",\n \"Version\":\"2008-10-17\" ,",
        ]),
        prop::sample::select(vec!["", r#" , "Else":{"Statement":[{}]}"#]),
        space(),
    )
        .prop_map(|(statements, alone, head, tail, around)| {
            let texts: Vec<String> = statements.iter().map(|(text, _, _)| text.clone()).collect();
            let list = match statements.as_slice() {
                [(one, before, after)] if alone => format!("{before}{one}{after}"),
                many => {
                    let items: Vec<String> = many
                        .iter()
                        .map(|(text, before, after)| format!("{before}{text}{after}"))
                        .collect();
                    format!("{around}[{}]", items.join(","))
                }
            };
            (
                format!("{around}{{{head}\"Statement\":{list}{tail}}}{around}"),
                texts,
            )
        })
}

fn texts(document: &Document) -> Vec<String> {
    (0..document.statements().len())
        .map(|index| document.statement_text(index).unwrap().to_owned())
        .collect()
}

/// What is left of the text when all statements are taken out: `Id`, `Version` and whatever else.
fn frame(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).unwrap();
    value.as_object_mut().unwrap().remove("Statement");
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn foreign_statements_keep_every_byte_and_ours_stand_once(
        (text, foreign) in existing(),
        broken in 0_usize..4,
    ) {
        let before = Document::read(&text).unwrap();
        prop_assert_eq!(texts(&before), foreign.clone());
        prop_assert_eq!(before.text(), text.as_str());

        let once = merge(&before, &exporters(), usize::MAX).unwrap();
        let document = Document::read(&once).unwrap();
        let all = texts(&document);
        prop_assert_eq!(&all[..foreign.len()], foreign.as_slice());
        let ours: Vec<Value> = all[foreign.len()..].iter().map(|one| serde_json::from_str(one).unwrap()).collect();
        prop_assert_eq!(ours, exporters());
        prop_assert_eq!(frame(&once), frame(&text));
        // Applied twice it changes nothing.
        prop_assert_eq!(&merge(&document, &exporters(), usize::MAX).unwrap(), &once);

        // One of ours broken by hand and repaired: the rest keeps every byte.
        let index = foreign.len() + broken % 2;
        let hurt = once.replacen(&all[index], &all[index].replacen("s3:PutObject", "s3:PutObjectAcl", 1), 1);
        let repaired = merge(&Document::read(&hurt).unwrap(), &exporters(), usize::MAX).unwrap();
        let repaired = Document::read(&repaired).unwrap();
        prop_assert_eq!(&texts(&repaired)[..foreign.len()], foreign.as_slice());
        prop_assert_eq!(repaired.statements().len(), document.statements().len());

        // Taken back, what was there is there, but for the form of the list.
        let sids: Vec<String> = exporters().iter().map(|one| one["Sid"].as_str().unwrap().to_owned()).collect();
        let sids: Vec<&str> = sids.iter().map(String::as_str).collect();
        match remove(&document, &sids).unwrap() {
            None => prop_assert!(foreign.is_empty()),
            Some(rest) => {
                prop_assert_eq!(texts(&Document::read(&rest).unwrap()), foreign.clone());
                prop_assert_eq!(frame(&rest), frame(&text));
            }
        }
    }

    #[test]
    fn the_limit_is_kept_to_the_byte((text, _) in existing()) {
        let before = Document::read(&text).unwrap();
        let merged = merge(&before, &exporters(), usize::MAX).unwrap();
        prop_assert!(merge(&before, &exporters(), merged.len()).is_ok());
        prop_assert!(merge(&before, &exporters(), merged.len() - 1).is_err());
    }

    #[test]
    fn nothing_that_is_read_stops_the_rest((text, _) in existing()) {
        let document = Document::read(&text).unwrap();
        let _ = lint(&document);
        for grant in exporter_grants() {
            let _ = evaluate(&document, &grant.asked());
        }
        for change in compare(&document, &Document::empty()) {
            prop_assert!(!change.words.is_empty());
        }
    }

    #[test]
    fn no_text_at_all_makes_it_stop(text in ".{0,60}") {
        let _ = Document::read(&text);
    }
}
