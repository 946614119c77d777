use super::{
    Metadata, Naming,
    keys::{folded, only_informs},
    types::rules,
};
use crate::ResourceType;

/// What AWS proposes for a recovery point, changed so that something new is made. `name` is what the new
/// one is called, where it is not AWS that names it.
///
/// AWS proposes what the source was: its bucket, its identifier. What only informs is left out. A type
/// whose metadata is not known, and a volume that needs a place in something that exists, stay as they
/// are proposed.
pub fn fresh(kind: &ResourceType, proposed: Metadata, name: Option<&str>) -> Metadata {
    let Some(rules) = rules(kind) else {
        return proposed;
    };
    let mut metadata: Metadata = proposed
        .into_iter()
        .filter(|(key, _)| !only_informs(key))
        .collect();
    match rules.naming {
        Naming::Table => metadata.clear(),
        Naming::ByAws | Naming::Inside { .. } => {}
        Naming::New { key, .. } => put(&mut metadata, key, name),
        Naming::Choice { key, new, .. } => {
            put(&mut metadata, key, name);
            put(&mut metadata, new, Some("true"));
        }
    }
    metadata
}

/// Puts a value under a key, in the spelling that is there, or takes the key out.
fn put(metadata: &mut Metadata, key: &str, value: Option<&str>) {
    let wanted = folded(key);
    let spelled: Vec<String> = metadata
        .keys()
        .filter(|name| folded(name) == wanted)
        .cloned()
        .collect();
    for name in &spelled {
        metadata.remove(name);
    }
    if let Some(value) = value {
        let name = spelled.first().map_or(key, String::as_str);
        metadata.insert(name.to_owned(), value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::restore::metadata::{RestoreInto, read};

    fn map(pairs: &[(&str, &str)]) -> Metadata {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    /// What AWS answers for a point of each type, naming the source as it does.
    fn proposals() -> Vec<(&'static str, Metadata)> {
        vec![
            (
                "S3",
                map(&[("DestinationBucketName", "live"), ("NewBucket", "false")]),
            ),
            ("S3", map(&[("EncryptionType", "SSE-S3")])),
            (
                "EFS",
                map(&[("file-system-id", "fs-1"), ("newFileSystem", "false")]),
            ),
            ("EFS", map(&[("file-system-id", "fs-1")])),
            ("EBS", map(&[("availabilityZone", "eu-west-1a")])),
            (
                "EC2",
                map(&[("InstanceType", "t3.micro"), ("aws:backup:request-id", "1")]),
            ),
            (
                "RDS",
                map(&[
                    ("DBInstanceIdentifier", "live"),
                    ("InformationalOnly:X", "1"),
                ]),
            ),
            ("RDS", map(&[("dbinstanceidentifier", "live")])),
            ("Aurora", map(&[("DBClusterIdentifier", "live")])),
            ("DocumentDB", map(&[("dbClusterIdentifier", "live")])),
            ("Neptune", map(&[("Engine", "neptune")])),
            ("MemoryDB", map(&[("clusterName", "live")])),
            ("FSx", map(&[("lustreConfiguration", "{}")])),
        ]
    }

    #[test]
    fn the_default_of_every_type_makes_something_new() {
        for (kind, proposed) in proposals() {
            let kind = ResourceType::from(kind);
            let name = rules(&kind)
                .unwrap()
                .name_rule()
                .map(|rule| rule.suggestions("live", jiff::Timestamp::UNIX_EPOCH).next())
                .map(Option::unwrap);
            let fresh = fresh(&kind, proposed.clone(), name.as_deref());
            let into = read(&kind, &fresh, &proposed).unwrap();
            match name {
                None => assert_eq!(into, RestoreInto::Unnamed, "{kind}"),
                Some(name) => assert_eq!(into, RestoreInto::New(name), "{kind}"),
            }
            assert!(fresh.values().all(|value| value != "live"), "{fresh:?}");
        }
    }

    #[test]
    fn what_is_not_about_the_destination_stays() {
        let fresh = fresh(
            &ResourceType::S3,
            map(&[("Encrypted", "true"), ("NewBucket", "false")]),
            Some("new"),
        );
        assert_eq!(
            fresh,
            map(&[
                ("DestinationBucketName", "new"),
                ("Encrypted", "true"),
                ("NewBucket", "true")
            ])
        );
    }
}
