use super::{
    Metadata, Naming, Rules,
    keys::{self, field, value},
    types::rules,
};
use crate::{Invalid, ResourceType};

/// Where restore metadata puts the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreInto {
    /// Something new, to which AWS gives an id.
    Unnamed,
    /// Something new of this name. Whether the name is free must be looked up.
    New(String),
    /// Something that exists takes the data.
    Existing {
        /// What it is, as people call it: `bucket`.
        noun: &'static str,
        /// Its name or id.
        name: String,
    },
    /// It cannot be told.
    Untold {
        /// The name that the metadata give, where they give one.
        name: Option<String>,
        /// Why not: a sentence part.
        why: String,
    },
}

/// Where metadata put the data of a recovery point that is no table's. `proposed` is what AWS proposes
/// for the point; it may be empty where no key is unfamiliar ([`super::is_unfamiliar`]).
pub fn read(
    kind: &ResourceType,
    metadata: &Metadata,
    proposed: &Metadata,
) -> Result<RestoreInto, Invalid> {
    let Some(rules) = rules(kind) else {
        keys::check_writing(metadata)?;
        return Ok(RestoreInto::Untold {
            name: None,
            why: format!("this console does not know the restore metadata of {kind}"),
        });
    };
    let unknown = keys::check(rules, metadata, proposed)?;
    let into = by_naming(rules, metadata)?;
    if unknown.is_empty() || matches!(into, RestoreInto::Existing { .. }) {
        return Ok(into);
    }
    let name = match into {
        RestoreInto::New(name) => Some(name),
        _ => None,
    };
    Ok(RestoreInto::Untold {
        name,
        why: format!(
            "this console does not know the restore metadata {}, and AWS Backup does not propose it so",
            unknown.join(", ")
        ),
    })
}

fn by_naming(rules: &Rules, metadata: &Metadata) -> Result<RestoreInto, Invalid> {
    match rules.naming {
        Naming::Table | Naming::ByAws => Ok(RestoreInto::Unnamed),
        Naming::New { key, rule } => {
            let name = needed(metadata, key)?;
            if rule.allows(name) {
                Ok(RestoreInto::New(rule.kept(name)))
            } else {
                Err(Invalid::new(field(key), rule.words()))
            }
        }
        Naming::Choice { key, new, rule } => {
            let is_new = match needed(metadata, new)? {
                "true" => true,
                "false" => false,
                _ => return Err(Invalid::new(field(new), "must be true or false")),
            };
            match (is_new, rule) {
                (true, None) if value(metadata, key).is_some() => Err(Invalid::new(
                    field(key),
                    format!("must be left out where {new} is true: AWS gives the new one its id"),
                )),
                (true, None) => Ok(RestoreInto::Unnamed),
                (true, Some(rule)) => {
                    let name = needed(metadata, key)?;
                    if rule.allows(name) {
                        Ok(RestoreInto::New(rule.kept(name)))
                    } else {
                        Err(Invalid::new(field(key), rule.words()))
                    }
                }
                (false, _) => {
                    let name = needed(metadata, key)?;
                    if is_plain(name) {
                        Ok(RestoreInto::Existing {
                            noun: rules.noun,
                            name: name.to_owned(),
                        })
                    } else {
                        Err(Invalid::new(
                            field(key),
                            "must be the plain name or id of what exists, of letters, digits and _.-",
                        ))
                    }
                }
            }
        }
        Naming::Inside { key, member, noun } => match value(metadata, key) {
            None => Ok(RestoreInto::Unnamed),
            Some(inside) => {
                let named: Option<String> = serde_json::from_str::<Inside>(inside)
                    .ok()
                    .and_then(|inside| value_of(&inside, member));
                match named.filter(|name| is_plain(name)) {
                    Some(name) => Ok(RestoreInto::Existing { noun, name }),
                    None => Err(Invalid::new(
                        field(key),
                        format!("must be a JSON object that names the {noun} in {member}"),
                    )),
                }
            }
        },
    }
}

/// A JSON object in a value; only texts in it can name anything.
type Inside = std::collections::BTreeMap<String, serde_json::Value>;

fn value_of(inside: &Inside, member: &str) -> Option<String> {
    let wanted = keys::folded(member);
    let mut named = inside
        .iter()
        .filter(|(key, _)| keys::folded(key) == wanted)
        .map(|(_, value)| value.as_str().map(str::to_owned));
    let name = named.next().flatten();
    // Named twice, in two spellings, it is not known which one counts.
    if named.next().is_some() { None } else { name }
}

fn needed<'a>(metadata: &'a Metadata, key: &str) -> Result<&'a str, Invalid> {
    value(metadata, key).ok_or_else(|| Invalid::new(field(key), "must be given"))
}

fn is_plain(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Metadata {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn read_of(kind: &str, pairs: &[(&str, &str)]) -> Result<RestoreInto, Invalid> {
        read(&ResourceType::from(kind), &map(pairs), &Metadata::new())
    }

    fn existing(noun: &'static str, name: &str) -> RestoreInto {
        RestoreInto::Existing {
            noun,
            name: name.to_owned(),
        }
    }

    #[test]
    fn each_type_says_in_its_own_way_where_the_data_goes() {
        let new = |name: &str| RestoreInto::New(name.to_owned());
        for (kind, pairs, expected) in [
            (
                "S3",
                vec![("DestinationBucketName", "fresh"), ("NewBucket", "true")],
                new("fresh"),
            ),
            (
                "S3",
                vec![("DestinationBucketName", "Live_1"), ("NewBucket", "false")],
                existing("bucket", "Live_1"),
            ),
            ("EFS", vec![("newFileSystem", "true")], RestoreInto::Unnamed),
            (
                "EFS",
                vec![("newFileSystem", "false"), ("file-system-id", "fs-1")],
                existing("file system", "fs-1"),
            ),
            (
                "EBS",
                vec![("availabilityZone", "eu-west-1a")],
                RestoreInto::Unnamed,
            ),
            (
                "EC2",
                vec![("InstanceType", "t3.micro")],
                RestoreInto::Unnamed,
            ),
            ("RDS", vec![("DBInstanceIdentifier", "Main")], new("main")),
            ("Aurora", vec![("dbClusterIdentifier", "main")], new("main")),
            ("DocumentDB", vec![("DBClusterIdentifier", "d")], new("d")),
            ("Neptune", vec![("DBClusterIdentifier", "n")], new("n")),
            ("MemoryDB", vec![("clusterName", "cache")], new("cache")),
            (
                "FSx",
                vec![("subnetIds", "[\"subnet-1\"]")],
                RestoreInto::Unnamed,
            ),
            (
                "FSx",
                vec![(
                    "ontapConfiguration",
                    r#"{"storageVirtualMachineId":"svm-1"}"#,
                )],
                existing("storage virtual machine", "svm-1"),
            ),
        ] {
            assert_eq!(read_of(kind, &pairs), Ok(expected), "{kind} {pairs:?}");
        }
    }

    #[test]
    fn a_type_that_is_not_known_cannot_be_told() {
        for kind in ["Redshift", "CloudFormation", "Something new"] {
            let into = read_of(kind, &[("name", "x")]).unwrap();
            assert!(
                matches!(into, RestoreInto::Untold { .. }),
                "{kind} {into:?}"
            );
        }
    }

    #[test]
    fn a_key_that_differs_from_a_known_one_by_spelling_alone_is_refused_by_name() {
        for (kind, key, spelled) in [
            ("S3", "destinationbucketname", "DestinationBucketName"),
            ("S3", "newBucket", "NewBucket"),
            ("EFS", "File-System-Id", "file-system-id"),
            ("EFS", "fileSystemId", "file-system-id"),
            ("EFS", "NewFileSystem", "newFileSystem"),
            (
                "RDS",
                "dbinstanceidentifier",
                "DBInstanceIdentifier or dbInstanceIdentifier",
            ),
            ("MemoryDB", "ClusterName", "clusterName"),
            ("FSx", "OntapConfiguration", "ontapConfiguration"),
        ] {
            let error = read_of(kind, &[(key, "live-one")]).unwrap_err();
            assert_eq!(error.field, format!("restore metadata {key}"));
            assert_eq!(error.rule, format!("must be spelled {spelled}"));
        }
        // As AWS itself proposes it for the point, it stands.
        let proposed = map(&[("dbinstanceidentifier", "live-one")]);
        let given = map(&[("dbinstanceidentifier", "another")]);
        let kind = ResourceType::Rds;
        assert_eq!(
            read(&kind, &given, &proposed),
            Ok(RestoreInto::New("another".to_owned()))
        );
    }

    #[test]
    fn a_key_given_in_two_spellings_is_refused() {
        let error = read_of(
            "Aurora",
            &[
                ("DBClusterIdentifier", "new"),
                ("dbClusterIdentifier", "live"),
            ],
        )
        .unwrap_err();
        assert!(error.rule.contains("also given as DBClusterIdentifier"));
        let svm = r#"{"storageVirtualMachineId":"svm-1","StorageVirtualMachineId":"svm-2"}"#;
        assert!(read_of("FSx", &[("ontapConfiguration", svm)]).is_err());
        assert!(read_of("Redshift", &[("A", "1"), ("a", "1")]).is_err());
        assert!(read_of("Redshift", &[("a ", "1")]).is_err());
    }

    #[test]
    fn what_names_the_destination_must_be_there_and_plain() {
        for (kind, pairs, key) in [
            ("S3", vec![("NewBucket", "true")], "DestinationBucketName"),
            ("S3", vec![("DestinationBucketName", "b-1")], "NewBucket"),
            (
                "S3",
                vec![("DestinationBucketName", "b-1"), ("NewBucket", "TRUE")],
                "NewBucket",
            ),
            (
                "S3",
                vec![
                    ("DestinationBucketName", "arn:aws:s3:::live"),
                    ("NewBucket", "false"),
                ],
                "DestinationBucketName",
            ),
            (
                "S3",
                vec![("DestinationBucketName", "Live"), ("NewBucket", "true")],
                "DestinationBucketName",
            ),
            ("EFS", vec![("Encrypted", "true")], "newFileSystem"),
            ("EFS", vec![("newFileSystem", "false")], "file-system-id"),
            (
                "EFS",
                vec![("newFileSystem", "true"), ("file-system-id", "fs-1")],
                "file-system-id",
            ),
            (
                "RDS",
                vec![("DBInstanceIdentifier", "a b")],
                "DBInstanceIdentifier",
            ),
            ("RDS", vec![("Engine", "postgres")], "DBInstanceIdentifier"),
            (
                "FSx",
                vec![("ontapConfiguration", "{}")],
                "ontapConfiguration",
            ),
        ] {
            let error = read_of(kind, &pairs).unwrap_err();
            assert_eq!(error.field, format!("restore metadata {key}"), "{pairs:?}");
        }
    }

    #[test]
    fn a_key_that_nobody_knows_makes_the_destination_untold() {
        let pairs = [
            ("DBInstanceIdentifier", "new"),
            ("TargetDBInstanceIdentifier", "live"),
        ];
        let into = read_of("RDS", &pairs).unwrap();
        assert!(
            matches!(&into, RestoreInto::Untold { name: Some(name), why }
                if name == "new" && why.contains("TargetDBInstanceIdentifier")),
            "{into:?}"
        );
        // What AWS proposes for the point is a setting of the source.
        let proposed = map(&[("StorageOptimisation", "on")]);
        let given = map(&[
            ("DBInstanceIdentifier", "new"),
            ("StorageOptimisation", "on"),
        ]);
        assert_eq!(
            read(&ResourceType::Rds, &given, &proposed),
            Ok(RestoreInto::New("new".to_owned()))
        );
        // A creation token that was used before makes EFS take that file system.
        let pairs = [("newFileSystem", "true"), ("CreationToken", "t")];
        assert!(matches!(
            read_of("EFS", &pairs),
            Ok(RestoreInto::Untold { .. })
        ));
    }
}
