use jiff::Timestamp;

/// What something new may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRule {
    /// A DynamoDB table (`TableName`).
    Table,
    /// An S3 bucket ("Bucket naming rules").
    Bucket,
    /// An instance or cluster of RDS, `DocumentDB` or Neptune (`DBInstanceIdentifier`).
    Database,
    /// A MemoryDB cluster (`ClusterName`).
    MemoryDb,
}

/// Beginnings and ends of bucket names that S3 keeps for itself.
const RESERVED_BEGINNINGS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

impl NameRule {
    /// Most characters.
    const fn longest(self) -> usize {
        match self {
            Self::Table => 255,
            Self::Bucket | Self::Database => 63,
            Self::MemoryDb => 40,
        }
    }

    /// The rule in words: `must have …`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Table => "must have 3 to 255 characters of letters, digits and _.-",
            Self::Bucket => {
                "must have 3 to 63 small letters, digits, dots and hyphens, begin and end with a letter or digit, hold no two dots in a row, be no IP address, and not look like a name that S3 keeps for itself"
            }
            Self::Database => {
                "must have 1 to 63 letters, digits and hyphens, begin with a letter, not end with a hyphen and hold no two in a row"
            }
            Self::MemoryDb => {
                "must have 1 to 40 small letters, digits and hyphens, begin with a letter, not end with a hyphen and hold no two in a row"
            }
        }
    }

    /// Whether something new may be called so.
    pub fn allows(self, name: &str) -> bool {
        let all = |allowed: &dyn Fn(u8) -> bool| name.bytes().all(allowed);
        if name.is_empty() || name.len() > self.longest() {
            return false;
        }
        match self {
            Self::Table => {
                name.len() >= 3 && all(&|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
            }
            Self::Bucket => {
                let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
                name.len() >= 3
                    && all(&|b| plain(b) || b".-".contains(&b))
                    && name.bytes().next().is_some_and(plain)
                    && name.bytes().last().is_some_and(plain)
                    && !name.contains("..")
                    && name.parse::<std::net::Ipv4Addr>().is_err()
                    && !RESERVED_BEGINNINGS.iter().any(|b| name.starts_with(b))
                    && !RESERVED_ENDS.iter().any(|e| name.ends_with(e))
            }
            Self::Database | Self::MemoryDb => {
                let letter = |b: u8| {
                    b.is_ascii_lowercase() || (self == Self::Database && b.is_ascii_uppercase())
                };
                all(&|b| letter(b) || b.is_ascii_digit() || b == b'-')
                    && name.bytes().next().is_some_and(letter)
                    && !name.ends_with('-')
                    && !name.contains("--")
            }
        }
    }

    /// The name as the service keeps it: names of databases and clusters ignore case.
    pub fn kept(self, name: &str) -> String {
        match self {
            Self::Table | Self::Bucket => name.to_owned(),
            Self::Database | Self::MemoryDb => name.to_ascii_lowercase(),
        }
    }

    /// Names for what is restored from `name` as it was at a moment, the plainest first: whoever
    /// looks for a free one takes the first that is.
    pub fn suggestions(self, name: &str, moment: Timestamp) -> impl Iterator<Item = String> {
        self.stamped(name, "-restored-", moment)
    }

    /// The same for what is restored as one of a set: `orders-20210901T120000Z`.
    pub fn suggestions_in_set(self, name: &str, moment: Timestamp) -> impl Iterator<Item = String> {
        self.stamped(name, "-", moment)
    }

    fn stamped(
        self,
        name: &str,
        word: &'static str,
        moment: Timestamp,
    ) -> impl Iterator<Item = String> + use<> {
        let stamp = match self {
            Self::Table => moment.strftime("%Y%m%dT%H%M%SZ"),
            _ => moment.strftime("%Y%m%d%H%M%S"),
        }
        .to_string();
        let base = self.cleaned(name);
        (1u32..=50).map(move |n| {
            let end = match n {
                1 => format!("{word}{stamp}"),
                n => format!("{word}{stamp}-{n}"),
            };
            let room = self.longest().saturating_sub(end.len());
            let base: String = base.chars().take(room).collect();
            format!("{}{end}", base.trim_end_matches(['-', '.']))
        })
    }

    /// The nearest beginning of an allowed name.
    fn cleaned(self, name: &str) -> String {
        if self == Self::Table {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            let base: String = name
                .chars()
                .map(|c| if allowed(c) { c } else { '-' })
                .collect();
            return if base.is_empty() {
                "table".to_owned()
            } else {
                base
            };
        }
        let mut base = String::new();
        for c in name.chars() {
            if c.is_ascii_alphanumeric() {
                base.push(c.to_ascii_lowercase());
            } else if !base.is_empty() && !base.ends_with('-') {
                base.push('-');
            }
        }
        let begins_well = base.starts_with(|c: char| {
            c.is_ascii_lowercase() || (self == Self::Bucket && c.is_ascii_digit())
        });
        if begins_well && !RESERVED_BEGINNINGS.iter().any(|b| base.starts_with(b)) {
            base
        } else {
            format!("r-{base}")
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;

    const ALL: [NameRule; 4] = [
        NameRule::Table,
        NameRule::Bucket,
        NameRule::Database,
        NameRule::MemoryDb,
    ];

    fn moment() -> Timestamp {
        "2026-11-21T14:04:31Z".parse().unwrap()
    }

    #[test]
    fn a_name_tells_what_was_restored_and_to_which_moment() {
        let first = |rule: NameRule, name: &str| rule.suggestions(name, moment()).next().unwrap();
        assert_eq!(
            first(NameRule::Table, "Orders_v2"),
            "Orders_v2-restored-20261121T140431Z"
        );
        assert_eq!(
            NameRule::Table
                .suggestions_in_set("orders", moment())
                .next()
                .unwrap(),
            "orders-20261121T140431Z"
        );
        assert_eq!(
            first(NameRule::Bucket, "media.originals"),
            "media-originals-restored-20261121140431"
        );
        assert_eq!(
            first(NameRule::Database, "9-Lives"),
            "r-9-lives-restored-20261121140431"
        );
        assert_eq!(
            first(NameRule::MemoryDb, "a-session-cache-of-shops"),
            "a-session-cache-restored-20261121140431"
        );
    }

    #[test]
    fn the_rules_of_each_service_hold() {
        for (rule, good, bad) in [
            (
                NameRule::Table,
                vec!["a.b", "Orders_1"],
                vec!["", "ab", "a b", "ü-t"],
            ),
            (
                NameRule::Bucket,
                vec!["abc", "a.b-c", "123"],
                vec![
                    "ab",
                    "Abc",
                    "a..b",
                    "-ab",
                    "ab-",
                    "10.0.0.1",
                    "xn--a",
                    "a-s3alias",
                    "a_b",
                    "arn:aws:s3:::b",
                ],
            ),
            (
                NameRule::Database,
                vec!["a", "Main-1"],
                vec!["", "1a", "a-", "a--b", "a_b", "a b"],
            ),
            (
                NameRule::MemoryDb,
                vec!["cache"],
                vec!["Cache", "9", "a--b", "a-"],
            ),
        ] {
            for name in good {
                assert!(rule.allows(name), "{rule:?} {name}");
            }
            for name in bad {
                assert!(!rule.allows(name), "{rule:?} {name}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_suggestion_is_allowed_and_they_differ(name in "\\PC{0,300}") {
            for rule in ALL {
                let single = rule.suggestions(&name, moment());
                let all: Vec<String> = single
                    .chain(rule.suggestions_in_set(&name, moment()))
                    .collect();
                let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
                prop_assert_eq!(distinct.len(), all.len());
                for suggestion in &all {
                    prop_assert!(rule.allows(suggestion), "{:?} {}", rule, suggestion);
                }
            }
        }
    }
}
