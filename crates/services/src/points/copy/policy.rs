use tidemark_domain::{Partition, Scope};

use crate::{
    calls::{Call, SessionPolicy},
    restore::default_service_role,
};

/// The role that AWS Backup copies as in an account, where nobody named one.
pub(super) fn service_role(scope: &Scope, given: Option<&str>) -> String {
    let partition = Partition::of(&scope.region).id();
    given.map_or_else(
        || default_service_role(partition, &scope.account),
        str::to_owned,
    )
}

/// The inline session policy of one account and Region: to start copy jobs of these points, to hand AWS Backup one role and
/// to look at copy jobs.
pub(super) fn session_policy(scope: &Scope, role: &str, resources: &[String]) -> SessionPolicy {
    let partition = Partition::of(&scope.region).id();
    SessionPolicy::new(partition, &scope.account, &scope.region)
        .roles([role])
        .allow(&[Call::StartCopyJob], resources)
        .allow_any(&[Call::DescribeCopyJob])
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use tidemark_domain::{AccountId, Region};

    use super::*;

    #[test]
    fn a_session_may_copy_its_points_and_hand_over_one_role() {
        let scope = Scope {
            account: AccountId::parse("111122223333").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
        };
        let role = service_role(&scope, None);
        let resources = ["arn:aws:ec2:eu-west-1::snapshot/*".to_owned()];
        let text = session_policy(&scope, &role, &resources)
            .fit()
            .unwrap()
            .text;
        for part in [
            "backup:StartCopyJob",
            "backup:DescribeCopyJob",
            "iam:PassRole",
            "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
            "snapshot/*",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("Delete"), "{text}");
    }
}
