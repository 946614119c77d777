use serde::{Deserialize, Serialize};

use super::{
    BucketPlace, BucketSettings, Encryption, Known, LifecycleRule, ObjectLock, PublicAccess,
    ReplicationRule, SettingsFix, Versioning,
};
use crate::Verdict;

/// One thing that a bucket of backups should be like, and how it stands with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// What it is about, for example `Versioning`.
    pub name: String,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// Why it matters, and what can be done.
    pub why: String,
    /// The change that mends it without danger, where there is one.
    pub fix: Option<SettingsFix>,
}

/// A bucket, how it is set up, and how that stands with what backups need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketReport {
    /// The bucket.
    pub place: BucketPlace,
    /// The account's alias; empty without one.
    pub alias: String,
    /// As S3 says.
    pub settings: BucketSettings,
    /// In the order in which they matter.
    pub requirements: Vec<Requirement>,
}

/// How a bucket's settings stand with what backups need.
pub fn requirements(settings: &BucketSettings) -> Vec<Requirement> {
    let mut all = vec![
        judged("Versioning", &settings.versioning, |found| {
            versioning(*found)
        }),
        judged("Object lock", &settings.lock, |found| lock(found.as_ref())),
        judged("Default encryption", &settings.encryption, |found| {
            encryption(found.as_ref())
        }),
        judged("Block public access", &settings.public_access, |found| {
            public_access(*found)
        }),
        judged("Replication", &settings.replication, |found| {
            replication(found)
        }),
    ];
    match &settings.lifecycle {
        Known::Is(rules) if rules.is_empty() => all.push(Requirement {
            name: "Lifecycle rules".to_owned(),
            verdict: Verdict::Pass,
            found: "There are none.".to_owned(),
            why: "Whatever writes the backups decides what goes and when.".to_owned(),
            fix: None,
        }),
        Known::Is(rules) => all.extend(rules.iter().map(lifecycle)),
        Known::Unknown(why) => all.push(unknown("Lifecycle rules", why)),
    }
    all
}

fn judged<T>(
    name: &str,
    found: &Known<T>,
    judge: impl Fn(&T) -> (Verdict, String, String, Option<SettingsFix>),
) -> Requirement {
    match found {
        Known::Is(found) => {
            let (verdict, found, why, fix) = judge(found);
            Requirement {
                name: name.to_owned(),
                verdict,
                found,
                why,
                fix,
            }
        }
        Known::Unknown(why) => unknown(name, why),
    }
}

fn unknown(name: &str, why: &str) -> Requirement {
    Requirement {
        name: name.to_owned(),
        verdict: Verdict::Unknown,
        found: why.to_owned(),
        why: "It was not read, so nothing is known of it. Where the permission is missing, allow it for the account's role."
            .to_owned(),
        fix: None,
    }
}

type Judged = (Verdict, String, String, Option<SettingsFix>);

fn versioning(found: Versioning) -> Judged {
    let why = "Without versions, whoever overwrites or deletes an object has destroyed the backup in it. Versions cost the storage that they take.";
    match found {
        Versioning::Enabled => (
            Verdict::Pass,
            "On: what is overwritten or deleted can be had back.".to_owned(),
            String::new(),
            None,
        ),
        Versioning::Suspended => (
            Verdict::Fail,
            "Suspended: versions of before are kept, new ones are not.".to_owned(),
            why.to_owned(),
            Some(SettingsFix::EnableVersioning),
        ),
        Versioning::Off => (
            Verdict::Fail,
            "Off.".to_owned(),
            why.to_owned(),
            Some(SettingsFix::EnableVersioning),
        ),
    }
}

fn lock(found: Option<&ObjectLock>) -> Judged {
    match found {
        Some(ObjectLock {
            default_retention: Some(default),
        }) => (
            Verdict::Pass,
            format!("New versions are locked for {} ({}).", default.time, default.mode),
            String::new(),
            None,
        ),
        Some(ObjectLock {
            default_retention: None,
        }) => (
            Verdict::Warn,
            "On, without a default retention: only versions are locked that their writer locks.".to_owned(),
            "A default retention locks every new version. Set one where the writer does not lock by itself.".to_owned(),
            None,
        ),
        None => (
            Verdict::Warn,
            "Off: whoever may delete versions can delete backups for good.".to_owned(),
            "Once on, object lock can never be switched off, and what is locked is paid for until its date. So it is not offered as a quick change here."
                .to_owned(),
            None,
        ),
    }
}

fn encryption(found: Option<&Encryption>) -> Judged {
    match found {
        Some(Encryption {
            algorithm,
            key: Some(key),
        }) => (
            Verdict::Pass,
            format!("{algorithm} with the key {key}."),
            "Whoever reads the backups, or copies them to another account, must be allowed to use this key as well; when it is deleted, they are lost."
                .to_owned(),
            None,
        ),
        Some(Encryption {
            algorithm,
            key: None,
        }) => (Verdict::Pass, format!("{algorithm}."), String::new(), None),
        None => (
            Verdict::Pass,
            "No default is named; S3 then encrypts each object with keys of its own (AES256).".to_owned(),
            String::new(),
            None,
        ),
    }
}

fn public_access(found: PublicAccess) -> Judged {
    let open = found.open();
    if open.is_empty() {
        return (
            Verdict::Pass,
            "All four kinds are blocked.".to_owned(),
            String::new(),
            None,
        );
    }
    (
        Verdict::Fail,
        format!("Not set: {}.", open.join(", ")),
        "A policy or an access control list by mistake would open the backups to everybody. A block on the account may hold all the same; this bucket's own does not depend on it."
            .to_owned(),
        Some(SettingsFix::BlockPublicAccess),
    )
}

fn replication(found: &[ReplicationRule]) -> Judged {
    let live: Vec<String> = found
        .iter()
        .filter(|rule| rule.enabled)
        .map(|rule| {
            let prefix = if rule.prefix.is_empty() {
                "everything".to_owned()
            } else {
                format!("keys that begin with {}", rule.prefix)
            };
            let deletes = if rule.deletes { ", deletions too" } else { "" };
            format!("{prefix} to {}{deletes}", rule.destination)
        })
        .collect();
    if live.is_empty() {
        return (
            Verdict::Warn,
            "Nothing is replicated.".to_owned(),
            "New objects are in this bucket alone. Replication takes what is written from then on; what is there already is copied with “Copy a prefix”."
                .to_owned(),
            None,
        );
    }
    let deletes = found.iter().any(|rule| rule.enabled && rule.deletes);
    let why = if deletes {
        "Delete markers are replicated: a deletion by mistake is one in the replica too, until the marker is removed there."
    } else {
        ""
    };
    (
        Verdict::Pass,
        format!("{}.", live.join("; ")),
        why.to_owned(),
        None,
    )
}

/// How a lifecycle rule stands with a chain of increments.
fn lifecycle(rule: &LifecycleRule) -> Requirement {
    let (verdict, why, fix) = if rule.expires_objects() {
        (
            Verdict::Fail,
            "Increments build on the objects before them: one that expires takes every later restore with it. Retention is the business of whatever writes the backups."
                .to_owned(),
            Some(SettingsFix::StopExpiring {
                rule: rule.id.clone(),
            }),
        )
    } else if !rule.enabled {
        let why = if rule.expiration.is_some() {
            "It does nothing while it is off; switched on, it would expire objects that increments build on."
        } else {
            "It does nothing while it is off."
        };
        (Verdict::Pass, why.to_owned(), None)
    } else if !rule.archives().is_empty() {
        (
            Verdict::Warn,
            "From these classes an object can be read only hours after somebody has asked for it: a restore from the backups fails until then."
                .to_owned(),
            None,
        )
    } else if rule.noncurrent.is_some() {
        (
            Verdict::Warn,
            "It takes no current object, so chains stay whole. It ends the time in which what was overwritten or deleted by mistake can be had back; where versions are the history of records, it ends that history."
                .to_owned(),
            None,
        )
    } else {
        (
            Verdict::Pass,
            "It takes no object away that a backup needs.".to_owned(),
            None,
        )
    };
    Requirement {
        name: format!("Lifecycle rule {}", rule.id),
        verdict,
        found: format!("{}.", rule.words()),
        why,
        fix,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::{
        Region,
        buckets::{Expiration, NoncurrentExpiration, Transition},
    };

    fn settings(rules: Vec<LifecycleRule>) -> BucketSettings {
        BucketSettings {
            region: Region::parse("eu-west-1").unwrap(),
            versioning: Known::Is(Versioning::Suspended),
            lock: Known::Is(None),
            encryption: Known::Is(None),
            public_access: Known::Is(PublicAccess {
                block_acls: true,
                ..PublicAccess::default()
            }),
            replication: Known::Unknown("s3:GetBucketReplication: denied".to_owned()),
            lifecycle: Known::Is(rules),
        }
    }

    fn rule(id: &str) -> LifecycleRule {
        LifecycleRule {
            id: id.to_owned(),
            enabled: true,
            ..LifecycleRule::default()
        }
    }

    #[test]
    fn what_is_missing_is_told_with_the_change_that_mends_it() {
        let all = requirements(&settings(Vec::new()));
        let of = |name: &str| all.iter().find(|one| one.name == name).unwrap();
        assert_eq!(of("Versioning").fix, Some(SettingsFix::EnableVersioning));
        let public = of("Block public access");
        assert_eq!(public.fix, Some(SettingsFix::BlockPublicAccess));
        assert!(!public.found.contains("BlockPublicAcls,"), "{public:?}");
        assert!(public.found.contains("BlockPublicPolicy"), "{public:?}");
        assert_eq!(of("Replication").verdict, Verdict::Unknown);
        assert_eq!(of("Lifecycle rules").verdict, Verdict::Pass);
    }

    #[test]
    fn only_a_rule_that_takes_current_objects_breaks_a_chain() {
        let expires = Some(Expiration::Days(30));
        let noncurrent = Some(NoncurrentExpiration {
            days: 90,
            keep: None,
        });
        let to = |class: &str, noncurrent| {
            vec![Transition {
                class: class.to_owned(),
                when: "after 30 days".to_owned(),
                noncurrent,
            }]
        };
        let cases = [
            (
                LifecycleRule {
                    expiration: expires.clone(),
                    ..rule("days")
                },
                Verdict::Fail,
            ),
            (
                LifecycleRule {
                    expiration: Some(Expiration::Date("2027-01-01".to_owned())),
                    noncurrent: noncurrent.clone(),
                    ..rule("date")
                },
                Verdict::Fail,
            ),
            (
                LifecycleRule {
                    expiration: expires.clone(),
                    enabled: false,
                    ..rule("off")
                },
                Verdict::Pass,
            ),
            (
                LifecycleRule {
                    noncurrent,
                    ..rule("versions")
                },
                Verdict::Warn,
            ),
            (
                LifecycleRule {
                    abort_uploads_after: Some(7),
                    removes_markers: true,
                    ..rule("uploads")
                },
                Verdict::Pass,
            ),
            (
                LifecycleRule {
                    transitions: to("DEEP_ARCHIVE", false),
                    ..rule("archive")
                },
                Verdict::Warn,
            ),
            (
                LifecycleRule {
                    transitions: to("GLACIER", true),
                    ..rule("old versions")
                },
                Verdict::Pass,
            ),
            (
                LifecycleRule {
                    transitions: to("STANDARD_IA", false),
                    ..rule("cheaper")
                },
                Verdict::Pass,
            ),
        ];
        for (rule, verdict) in cases {
            let judged = lifecycle(&rule);
            assert_eq!(judged.verdict, verdict, "{rule:?}");
            assert_eq!(judged.fix.is_some(), verdict == Verdict::Fail, "{rule:?}");
        }
    }
}
