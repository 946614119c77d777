use sha2::{Digest as _, Sha256};
use tidemark_domain::{
    Check, Privilege,
    buckets::{
        BucketSettings, CopyCounts, CopyNote, CopyPlan, CopyRequest, Existing, Fate, Known,
        ListedObject, Versioning,
    },
};

use super::{
    super::place::reading,
    beside::{source_page, there},
    policy::{copy_policy, source_statements},
};
use crate::{
    Caller, ServiceError, Services, authorize, calls,
    ports::{CloudError, CloudErrorKind, Target},
};

/// Objects that are counted before a copy is shown; the run counts the rest as it goes.
const COUNTED: u64 = 100_000;
/// Objects that a plan names one by one.
const NAMED: usize = 20;

/// Exactly what a copy would do. Nothing is changed.
pub async fn plan_copy(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
) -> Result<CopyPlan, ServiceError> {
    make(services, caller, request, "bucket.copy.plan").await
}

pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    request: CopyRequest,
    action: &str,
) -> Result<CopyPlan, ServiceError> {
    let subject = request.to.arn();
    authorize(services, caller, Privilege::ManageBuckets, action, &subject).await?;
    request.check()?;
    let (to, _) = reading(services, &request.to).await?;
    let from = Target {
        region: request.from.region.clone(),
        ..to.clone()
    };
    let settings = services.buckets.settings(&to, &request.to.bucket).await?;
    // By the role of the destination, as the copy itself will be made.
    let source = services.buckets.settings(&from, &request.from.bucket).await;
    let locked = match &source {
        Ok(source) => matches!(source.lock, Known::Is(Some(_))),
        Err(_) => false,
    };
    let keeps_locks = locked && matches!(settings.lock, Known::Is(Some(_)));
    let mut checks = Vec::new();
    let mut hash = Sha256::new();
    let walked = match source_page(services.buckets.as_ref(), &from, &request, None).await {
        Ok(first) => {
            checks.push(Check::pass(
                READABLE,
                format!("{} may list the source.", to.connection.role.as_str()),
            ));
            Some(walk(services, &from, &to, &request, first, &mut hash).await?)
        }
        Err(error) if error.kind == CloudErrorKind::Denied => {
            checks.push(unreadable(&request, &to, &error));
            None
        }
        Err(error) => return Err(error.into()),
    };
    checks.extend(about_settings(&request, source.as_ref(), &settings, locked));
    let policy = copy_policy(&request, keeps_locks);
    policy.fit()?;
    checks.extend(calls::check(services, &to, &[&policy]).await);
    let (counts, complete, notes) = walked.unwrap_or_default();
    let head = (&request, &counts, complete, keeps_locks);
    let text = serde_json::to_vec(&head).map_err(|e| ServiceError::Internal(Box::new(e)))?;
    hash.update(text);
    Ok(CopyPlan {
        request,
        counts,
        complete,
        notes,
        keeps_locks,
        checks,
        digest: hex::encode(hash.finalize()),
    })
}

const READABLE: &str = "The source can be read";

fn unreadable(request: &CopyRequest, to: &Target, error: &CloudError) -> Check {
    let role = &to.connection.role;
    Check::fail(
        READABLE,
        format!("{} may not list the source. {error}", role.as_str()),
        format!(
            "Allow it for the role; where the source is another account's, its bucket policy needs besides: {}",
            source_statements(request, role)
        ),
    )
}

fn about_settings(
    request: &CopyRequest,
    source: Result<&BucketSettings, &CloudError>,
    there: &BucketSettings,
    locked: bool,
) -> Vec<Check> {
    let mut checks = Vec::new();
    match (locked, &there.lock) {
        (true, Known::Is(Some(_))) => checks.push(Check::pass(
            "Locks are kept",
            "Both buckets have object lock: retention and legal holds are set on the copies as well.",
        )),
        (true, _) => checks.push(Check::warn(
            "Locks are kept",
            "The source has object lock, the destination has none: the copies are not locked.",
            "Switch object lock on for the destination before, if the copies must be locked.",
        )),
        (false, _) => {
            let unknown = match source {
                Ok(source) => match &source.lock {
                    Known::Unknown(why) => Some(why.clone()),
                    Known::Is(_) => None,
                },
                Err(error) => Some(error.to_string()),
            };
            if let Some(why) = unknown {
                checks.push(Check::unknown(
                    "Locks are kept",
                    format!("Whether the source has object lock could not be read, so none is set on the copies. {why}"),
                    "Allow it for the role where the copies must be locked as their sources are.",
                ));
            }
        }
    }
    if request.existing == Existing::Replace && there.versioning != Known::Is(Versioning::Enabled) {
        checks.push(Check::warn(
            "What is replaced can be had back",
            "The destination does not keep versions: what is replaced there is lost.",
            "Switch versioning on for the destination before.",
        ));
    }
    checks
}

type Walked = (CopyCounts, bool, Vec<CopyNote>);

/// Counts what is to be done, page by page, and takes each object into the digest.
async fn walk(
    services: &Services,
    from: &Target,
    to: &Target,
    request: &CopyRequest,
    first: Vec<ListedObject>,
    hash: &mut Sha256,
) -> Result<Walked, ServiceError> {
    let buckets = services.buckets.as_ref();
    let mut counts = CopyCounts::default();
    let mut notes = Vec::new();
    let mut after: Option<String> = None;
    let mut page = first;
    while let Some(last) = page.last().map(|object| object.key.clone()) {
        let there = there(buckets, to, request, after.as_deref(), &page).await?;
        for source in &page {
            let target = request.target(&source.key);
            let found = target.as_ref().and_then(|key| there.get(key));
            count(
                &mut counts,
                &mut notes,
                source,
                target.as_ref(),
                found,
                hash,
            );
        }
        if counts.objects >= COUNTED {
            let more = source_page(buckets, from, request, Some(&last)).await?;
            return Ok((counts, more.is_empty(), notes));
        }
        page = source_page(buckets, from, request, Some(&last)).await?;
        after = Some(last);
    }
    Ok((counts, true, notes))
}

fn count(
    counts: &mut CopyCounts,
    notes: &mut Vec<CopyNote>,
    source: &ListedObject,
    target: Option<&String>,
    found: Option<&ListedObject>,
    hash: &mut Sha256,
) {
    counts.objects += 1;
    counts.bytes = counts.bytes.saturating_add(source.size);
    if source.size > CopyRequest::WHOLE {
        counts.large += 1;
    }
    hash.update(source.key.as_bytes());
    hash.update(source.etag.as_bytes());
    hash.update(found.map_or("", |found| &found.etag).as_bytes());
    let fate = Fate::of(source, found);
    let why = match (target, fate) {
        (None, _) => {
            counts.left += 1;
            Some("its key would be longer than S3 takes".to_owned())
        }
        (_, Fate::Copy) => {
            counts.missing += 1;
            counts.missing_bytes = counts.missing_bytes.saturating_add(source.size);
            None
        }
        (_, Fate::There) => {
            counts.there += 1;
            None
        }
        (_, Fate::Differs) => {
            counts.differ += 1;
            let there = found.map_or(0, |found| found.size);
            Some(format!(
                "another object is there: {there} bytes instead of {}",
                source.size
            ))
        }
        (_, Fate::Unclear) => {
            counts.unclear += 1;
            Some("an object of the same size and another ETag is there".to_owned())
        }
        (_, Fate::Archived) => {
            counts.left += 1;
            Some(format!(
                "it is in {} and must be restored first",
                source.class
            ))
        }
    };
    if let Some(why) = why.filter(|_| notes.len() < NAMED) {
        notes.push(CopyNote {
            key: source.key.clone(),
            why,
        });
    }
}
