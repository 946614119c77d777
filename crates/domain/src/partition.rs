use std::fmt;

use crate::Region;

/// One of AWS's partitions: a group of Regions with accounts, ARNs and a domain of its own.
///
/// Source: `botocore/data/partitions.json` (1.44.8). A test compares this list with an extract of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    id: &'static str,
    dns_suffix: &'static str,
    /// What goes before the `-word-number` of the codes of its Regions.
    areas: &'static [&'static str],
}

const PARTITIONS: [Partition; 8] = [
    Partition {
        id: "aws",
        dns_suffix: "amazonaws.com",
        areas: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
    },
    Partition {
        id: "aws-cn",
        dns_suffix: "amazonaws.com.cn",
        areas: &["cn"],
    },
    Partition {
        id: "aws-eusc",
        dns_suffix: "amazonaws.eu",
        areas: &["eusc-de"],
    },
    Partition {
        id: "aws-iso",
        dns_suffix: "c2s.ic.gov",
        areas: &["us-iso"],
    },
    Partition {
        id: "aws-iso-b",
        dns_suffix: "sc2s.sgov.gov",
        areas: &["us-isob"],
    },
    Partition {
        id: "aws-iso-e",
        dns_suffix: "cloud.adc-e.uk",
        areas: &["eu-isoe"],
    },
    Partition {
        id: "aws-iso-f",
        dns_suffix: "csp.hci.ic.gov",
        areas: &["us-isof"],
    },
    Partition {
        id: "aws-us-gov",
        dns_suffix: "amazonaws.com",
        areas: &["us-gov"],
    },
];

impl Partition {
    /// Every partition.
    pub const ALL: &[Self] = &PARTITIONS;

    /// The partition of a Region; `aws` for one that fits no partition's names, as AWS's own clients
    /// take it.
    pub fn of(region: &Region) -> Self {
        PARTITIONS
            .into_iter()
            .find(|partition| partition.holds(region.as_str()))
            .unwrap_or(PARTITIONS[0])
    }

    /// The partition of this id.
    pub fn named(id: &str) -> Option<Self> {
        PARTITIONS.into_iter().find(|partition| partition.id == id)
    }

    /// The id, as the second field of an ARN has it: `aws`, `aws-cn`, `aws-eusc`.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// The domain of its services: `amazonaws.com`.
    pub fn dns_suffix(self) -> &'static str {
        self.dns_suffix
    }

    fn holds(self, region: &str) -> bool {
        self.areas.iter().any(|area| {
            let mut rest = region
                .strip_prefix(area)
                .and_then(|rest| rest.strip_prefix('-'))
                .into_iter()
                .flat_map(|rest| rest.split('-'));
            let word = |text: &str| {
                !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            };
            rest.next().is_some_and(word)
                && rest.next().is_some_and(|text| {
                    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
                })
                && rest.next().is_none()
        })
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use rstest::rstest;
    use serde_json::Value;

    use super::*;

    fn of(region: &str) -> &'static str {
        Partition::of(&Region::parse(region).unwrap()).id()
    }

    #[test]
    fn the_partitions_are_those_of_botocore_and_hold_its_regions() {
        let extract: Value =
            serde_json::from_str(include_str!("../tests/cases/schemas/partitions.json")).unwrap();
        let listed = extract["partitions"].as_array().unwrap();
        let ids: Vec<&str> = listed.iter().filter_map(|p| p["id"].as_str()).collect();
        let ours: Vec<&str> = Partition::ALL.iter().map(|p| p.id()).collect();
        assert_eq!(ours, ids);
        for partition in listed {
            let id = partition["id"].as_str().unwrap();
            let ours = Partition::named(id).unwrap();
            assert_eq!(ours.dns_suffix(), partition["dnsSuffix"], "{id}");
            for region in partition["regions"].as_array().unwrap() {
                assert_eq!(of(region.as_str().unwrap()), id, "{region}");
            }
            // `^(us|eu)\-\w+\-\d+$`: the areas are what stands before `\-\w+\-\d+$`.
            let areas: Vec<String> = ours.areas.iter().map(|a| a.replace('-', "\\-")).collect();
            let regex = partition["regionRegex"].as_str().unwrap();
            let stem = regex
                .strip_prefix('^')
                .unwrap()
                .strip_suffix("\\-\\w+\\-\\d+$")
                .unwrap();
            let plain = stem.replace("\\-(de)", "\\-de");
            let wanted = plain.trim_start_matches('(').trim_end_matches(')');
            assert_eq!(areas.join("|"), wanted, "{id}");
        }
    }

    #[rstest]
    #[case("eusc-de-east-1", "aws-eusc")]
    #[case("us-iso-east-1", "aws-iso")]
    #[case("us-isob-east-1", "aws-iso-b")]
    #[case("eu-isoe-west-1", "aws-iso-e")]
    #[case("us-isof-south-1", "aws-iso-f")]
    #[case("us-gov-west-1", "aws-us-gov")]
    #[case("cn-north-1", "aws-cn")]
    #[case("eu-new-99", "aws")]
    #[case("xx-new-1", "aws")]
    fn a_region_tells_its_partition(#[case] region: &str, #[case] partition: &str) {
        assert_eq!(of(region), partition);
    }
}
