use std::collections::BTreeSet;

use tidemark_domain::{Arn, Partition, Scope, change::PointAction};

use crate::calls::{Call, SessionPolicy};

/// A session policy may have 2,048 packed characters; this leaves room for what is around the ARNs.
const ROOM: usize = 1_500;

/// The points that a session may touch: each by its ARN where they are few, else by the beginnings
/// that their ARNs share.
///
/// `exact` allows the former; a run over many accounts takes the latter, so that its parameters stay
/// small.
pub(crate) fn patterns<'a>(
    arns: impl Iterator<Item = &'a Arn> + Clone,
    exact: bool,
) -> Vec<String> {
    let fits =
        |texts: &BTreeSet<String>| texts.iter().map(|text| text.len() + 3).sum::<usize>() <= ROOM;
    if exact {
        let mut each = BTreeSet::new();
        for arn in arns.clone() {
            each.insert(arn.to_string());
            if !fits(&each) {
                break;
            }
        }
        if fits(&each) {
            return each.into_iter().collect();
        }
    }
    let kinds: BTreeSet<String> = arns.map(kind_of).collect();
    if fits(&kinds) {
        return kinds.into_iter().collect();
    }
    vec!["*".to_owned()]
}

/// The ARN with everything after its type left open: `arn:aws:ec2:eu-west-1::snapshot/*`.
fn kind_of(arn: &Arn) -> String {
    let text = arn.as_str();
    let start = text.len() - arn.resource().len();
    let end = arn
        .resource()
        .find([':', '/'])
        .map_or(start, |at| start + at + 1);
    format!("{}*", &text[..end])
}

/// The inline session policy of one account and Region: what this run may do there, and nothing else.
pub(super) fn session_policy(
    scope: &Scope,
    action: &PointAction,
    resources: &[String],
) -> SessionPolicy {
    let call = match action {
        PointAction::Delete => Call::DeleteRecoveryPoint,
        PointAction::ChangeLifecycle { .. } => Call::UpdateRecoveryPointLifecycle,
    };
    let partition = Partition::of(&scope.region).id();
    SessionPolicy::new(partition, &scope.account, &scope.region).allow(&[call], resources)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use tidemark_domain::Region;

    use super::*;

    fn arns(number: usize) -> Vec<Arn> {
        (0..number)
            .map(|n| {
                Arn::parse(format!(
                    "arn:aws:backup:eu-west-1:111122223333:recovery-point:{n:08}"
                ))
                .unwrap()
            })
            .collect()
    }

    #[test]
    fn few_points_are_named_and_many_share_their_beginning() {
        assert_eq!(patterns(arns(3).iter(), true).len(), 3);
        assert_eq!(patterns(arns(3).iter(), false).len(), 1);
        let mut many = arns(500);
        many.push(Arn::parse("arn:aws:ec2:eu-west-1::snapshot/snap-1").unwrap());
        many.push(Arn::parse("arn:aws:dynamodb:eu-west-1:111122223333:table/t/backup/1").unwrap());
        assert_eq!(
            patterns(many.iter(), true),
            [
                "arn:aws:backup:eu-west-1:111122223333:recovery-point:*",
                "arn:aws:dynamodb:eu-west-1:111122223333:table/*",
                "arn:aws:ec2:eu-west-1::snapshot/*",
            ]
        );
    }

    #[test]
    fn a_session_policy_stays_within_what_sts_takes() {
        let scope = Scope {
            account: "111122223333".parse().unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
        };
        for number in [1, 20, 5_000] {
            let resources = patterns(arns(number).iter(), true);
            let policy = session_policy(&scope, &PointAction::Delete, &resources);
            let fitted = policy.fit().unwrap();
            assert!(fitted.text.len() <= 2_048, "{}", fitted.text.len());
            assert!(fitted.widened.is_empty(), "{:?}", fitted.widened);
        }
    }
}
