//! The published schema says what the reader does.

use serde::{Deserialize, Deserializer, de::Visitor, forward_to_deserialize_any};
use serde_json::{Value, json};
use tidemark_domain::sets::{
    AfterRestore, Exclusions, Hook, HookReach, Member, Method, OrderRule, Pause, Poll, ResumeWhen,
    Retention, SetManifest, Window, WindowKind, read,
};

const SCHEMA: &str = include_str!("../../../../docs/set-manifest.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// Asks a type for the names of its members, or of its variants.
struct Names<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("no more than names"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(fields);
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.extend(variants);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

fn names<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    let mut names = Vec::new();
    let _ = T::deserialize(Names(&mut names));
    names.sort_unstable();
    names
}

fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn every_object_has_the_members_that_the_reader_knows_and_no_others() {
    let schema = schema();
    let of = |name: &str| match name {
        "" => &schema,
        name => &schema["$defs"][name],
    };
    let known = [
        ("", names::<SetManifest>()),
        ("member", names::<Member>()),
        ("retention", names::<Retention>()),
        ("pause", names::<Pause>()),
        ("hook", names::<Hook>()),
        ("poll", names::<Poll>()),
        ("window", names::<Window>()),
        ("rule", names::<OrderRule>()),
        ("exclude", names::<Exclusions>()),
        ("restore", names::<AfterRestore>()),
    ];
    assert_eq!(schema["$defs"].as_object().unwrap().len() + 1, known.len());
    for (name, fields) in known {
        assert_eq!(keys(&of(name)["properties"]), fields, "{name}");
        assert_eq!(of(name)["additionalProperties"], json!(false), "{name}");
        assert_eq!(of(name)["type"], "object", "{name}");
    }
}

#[test]
fn every_choice_has_the_words_that_the_reader_knows() {
    let schema = schema();
    let words = |at: &str| {
        let mut words: Vec<String> =
            serde_json::from_value(schema.pointer(at).unwrap().clone()).unwrap();
        words.sort_unstable();
        words
    };
    assert_eq!(
        words("/$defs/hook/properties/method/enum"),
        names::<Method>()
    );
    assert_eq!(
        words("/$defs/pause/properties/resume_when/enum"),
        names::<ResumeWhen>()
    );
    assert_eq!(
        words("/$defs/window/properties/kind/enum"),
        names::<WindowKind>()
    );
}

/// A manifest in which every object holds every member.
fn whole() -> Value {
    let hook = json!({
        "url": "https://example.com/", "method": "POST", "headers": {"x-a": "b"}, "body": "{{run}}", "secret": "s",
        "expect_status": [200], "poll": {"path": "a", "equals": 0, "every_seconds": 2}, "deadline_seconds": 5,
    });
    json!({
        "version": 1, "name": "whole", "description": "d", "account": "111122223333", "region": "eu-west-1",
        "vault": "Default", "service_role": "arn:aws:iam::111122223333:role/backup",
        "retention": {"cold_after_days": 1, "delete_after_days": 100},
        "members": [{
            "name": "a", "table": "t", "account": "111122223333", "region": "eu-west-1", "vault": "vault",
            "service_role": "arn:aws:iam::111122223333:role/backup", "retention": {},
            "continuous_backup": true,
        }, {"name": "b", "table": "u"}],
        "pause": {"at_most_minutes": 5, "resume_when": "started", "pause": hook, "paused": hook, "resume": hook},
        "windows": [{
            "name": "w", "kind": "backup", "member": "a", "schedule": "cron(0 5 ? * * *)", "time_zone": "UTC", "minutes": 5,
        }],
        "order": [{"member": "a", "no_later_than": ["b"]}],
        "exclude": {"names": ["TEMP.*"], "directories": ["tmp"]},
    })
}

#[test]
fn what_is_required_is_what_the_reader_demands() {
    let schema = schema();
    let places = [
        ("", ""),
        ("member", "/members/0"),
        ("retention", "/retention"),
        ("pause", "/pause"),
        ("hook", "/pause/pause"),
        ("poll", "/pause/pause/poll"),
        ("window", "/windows/0"),
        ("rule", "/order/0"),
        ("exclude", "/exclude"),
    ];
    read(&whole().to_string(), &HookReach::default()).unwrap();
    for (name, place) in places {
        let of = if name.is_empty() {
            &schema
        } else {
            &schema["$defs"][name]
        };
        let required = of["required"].as_array().cloned().unwrap_or_default();
        for field in keys(&of["properties"]) {
            let mut without = whole();
            let object = without.pointer_mut(place).unwrap().as_object_mut().unwrap();
            if object.remove(field).is_none() {
                continue;
            }
            let missing = match read(&without.to_string(), &HookReach::default()) {
                Ok(_) => false,
                Err(faults) => faults.iter().any(|fault| fault.rule == "must be given"),
            };
            assert_eq!(missing, required.contains(&json!(field)), "{name}.{field}");
        }
    }
}
