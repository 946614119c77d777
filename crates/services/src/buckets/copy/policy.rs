use serde_json::json;
use tidemark_domain::{Partition, RoleArn, buckets::CopyRequest};

use crate::calls::{Call, SessionPolicy};

/// What reading the source takes: of its bucket, of its objects.
const SOURCE: ([Call; 1], [Call; 2]) = (
    [Call::ListObjectsV2],
    [Call::HeadObject, Call::GetObjectTagging],
);
/// What reading retention and legal holds takes besides.
const LOCKS: [Call; 2] = [Call::GetObjectRetention, Call::GetObjectLegalHold];

/// All that the credentials of a copy may do: read under the one prefix, write under the other.
pub(super) fn copy_policy(request: &CopyRequest, locks: bool) -> SessionPolicy {
    let to = &request.to;
    let mut source = SOURCE.1.to_vec();
    let mut written = vec![
        Call::HeadObject,
        Call::PutObject,
        Call::PutObjectTagging,
        Call::AbortMultipartUpload,
    ];
    if locks {
        source.extend(LOCKS);
        written.extend([Call::PutObjectRetention, Call::PutObjectLegalHold]);
    }
    SessionPolicy::new(Partition::of(&to.region).id(), &to.account, &to.region)
        .allow(&SOURCE.0, &[request.from.arn(), to.arn()])
        .allow(&source, &[request.from.objects(&request.prefix)])
        .allow(&written, &[to.objects(&request.to_prefix)])
}

/// The statements that the source's bucket policy needs so that a role of another account may read it.
pub(super) fn source_statements(request: &CopyRequest, role: &RoleArn) -> String {
    let actions = |calls: &[Call]| -> Vec<&'static str> {
        let mut actions: Vec<_> = calls.iter().flat_map(|call| call.actions()).collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    };
    let from = &request.from;
    let statement = |actions: Vec<&'static str>, resource: String| {
        json!({
            "Effect": "Allow",
            "Principal": {"AWS": role.as_str()},
            "Action": actions,
            "Resource": resource,
        })
    };
    json!([
        statement(actions(&SOURCE.0), from.arn()),
        statement(actions(&SOURCE.1), from.objects(&request.prefix)),
    ])
    .to_string()
}
