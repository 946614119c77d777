use std::collections::BTreeMap;

use tidemark_domain::{
    Partition, Region,
    policy::{PROOF_FOLDER, PROOF_TAG, PROOF_TAG_VALUE},
};

use super::{On, SCALING, session_policy::PASSED_TO};

/// What a request will say of the condition keys that policies look at, by the kind of resource that it
/// is about.
pub(crate) fn circumstances(on: On, region: &Region) -> BTreeMap<String, String> {
    let mut context = BTreeMap::new();
    let mut say = |key: &str, value: String| context.insert(key.to_owned(), value);
    let service = if on == On::VaultKey {
        Some("backup")
    } else {
        on.key_by_way_of()
    };
    if let Some(service) = service {
        let suffix = if Partition::of(region).id() == "aws-cn" {
            ".cn"
        } else {
            ""
        };
        say(
            "kms:ViaService",
            format!("{service}.{region}.amazonaws.com{suffix}"),
        );
    }
    match on {
        On::TableKeyGrant => {
            say("kms:GrantIsForAWSResource", "true".to_owned());
        }
        On::ServiceRole => {
            say("iam:PassedToService", PASSED_TO.to_owned());
        }
        On::ProofList => {
            say("s3:prefix", PROOF_FOLDER.to_owned());
        }
        // Only a role whose owner tagged it for that is tried.
        On::ProvedRole => {
            say(
                &format!("aws:ResourceTag/{PROOF_TAG}"),
                PROOF_TAG_VALUE.to_owned(),
            );
        }
        On::ScalingRole => {
            say("iam:AWSServiceName", SCALING.to_owned());
        }
        _ => {}
    }
    // IAM answers in one Region of the partition, whichever is asked about.
    if !matches!(on, On::Role | On::ScalingRole) {
        say("aws:RequestedRegion", region.to_string());
    }
    context
}
