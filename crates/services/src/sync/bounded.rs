//! What an account tells is only as large as AWS lets it be. Whoever answers in AWS's place, or a fault
//! of its own, must not fill the catalogue that all share, nor the pages that show it.

use std::collections::BTreeMap;

use tidemark_domain::{Job, LegalHold, RecoveryPoint, Resource, Vault};

use crate::ports::ScopeSnapshot;

/// Longest name; AWS's longest are 255 characters.
const NAME: usize = 256;
/// Longest key and value of a tag, and most tags; AWS's are 128, 256 and 50.
const TAG_KEY: usize = 128;
const TAG_VALUE: usize = 256;
const TAGS: usize = 100;
/// Longest message or description.
const MESSAGE: usize = 2_000;
/// Longest policy in bytes; AWS's longest is 20,480.
const POLICY: usize = 65_536;
/// Most entries of a list within a legal hold.
const LISTED: usize = 1_000;

/// Shortens what is longer than AWS allows.
pub(super) fn bound(snapshot: &mut ScopeSnapshot) {
    snapshot.resources.iter_mut().for_each(resource);
    snapshot.points.iter_mut().for_each(point);
    snapshot.jobs.iter_mut().for_each(job);
    snapshot.holds.iter_mut().for_each(hold);
    snapshot.vaults.iter_mut().for_each(vault);
}

fn resource(resource: &mut Resource) {
    shorten(&mut resource.name, NAME);
    let fits = resource.tags.len() <= TAGS
        && resource
            .tags
            .iter()
            .all(|(key, value)| key.len() <= TAG_KEY && value.len() <= TAG_VALUE);
    if !fits {
        resource.tags = tags(std::mem::take(&mut resource.tags));
    }
}

/// The first tags, and whose it is in any case: nobody gets it by tags that push that one out.
fn tags(tags: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let (owner, others): (Vec<_>, Vec<_>) = tags
        .into_iter()
        .filter(|(key, _)| key.chars().count() <= TAG_KEY)
        .partition(|(key, _)| key.eq_ignore_ascii_case("owner"));
    owner
        .into_iter()
        .chain(others)
        .take(TAGS)
        .map(|(key, mut value)| {
            shorten(&mut value, TAG_VALUE);
            (key, value)
        })
        .collect()
}

fn point(point: &mut RecoveryPoint) {
    shorten(&mut point.status, NAME);
    for text in [&mut point.vault, &mut point.plan_id, &mut point.rule_id] {
        shorten_any(text, NAME);
    }
    shorten_any(&mut point.status_message, MESSAGE);
}

fn job(job: &mut Job) {
    shorten(&mut job.status, NAME);
    for text in [&mut job.vault, &mut job.plan_id, &mut job.rule_id] {
        shorten_any(text, NAME);
    }
    shorten_any(&mut job.message, MESSAGE);
}

fn hold(hold: &mut LegalHold) {
    shorten(&mut hold.title, NAME);
    shorten(&mut hold.description, MESSAGE);
    shorten(&mut hold.status, NAME);
    for list in [&mut hold.vaults, &mut hold.resources] {
        list.truncate(LISTED);
    }
}

fn vault(vault: &mut Vault) {
    shorten(&mut vault.name, NAME);
    if let Some(policy) = &mut vault.access_policy
        && policy.len() > POLICY
    {
        *policy = format!("A policy of {} bytes, which is not kept.", policy.len());
    }
}

fn shorten_any(text: &mut Option<String>, most: usize) {
    if let Some(text) = text {
        shorten(text, most);
    }
}

fn shorten(text: &mut String, most: usize) {
    if text.len() <= most {
        return;
    }
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use tidemark_domain::{AccountId, Arn, Region, ResourceType};

    use super::*;

    fn lying() -> Resource {
        Resource {
            arn: Arn::parse("arn:aws:s3:::b").unwrap(),
            resource_type: ResourceType::from("S3"),
            account: AccountId::parse("111122223333").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
            name: "ä".repeat(1_000_000),
            tags: (0..10_000)
                .map(|n| (format!("a{n}"), "v".repeat(1_000)))
                .chain([("owner".to_owned(), "ann".to_owned())])
                .collect(),
            size_bytes: Some(u64::MAX),
            created_at: None,
            pitr: None,
            deleted: false,
        }
    }

    #[test]
    fn what_is_longer_than_aws_allows_is_shortened_and_its_owner_stays() {
        let mut snapshot = ScopeSnapshot {
            resources: vec![lying()],
            ..ScopeSnapshot::default()
        };
        bound(&mut snapshot);
        let resource = &snapshot.resources[0];
        assert_eq!(resource.name.chars().count(), NAME + 1);
        assert_eq!(resource.tags.len(), TAGS);
        assert_eq!(resource.owner(), Some("ann"));
        assert!(
            resource
                .tags
                .values()
                .all(|value| value.chars().count() <= TAG_VALUE + 1)
        );
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let mut snapshot = ScopeSnapshot {
            resources: vec![Resource {
                name: "orders".to_owned(),
                tags: BTreeMap::from([("Owner".to_owned(), "ä".repeat(100))]),
                ..lying()
            }],
            ..ScopeSnapshot::default()
        };
        let before = snapshot.resources.clone();
        bound(&mut snapshot);
        assert_eq!(snapshot.resources, before);
    }
}
