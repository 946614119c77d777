use sha2::{Digest, Sha256};
use tidemark_domain::records::{
    Capture, CaptureMode, SetupChange, SetupChangeKind, SetupPreview, SetupRequest,
};
use tidemark_records::ports::Versioning;

use super::{
    bucket_policy::{keep_versions, merged},
    check,
    found::{self, Found},
};
use crate::{
    Caller, ServiceError, Services,
    calls::{self, Call},
    records::policy::{self, Place},
};

/// Exactly what a set-up will do, with every check that can be made before. Nothing is changed.
pub async fn preview(
    services: &Services,
    caller: &Caller,
    request: SetupRequest,
) -> Result<SetupPreview, ServiceError> {
    look(services, caller, request, "records.setup.preview")
        .await
        .map(|(preview, _)| preview)
}

/// The preview, and the capture as it will be; its id is empty when it is new.
pub(super) async fn look(
    services: &Services,
    caller: &Caller,
    request: SetupRequest,
    action: &str,
) -> Result<(SetupPreview, Capture), ServiceError> {
    // Who may not know of the table learns nothing of the rules either.
    found::table(services, caller, &request.table, action).await?;
    let request = check::fields(request)?;
    let found = found::find(services, caller, &request, action).await?;
    check::against(&request, &found)?;
    let place = Place::of(&found.capture);
    let bucket_policy = if request.deny_version_deletion {
        let before = found.bucket.as_ref().and_then(|b| b.policy.as_deref());
        merged(before, &keep_versions(&place, &request.break_glass_role))?
    } else {
        None
    };
    let (changes, wanted) = changes(&request, &found, bucket_policy.is_some());
    let policy = policy::setup(&found.capture, &wanted);
    let fitted = policy.fit()?;
    let mut checks = calls::check(services, &found.target, &[&policy]).await;
    checks.extend(fitted.check());
    let session_policy = fitted.text;
    let mut preview = SetupPreview {
        summary: summary(&request, &found),
        account: found.account.clone(),
        region: found.region.clone(),
        changes,
        checks: Vec::new(),
        items: None,
        bytes: None,
        bucket_policy,
        session_policy,
        digest: String::new(),
        request,
    };
    preview.digest = digest_of(&preview)?;
    preview.checks = checks;
    preview.items = found.table.item_count;
    preview.bytes = found.table.size_bytes;
    Ok((preview, found.capture))
}

/// Over everything that will be done; what may change by the minute is not in it yet.
fn digest_of(preview: &SetupPreview) -> Result<String, ServiceError> {
    let text = serde_json::to_vec(preview).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    Ok(hex::encode(Sha256::digest(text)))
}

fn summary(request: &SetupRequest, found: &Found) -> String {
    format!(
        "Every change of table {} in account {}, {}, is kept in bucket {} from now on, after a copy of all that it holds.",
        found.table.name, found.account, found.region, request.bucket
    )
}

/// What is so already and what will be done, and the calls that it takes.
fn changes(
    request: &SetupRequest,
    found: &Found,
    puts_policy: bool,
) -> (Vec<SetupChange>, Vec<Call>) {
    let mut list = List::default();
    match found.stream_view() {
        Some(view) if view.has_new_image() => {
            list.already("Stream", format!("It is on, with {}.", view.as_str()));
        }
        Some(view) => list.change(
            "Stream",
            format!(
                "{} is switched off and NEW_AND_OLD_IMAGES on: the stream gets a new ARN.",
                view.as_str()
            ),
            Call::UpdateTable,
        ),
        None => list.change(
            "Stream",
            "It is switched on, with NEW_AND_OLD_IMAGES.".to_owned(),
            Call::UpdateTable,
        ),
    }
    bucket(request, found, &mut list);
    if !request.deny_version_deletion {
        list.left(
            "Bucket policy",
            "It stays as it is: who may delete versions may delete the backup.",
        );
    } else if puts_policy {
        let but = if request.break_glass_role.is_empty() {
            "nobody".to_owned()
        } else {
            format!("nobody but {}", request.break_glass_role)
        };
        list.change(
            "Bucket policy",
            format!(
                "One statement is added: {but} may delete versions of this backup. All others stay."
            ),
            Call::PutBucketPolicy,
        );
    } else {
        list.already(
            "Bucket policy",
            "It keeps versions from being deleted.".to_owned(),
        );
    }
    match (found.capture.id.is_empty(), request.mode) {
        (false, _) => list.already(
            "Capture",
            "The console knows this backup and goes on with it.".to_owned(),
        ),
        (true, CaptureMode::Function) => list.plain(
            "Capture",
            "The index is written; the Lambda function of the template reads the stream.",
        ),
        (true, _) => list.plain("Capture", "The console's workers begin to read the stream."),
    }
    if found
        .index
        .as_ref()
        .is_some_and(|index| index.complete_from().is_some())
    {
        list.already(
            "First copy",
            "The backup has one without a gap after it.".to_owned(),
        );
    } else {
        list.plain(
            "First copy",
            "Every record is read once and stored, under what the stream tells.",
        );
    }
    list.plain(
        "Proof",
        "Table and backup are compared, record for record where they differ.",
    );
    (list.changes, list.calls)
}

fn bucket(request: &SetupRequest, found: &Found, list: &mut List) {
    let facts = found.bucket.as_ref();
    match facts {
        Some(_) => list.already("Bucket", format!("{} is there.", request.bucket)),
        None => list.change(
            "Bucket",
            format!("{} is made in {}.", request.bucket, found.region),
            Call::CreateBucket,
        ),
    }
    if let (None, Some(days)) = (facts, request.lock_days) {
        list.change(
            "Object lock",
            format!("Each version is locked for {days} days, in governance mode."),
            Call::PutObjectLockConfiguration,
        );
    }
    if facts.is_some_and(|f| f.versioning == Versioning::Enabled) {
        list.already("Versions", "The bucket keeps them.".to_owned());
    } else {
        list.change(
            "Versions",
            "The bucket begins to keep them.".to_owned(),
            Call::PutBucketVersioning,
        );
    }
    let encryption = facts.and_then(|f| f.encryption.as_deref());
    match (encryption, request.encryption || facts.is_none()) {
        (Some(kind), _) => list.already(
            "Encryption",
            format!("The bucket encrypts by default, with {kind}."),
        ),
        (None, true) => list.change(
            "Encryption",
            "The bucket encrypts by default, with S3's own keys.".to_owned(),
            Call::PutBucketEncryption,
        ),
        (None, false) => list.left(
            "Encryption",
            "The bucket does not say how it encrypts, and stays so.",
        ),
    }
    let blocks = facts.is_some_and(|f| f.blocks_public_access);
    match (blocks, request.block_public_access || facts.is_none()) {
        (true, _) => list.already("Public access", "All of it is blocked.".to_owned()),
        (false, true) => list.change(
            "Public access",
            "All of it is blocked.".to_owned(),
            Call::PutPublicAccessBlock,
        ),
        (false, false) => list.left(
            "Public access",
            "Not all of it is blocked, and it stays so.",
        ),
    }
}

#[derive(Default)]
struct List {
    changes: Vec<SetupChange>,
    calls: Vec<Call>,
}

impl List {
    fn add(&mut self, name: &str, kind: SetupChangeKind, detail: String) {
        self.changes.push(SetupChange {
            name: name.to_owned(),
            kind,
            detail,
        });
    }

    fn already(&mut self, name: &str, detail: String) {
        self.add(name, SetupChangeKind::Already, detail);
    }

    fn left(&mut self, name: &str, detail: &str) {
        self.add(name, SetupChangeKind::Left, detail.to_owned());
    }

    /// A change that takes no call beyond those of a capture.
    fn plain(&mut self, name: &str, detail: &str) {
        self.add(name, SetupChangeKind::Change, detail.to_owned());
    }

    fn change(&mut self, name: &str, detail: String, call: Call) {
        self.add(name, SetupChangeKind::Change, detail);
        self.calls.push(call);
    }
}
