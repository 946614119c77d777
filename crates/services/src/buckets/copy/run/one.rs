use jiff::Timestamp;
use tidemark_domain::buckets::{Existing, Fate, ListedObject};

use super::CopyParams;
use crate::ports::{
    Buckets, CloudError, CloudErrorKind, ObjectCopy, ObjectHead, ObjectLocked, Target,
};

/// What became of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fared {
    /// It was copied, and compared so.
    Copied(Proof),
    /// The same was there.
    There,
    /// Another is there, and stays.
    Differs(String),
    /// It cannot be copied as it is.
    Left(String),
    /// It failed; another try may do.
    Failed(String),
    /// S3 wants fewer requests, or does not answer: it is asked for again.
    Later(CloudError),
}

/// How a copy was compared with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// By the `ETag`: an MD5 digest, or one over the same parts.
    ETag,
    /// By a checksum that S3 keeps of both.
    Checksum,
    /// By size alone, since S3 has no checksum of both.
    Size,
}

/// One object at the source with what is at its destination.
pub(super) struct One<'a> {
    pub(super) buckets: &'a dyn Buckets,
    pub(super) from: &'a Target,
    pub(super) to: &'a Target,
    pub(super) params: &'a CopyParams,
    /// When the run began to copy: what is newer may be its own.
    pub(super) began: Timestamp,
}

impl One<'_> {
    /// Copies an object, unless the same is there.
    pub(super) async fn copy(&self, source: &ListedObject, there: Option<&ListedObject>) -> Fared {
        let Some(key) = self.params.request.target(&source.key) else {
            return Fared::Left("its key would be longer than S3 takes".to_owned());
        };
        match self.try_copy(source, &key, there).await {
            Ok(fared) => fared,
            Err(error) => judge(error),
        }
    }

    async fn try_copy(
        &self,
        source: &ListedObject,
        key: &str,
        there: Option<&ListedObject>,
    ) -> Result<Fared, CloudError> {
        let replaces = match (Fate::of(source, there), there) {
            (Fate::Archived, _) => {
                let why = format!("it is in {} and must be restored first", source.class);
                return Ok(Fared::Left(why));
            }
            (Fate::There, Some(there)) => return Ok(self.was_there(there, Proof::ETag)),
            (Fate::Copy | Fate::There, _) | (_, None) => None,
            (Fate::Unclear, Some(there)) => {
                if let Some(fared) = self.compared(source, key, there).await? {
                    return Ok(fared);
                }
                Some(there)
            }
            (Fate::Differs, Some(there)) => Some(there),
        };
        if let Some(there) = replaces
            && let Some(why) = self.stays(there)
        {
            return Ok(Fared::Differs(why));
        }
        let copy = ObjectCopy {
            from: (self.params.request.from.bucket.clone(), source.key.clone()),
            to: (self.params.request.to.bucket.clone(), key.to_owned()),
            size: source.size,
            etag: source.etag.clone(),
            class: source.class.clone(),
            replaces: replaces.map(|there| there.etag.clone()),
            lock: self.lock(source).await?,
        };
        let copied = self.buckets.copy(self.from, self.to, &copy).await?;
        if copied.etag == source.etag {
            return Ok(Fared::Copied(Proof::ETag));
        }
        self.proved(source, key).await
    }

    /// The same was there: before this run, or by its own hand in a call whose answer was lost.
    fn was_there(&self, there: &ListedObject, proof: Proof) -> Fared {
        if there.modified.as_second() >= self.began.as_second() {
            Fared::Copied(proof)
        } else {
            Fared::There
        }
    }

    /// Why what is there is not replaced; none where it is.
    fn stays(&self, there: &ListedObject) -> Option<String> {
        match self.params.request.existing {
            Existing::Skip => Some("another object is there".to_owned()),
            // Times of S3 are whole seconds.
            Existing::Replace
                if there.modified.as_second() > self.params.planned_at.as_second() =>
            {
                Some("another object has come there since the plan was shown".to_owned())
            }
            Existing::Replace => None,
        }
    }

    async fn lock(&self, source: &ListedObject) -> Result<ObjectLocked, CloudError> {
        if !self.params.keeps_locks {
            return Ok(ObjectLocked::default());
        }
        let head = self.head_of_source(&source.key).await?;
        Ok(head.lock)
    }

    async fn head_of_source(&self, key: &str) -> Result<ObjectHead, CloudError> {
        let bucket = &self.params.request.from.bucket;
        self.buckets
            .head(self.from, bucket, key)
            .await?
            .ok_or_else(|| gone(key))
    }

    async fn heads(
        &self,
        source: &ListedObject,
        key: &str,
    ) -> Result<(ObjectHead, Option<ObjectHead>), CloudError> {
        let bucket = &self.params.request.to.bucket;
        let source = self.head_of_source(&source.key).await?;
        Ok((source, self.buckets.head(self.to, bucket, key).await?))
    }

    /// Whether what is there is the same under another `ETag`; none where it is another object.
    async fn compared(
        &self,
        source: &ListedObject,
        key: &str,
        there: &ListedObject,
    ) -> Result<Option<Fared>, CloudError> {
        let (source, Some(copy)) = self.heads(source, key).await? else {
            return Ok(None);
        };
        Ok(match same(&source, &copy) {
            Some(true) => Some(self.was_there(there, Proof::Checksum)),
            Some(false) => None,
            // Nothing tells them apart; what is newer than the run is the run's own.
            None if there.modified.as_second() >= self.began.as_second() => {
                Some(Fared::Copied(Proof::Size))
            }
            None => Some(Fared::Differs(
                "an object of the same size is there, and S3 has no checksum of both to tell whether it is the same"
                    .to_owned(),
            )),
        })
    }

    /// Compares a copy that has another `ETag` than its source.
    async fn proved(&self, source: &ListedObject, key: &str) -> Result<Fared, CloudError> {
        let (source, Some(copy)) = self.heads(source, key).await? else {
            return Ok(Fared::Failed(
                "it was copied, and is not there any more".to_owned(),
            ));
        };
        Ok(match same(&source, &copy) {
            Some(true) => Fared::Copied(Proof::Checksum),
            None if source.size == copy.size => Fared::Copied(Proof::Size),
            _ => Fared::Failed("it was copied, and the copy is not the same".to_owned()),
        })
    }
}

/// Whether two objects have the same content; none where nothing tells.
fn same(one: &ObjectHead, other: &ObjectHead) -> Option<bool> {
    if one.size != other.size {
        return Some(false);
    }
    if one.etag == other.etag {
        return Some(true);
    }
    let mut common = one
        .checksums
        .iter()
        .filter_map(|(name, value)| Some((value, other.checksums.get(name)?)))
        .peekable();
    if common.peek().is_some() {
        return Some(common.all(|(mine, theirs)| mine == theirs));
    }
    // Without a key of KMS and in one part, the ETag is the MD5 digest.
    let digest = |head: &ObjectHead| !head.kms && !head.etag.contains('-');
    (digest(one) && digest(other)).then_some(false)
}

fn gone(key: &str) -> CloudError {
    let mut error = CloudError::local(
        CloudErrorKind::NotFound,
        crate::calls::Call::HeadObject,
        format!("{key} is not there any more"),
    );
    error.code = Some("NoSuchKey".to_owned());
    error
}

/// What a failed call means for an object.
fn judge(error: CloudError) -> Fared {
    match error.kind {
        CloudErrorKind::Throttled
        | CloudErrorKind::Unavailable
        | CloudErrorKind::Timeout
        | CloudErrorKind::Unexpected => Fared::Later(error),
        _ if error.code.as_deref() == Some("PreconditionFailed") || error.status == Some(412) => {
            Fared::Differs(
                "source or destination has changed while it was copied; nothing was replaced"
                    .to_owned(),
            )
        }
        // Somebody else writes the same key at this moment.
        CloudErrorKind::Conflict => Fared::Later(error),
        CloudErrorKind::NotFound if error.code.as_deref() != Some("NoSuchBucket") => {
            Fared::Left("it was deleted meanwhile".to_owned())
        }
        _ => Fared::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(etag: &str, checksums: &[(&str, &str)]) -> ObjectHead {
        ObjectHead {
            size: 3,
            etag: etag.to_owned(),
            checksums: checksums
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..ObjectHead::default()
        }
    }

    #[test]
    fn what_is_the_same_is_told_by_a_checksum_of_both() {
        let crc = [("CRC64NVME", "aa==")];
        let plain = head("abc", &[]);
        assert_eq!(same(&plain, &head("abc", &[])), Some(true));
        assert_eq!(same(&plain, &head("def", &[])), Some(false));
        assert_eq!(same(&plain, &head("def-2", &[])), None);
        assert_eq!(same(&head("a", &crc), &head("b-2", &crc)), Some(true));
        let other = [("CRC64NVME", "bb==")];
        assert_eq!(same(&head("a", &crc), &head("b-2", &other)), Some(false));
        let over_parts = [("CRC64NVME (parts)", "aa==")];
        assert_eq!(same(&head("a", &crc), &head("b-2", &over_parts)), None);
        let under_kms = ObjectHead {
            kms: true,
            ..head("def", &[])
        };
        assert_eq!(same(&plain, &under_kms), None);
    }
}
